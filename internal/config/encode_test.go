package config

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/internal/nm"
	"satsim/internal/quantity"
)

func TestEncode(t *testing.T) {
	c := twoLayers()
	c.Title, c.Sizes, c.Clock = "yes: no", []int{1, 2}, 200_000_000
	const want = `kind: chip
rows: 4
small: 0
count: 0
ratio: 0
coarse: 0
on: false
title: 'yes: no'
clock: 200MHz
sparse: 1:1
memory:
  channels: 2
  rate: 1kB/s
extra: null
limit: null
sizes: [1, 2]
layers:
  - name: conv1
    kernel: [3, 3]
  - name: conv2
    body:
      - name: in.ner
lanes: 0
`
	got, err := Encode("chip", &c)
	if err != nil || string(got) != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, got, want)
	}
	body, err := Marshal(c)
	if err != nil || "kind: chip\n"+string(body) != want {
		t.Errorf("got %v\n%s", err, body)
	}
}

func TestMarshalJSON(t *testing.T) {
	c := twoLayers()
	c.Title, c.Ratio, c.Extra = "a \"b\"\n", 1e21, &memory{1, 19_200_000_000}
	const want = `{"rows":4,"small":0,"count":0,"ratio":1e+21,"coarse":0,"on":false,"title":"a \"b\"\n","clock":"100MHz",` +
		`"sparse":"1:1","memory":{"channels":2,"rate":"1kB/s"},"extra":{"channels":1,"rate":"19.2GB/s"},"limit":null,"sizes":[],` +
		`"layers":[{"name":"conv1","kernel":[3,3]},{"name":"conv2","body":[{"name":"in.ner"}]}],"lanes":0}`
	got, err := MarshalJSON(c)
	if err != nil || string(got) != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, got, want)
	}
}

func TestMarshalErrors(t *testing.T) {
	bad := twoLayers()
	bad.Ratio = math.NaN()
	latin := twoLayers()
	latin.Layers[1].Body[0].Name = "caf\xe9"
	for _, tt := range []struct {
		v    any
		want string
	}{
		{bad, "config: printing ratio: NaN is no finite number"},
		{latin, `config: printing layers[1].body[0].name: "caf\xe9" is not UTF-8`},
		{3, "config: int is no struct"},
		{nil, "config: <nil> is no struct"},
		{(*chip)(nil), "config: *config.chip is no struct"},
	} {
		if _, err := Marshal(tt.v); err == nil || err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
		if _, err := MarshalJSON(tt.v); err == nil || err.Error() != tt.want {
			t.Errorf("JSON: got %v, want %s", err, tt.want)
		}
	}
}

// What is printed, as YAML or as JSON, decodes to the same model, whatever the defaults are.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genChip().Draw(t, "model")
		text, err := Encode("chip", want)
		if err != nil {
			t.Fatal(err)
		}
		got := genChip().Draw(t, "defaults")
		if err := Decode(Source{Data: text}, "chip", &got); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v from\n%s", got, want, text)
		}
		text, err = MarshalJSON(want)
		if err != nil || !json.Valid(text) {
			t.Fatalf("%v: %s", err, text)
		}
		if bytes.ContainsAny(text, "\u0085\x7f") {
			return // text in JSON, but a line break or no text in YAML
		}
		got = defaults()
		if err := Decode(Source{Data: append([]byte(`{"kind": "chip", `), text[1:]...)}, "chip", &got); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v from\n%s", got, want, text)
		}
	})
}

func genChip() *rapid.Generator[chip] {
	return rapid.Custom(func(t *rapid.T) chip {
		c := chip{
			Rows: rapid.IntRange(-5, 90).Draw(t, "rows"), Small: rapid.Int8().Draw(t, "small"),
			Count: rapid.Uint16().Draw(t, "count"), Ratio: rapid.Float64().Draw(t, "ratio"), Coarse: rapid.Float32().Draw(t, "coarse"),
			On: rapid.Bool().Draw(t, "on"), Title: genText().Draw(t, "title"),
			Clock:  quantity.Frequency(rapid.Int64Min(0).Draw(t, "clock")),
			Sparse: rapid.SampledFrom([]nm.Ratio{{N: 1, M: 1}, {N: 2, M: 8}}).Draw(t, "sparse"),
			Memory: genMemory().Draw(t, "memory"), Shared: shared{rapid.Int().Draw(t, "lanes")},
			Limit:  rapid.Ptr(rapid.Int64(), true).Draw(t, "limit"),
			Extra:  rapid.Ptr(genMemory(), true).Draw(t, "extra"),
			Sizes:  emptyIsNil(rapid.SliceOfN(rapid.Int(), 0, 3).Draw(t, "sizes")),
			Layers: genLayers(2).Draw(t, "layers"),
		}
		return c
	})
}

func genMemory() *rapid.Generator[memory] {
	return rapid.Custom(func(t *rapid.T) memory {
		return memory{rapid.IntRange(1, 12).Draw(t, "channels"), quantity.Bandwidth(rapid.Int64Min(2).Draw(t, "rate"))}
	})
}

func genLayers(depth int) *rapid.Generator[[]layer] {
	return rapid.Custom(func(t *rapid.T) []layer {
		ls := make([]layer, rapid.IntRange(0, depth).Draw(t, "n"))
		for i := range ls {
			ls[i] = layer{
				Name: genText().Draw(t, "name"), Bias: rapid.Ptr(rapid.Bool(), true).Draw(t, "bias"),
				Kernel: emptyIsNil(dims(rapid.SliceOfN(rapid.Int(), 0, 2).Draw(t, "kernel"))),
				Body:   genLayers(depth-1).Draw(t, "body"),
			}
		}
		return emptyIsNil(ls)
	})
}

// emptyIsNil is how an empty list decodes.
func emptyIsNil[S ~[]E, E any](s S) S {
	if len(s) == 0 {
		return nil
	}
	return s
}

// genText makes texts of printable characters, among them those that YAML takes for something else.
func genText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("ab1 :#-?&*!|>'\"%@`,[]{}~.=<\n\t\r\\\u00e9\u2028\u0085\x00\x1b\x7f\U0001f600")), 0, 12, -1),
		rapid.SampledFrom([]string{"", strings.Repeat("long text ", 30), " " + strings.Repeat("long: text ", 30), "null", "~", "true", "yes", "<<", "0x10", "1e3", "2020-01-01", "---", "...", "- a", "? ", ".inf", "1_000"}),
	)
}
