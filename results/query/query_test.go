package query

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/results/record"
	"satsim/results/store"
)

// points are a baseline, a point that is compared with it, and one that failed.
func points() []store.Point {
	arch := `{"name":"mine","clock":"200MHz","stce":{"rows":32,"link":"a"},"dataflow":{"omit":["loss","relu"]},"board":{"name":"b","memory":{"capacity":"16GiB"}}}`
	base := store.Point{
		Arch: json.RawMessage(arch), Network: json.RawMessage(`{"name":"net","samples":7,"params":[{"name":"batch","value":"64"},{"name":"image","value":32}],"layers":[{"name":"x"}]}`),
		Recipe: json.RawMessage(`{"name":"dense","optimiser":"momentum","weight_decay":0.5}`), Batch: 64, Parameters: 11,
		Run: &record.Run{
			Recipe: "dense", Sparsity: "1:1", Total: record.Figures{Cycles: 300, TimeS: 1.5}, ImagesPS: 42.5,
			Stages: []record.Stage{{Stage: "FF", Figures: record.Figures{Cycles: 100}}, {Stage: "BP", Figures: record.Figures{Cycles: 200}}},
		},
	}
	other := base
	other.Recipe, other.Baseline = json.RawMessage(`{"name":"bdwp","sparsity":"2:8"}`), base.Key()
	other.Run = &record.Run{
		Recipe: "bdwp", Sparsity: "2:8", Total: record.Figures{Cycles: 120, TimeS: 0.6},
		Stages: []record.Stage{{Stage: "FF", Figures: record.Figures{Cycles: 40}}, {Stage: "BP", Figures: record.Figures{Cycles: 80}}},
	}
	bad := other
	bad.Recipe, bad.Run, bad.Error = json.RawMessage(`{"name":"bdwp","sparsity":"4:16"}`), nil, "does not fit"
	return []store.Point{base, other, bad}
}

func rows(t *testing.T) []NamedPoint {
	t.Helper()
	out, err := NamePoints(points())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNames(t *testing.T) {
	rs := rows(t)
	for _, c := range []struct {
		name string
		want [3]any // NaN is written nil
	}{
		{"arch", [3]any{"mine", "mine", "mine"}},
		{"network", [3]any{"net", "net", "net"}},
		{"recipe", [3]any{"dense", "bdwp", "bdwp"}},
		{"baseline", [3]any{"dense", "dense", "dense"}},
		{"sparsity", [3]any{"1:1", "2:8", "4:16"}},
		{"n", [3]any{1, 2, 4}},
		{"m", [3]any{1, 8, 16}},
		{"batch", [3]any{64, 64, 64}},
		{"stce.rows", [3]any{32, 32, 32}},
		{"stce.link", [3]any{"a", "a", "a"}},
		{"clock", [3]any{200000000, 200000000, 200000000}},
		{"board.memory.capacity", [3]any{16 << 30, 16 << 30, 16 << 30}},
		{"network.image", [3]any{32, 32, 32}},
		{"network.batch", [3]any{64, 64, 64}},
		{"recipe.optimiser", [3]any{"momentum", nil, nil}},
		{"recipe.weight_decay", [3]any{0.5, nil, nil}},
		{"parameters", [3]any{11, 11, 11}},
		{"error", [3]any{"", "", "does not fit"}},
		{"cycles", [3]any{300, 120, nil}},
		{"time_s", [3]any{1.5, 0.6, nil}},
		{"ff.cycles", [3]any{100, 40, nil}},
		{"images_per_s", [3]any{42.5, 0.0, nil}},
		{"speedup", [3]any{1.0, 2.5, nil}},
		{"bp.speedup", [3]any{1.0, 2.5, nil}},
	} {
		for i, want := range c.want {
			got := rs[i].Values[c.name]
			if f, ok := got.(float64); ok && math.IsNaN(f) {
				got = nil
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s of row %d is %v (%T), want %v", c.name, i, got, got, want)
			}
		}
	}
	for _, gone := range []string{"total.cycles", "note", "name", "layers"} {
		if _, ok := rs[0].Values[gone]; ok {
			t.Errorf("%s is a name", gone)
		}
	}
}

func TestExpressions(t *testing.T) {
	rs := rows(t)
	for _, c := range []struct {
		source string
		want   []int // rows for which it holds
	}{
		{`cycles < 200`, []int{1}},
		{`not (cycles < 200)`, []int{0, 2}},
		{`speedup >= 1`, []int{0, 1}},
		{`network == "net" and network.image == 32 and recipe == "bdwp"`, []int{1, 2}},
		{`stce.rows * 2 == 64 and stce.rows % 5 == 2`, []int{0, 1, 2}},
		{`n / m == 0.25`, []int{1, 2}},
		{`clock == q("0.2GHz") and board.memory.capacity > q("15 GiB")`, []int{0, 1, 2}},
		{`"loss" in dataflow.omit`, []int{0, 1, 2}},
		{`error != ""`, []int{2}},
		{`recipe.optimiser == "momentum"`, []int{0}},
		{`sparsity in ["1:1", "4:16"]`, []int{0, 2}},
		{`let x = n + m; x == 10`, []int{1}},
		{`bp.cycles > 2 * ff.cycles - 1`, []int{0, 1}},
	} {
		got, err := Filter(rs, []string{c.source}, nil)
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
			continue
		}
		var want []string
		for _, i := range c.want {
			want = append(want, rs[i].Key)
		}
		var keys []string
		for _, r := range got {
			keys = append(keys, r.Key)
		}
		if !slices.Equal(keys, want) {
			t.Errorf("%s: %d rows, want %v", c.source, len(got), c.want)
		}
	}
}

func TestBadExpressionsSayWhatIsWrong(t *testing.T) {
	rs := rows(t)
	for _, c := range []struct{ source, says string }{
		{`stce.rosw > 3`, "nothing is named stce.rosw; nearest: stce.rows"},
		{`speedupp > 3`, "nearest: speedup"},
		{`cycles >`, "column"},
		{`cycles + 1`, "no condition"},
		{`clock == q("200")`, "is no quantity"},
		{`clock == q(3)`, "one text"},
		{`recipe > 3`, "expression"},
	} {
		if _, err := Filter(rs, []string{c.source}, nil); err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q in one line", c.source, err, c.says)
		}
	}
}

func TestColumnsAndText(t *testing.T) {
	cols, err := Columns(rows(t), `network, max(n, m), clock, cycles / 7, time_s`, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range cols {
		got = append(got, cols[i].Text(1, 4))
	}
	if want := []string{"net", "8", "200MHz", "17.14", "0.6"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if s := cols[3].Text(2, 4); s != "" {
		t.Errorf("a missing figure prints as %q", s)
	}
}

func TestSort(t *testing.T) {
	rs := rows(t)
	for _, c := range []struct {
		keys string
		want []int
	}{
		{"cycles", []int{1, 0, 2}},
		{"cycles:desc", []int{0, 1, 2}},
		{"m:desc", []int{2, 1, 0}},
		{"recipe, m:desc", []int{2, 1, 0}},
		{"batch", []int{0, 1, 2}},
		{`(recipe == "dense" ? 1 : 0)`, []int{1, 2, 0}},
	} {
		keys, err := Orders(c.keys, "asc", "desc")
		if err != nil {
			t.Fatal(err)
		}
		sorted, err := Sort(rs, keys, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, k := range c.want {
			if sorted[i].Key != rs[k].Key {
				t.Errorf("by %s: place %d is wrong", c.keys, i)
			}
		}
	}
	if _, err := Orders("cycles:down", "asc", "desc"); err == nil || !strings.Contains(err.Error(), "asc and desc") {
		t.Errorf("a wrong direction: %v", err)
	}
}

// The front by its definition, on small whole numbers so that ties are frequent: who is on it is beaten by nobody, who is not is beaten by
// somebody on it.
func TestParetoByItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "rows")
		rs := make([]NamedPoint, n)
		for i := range rs {
			rs[i] = NamedPoint{Key: fmt.Sprint(i), Values: map[string]any{
				"a": rapid.IntRange(0, 4).Draw(t, "a"), "b": float64(rapid.IntRange(0, 4).Draw(t, "b")),
			}}
			if rapid.IntRange(0, 9).Draw(t, "missing") == 0 {
				rs[i].Values["b"] = math.NaN()
			}
		}
		front, err := Pareto(rs, []Order{{Source: "a"}, {Source: "b", Down: true}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		on := map[string]bool{}
		for _, r := range front {
			on[r.Key] = true
		}
		// small a, large b
		better := func(x, y NamedPoint) bool {
			xa, xb, ya, yb := x.Values["a"].(int), x.Values["b"].(float64), y.Values["a"].(int), y.Values["b"].(float64)
			return xa <= ya && xb >= yb && (xa < ya || xb > yb)
		}
		for _, r := range rs {
			beaten := math.IsNaN(r.Values["b"].(float64))
			for _, f := range front {
				beaten = beaten || better(f, r)
			}
			if on[r.Key] == beaten {
				t.Fatalf("row %v: on the front %v, beaten %v", r.Values, on[r.Key], beaten)
			}
		}
	})
}

func TestSplit(t *testing.T) {
	got := Split(`a, max(b, c) ,"x,y", [1,2] ,, d`)
	if want := []string{"a", "max(b, c)", `"x,y"`, "[1,2]", "d"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Every walk over rows asks before each of them, says how far it is, and ends with the error that it is given: here at the third row of three.
func TestWalksOverRowsCanBeStopped(t *testing.T) {
	rs := []NamedPoint{}
	for i := range 3 {
		rs = append(rs, NamedPoint{Values: map[string]any{"a": float64(i), "b": float64(-i)}})
	}
	stop := errors.New("stop")
	for name, walk := range map[string]func(Ask) error{
		"condition": func(ask Ask) error { _, err := Filter(rs, []string{"a < 7"}, ask); return err },
		"columns":   func(ask Ask) error { _, err := Columns(rs, "a + b", ask); return err },
		"keys":      func(ask Ask) error { _, err := Sort(rs, []Order{{Source: "a"}}, ask); return err },
		"metrics":   func(ask Ask) error { _, err := Pareto(rs, []Order{{Source: "a"}}, ask); return err },
	} {
		var said []string
		err := walk(func(what string, done, total int) error {
			if said = append(said, fmt.Sprintf("%d/%d", done, total)); done == 2 {
				return stop
			}
			return nil
		})
		if want := []string{"0/3", "1/3", "2/3"}; !errors.Is(err, stop) || !slices.Equal(said, want) {
			t.Errorf("%s: %v after %v; want %v after %v", name, err, said, stop, want)
		}
	}
}
