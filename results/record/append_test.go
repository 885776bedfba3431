package record

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// fill gives everything below v random values: every field that is written has its turn.
func fill(t *rapid.T, v reflect.Value) {
	if c, ok := v.Addr().Interface().(*Count); ok { // names of counts are ours
		*c = Count{rapid.StringMatching("[a-z0-9_]+").Draw(t, "name"), rapid.Int64().Draw(t, "count")}
		return
	}
	if text, ok := v.Addr().Interface().(*json.RawMessage); ok {
		*text = json.RawMessage(rapid.SampledFrom([]string{"null", `{"runs":null,"a":[1,{"runs":null}],"b":{}}`, `"<x>"`, "[]"}).Draw(t, "raw"))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "there") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem())
		}
	case reflect.Slice:
		n := rapid.SampledFrom([]int{-1, 0, 1, 2}).Draw(t, "length")
		if n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
		}
		for i := range max(n, 0) {
			fill(t, v.Index(i))
		}
	case reflect.String:
		v.SetString(rapid.OneOf(rapid.StringMatching("[a-z0-9 .:_-]*"), rapid.String()).Draw(t, "text"))
	case reflect.Float64:
		tens := math.Pow(10, float64(rapid.IntRange(-300, 300).Draw(t, "tens")))
		v.SetFloat(rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(-1, 1), rapid.Map(rapid.Float64Range(-9, 9), func(f float64) float64 { return f * tens })).Draw(t, "real"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	default:
		v.SetInt(rapid.Int64Range(math.MinInt32, math.MaxInt32).Draw(t, "whole"))
	}
}

// What is written without reflection is what encoding/json writes, of any run.
func TestAppendedIsWhatEncodingJSONWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r Run
		fill(t, reflect.ValueOf(&r).Elem())
		want, err := json.Marshal(&r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.AppendJSON([]byte("before "))
		if err != nil || string(got) != "before "+string(want) {
			t.Fatalf("%v\n%s\nwant\n%s", err, got, want)
		}
	})
}

// A record that is written run by run is what encoding/json writes of it as a whole.
func TestWrittenIsWhatEncodingJSONWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r Record
		fill(t, reflect.ValueOf(&r).Elem())
		var got, want strings.Builder
		e := json.NewEncoder(&want)
		e.SetIndent("", "  ")
		if err := e.Encode(&r); err != nil {
			t.Fatal(err)
		}
		if err := r.Write(&got); err != nil || got.String() != want.String() {
			t.Fatalf("%v\n%s\nwant\n%s", err, got.String(), want.String())
		}
	})
}

// What no JSON holds is refused, as encoding/json refuses it.
func TestAppendRefusesWhatIsNoNumber(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		r := Run{Layers: []Layer{{Figures: Figures{TimeS: v}}}}
		if _, err := r.AppendJSON(nil); err == nil || !strings.Contains(err.Error(), "time_s") {
			t.Errorf("%v: %v", v, err)
		}
	}
}
