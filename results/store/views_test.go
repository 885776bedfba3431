package store

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"satsim/internal/witness"
	"satsim/results/record"
)

// viewed is a store of a baseline, a point compared with it, one that failed, and one of which figures alone are kept.
func viewed(t *testing.T) *Store {
	t.Helper()
	s := testStore(t, "s.db")
	units := func(n int64) record.Units {
		return record.Units{{Unit: "stce", Busy: n, Counts: record.NamedCounts{{Name: "macs", Count: 2 * n}, {Name: "folds", Count: 1}}}}
	}
	of := func(recipe, baseline string, cycles int64) *Point {
		return &Point{
			Arch:    json.RawMessage(`{"name":"a","clock":"200MHz","stce":{"rows":8,"mul_latency":2},"dataflow":{"join_groups":false},"board":{"name":"b"}}`),
			Network: json.RawMessage(`{"name":"n","params":[{"name":"batch","value":4}]}`), Recipe: json.RawMessage(`{"name":"` + recipe + `","sparsity":"2:8"}`),
			Batch: 4, Baseline: baseline, Parameters: 7, Resources: json.RawMessage(`{"dsp":5,"fit":"fits"}`),
			Run: &record.Run{
				Recipe: recipe, Sparsity: "2:8", Total: record.Figures{Cycles: cycles, TimeS: 2, Units: units(cycles)}, ImagesPS: 1.5,
				Stages: []record.Stage{{Stage: "FF", Figures: record.Figures{Cycles: cycles - 1, Units: units(3)}}},
				Energy: &record.RunEnergy{Energy: record.Energy{
					Joules: record.Interval{Value: 3, Low: 1, High: 9}, Units: []record.UnitEnergy{{Unit: "dram", Joules: record.Interval{Value: 2, Low: 0.5, High: 4}}},
				}},
			},
		}
	}
	base := of("dense", "", 300)
	own, bad, short := of("bdwp", base.Key(), 120), of("sdwp", base.Key(), 0), of("sr-ste", base.Key(), 200)
	bad.Run, bad.Resources, bad.Error = nil, nil, "too large"
	short.FiguresOnly = true
	put(t, s, base, own, bad, short)
	return s
}

// By hand: 300 / 120 = 2.5 and 300 / 200 = 1.5; a time of 2 s is 2.0.
var viewQueries = []struct{ query, want string }{
	{"SELECT recipe, network, arch, board, sparsity, batch, baseline, cycles, time_s, speedup, energy_j, energy_low_j, dsp, lut, fit, whole, error FROM points ORDER BY recipe",
		"bdwp|n|a|b|2:8|4|dense|120|2.0|2.5|3.0|1.0|5||fits|1|\n" +
			"dense|n|a|b|2:8|4|dense|300|2.0|1.0|3.0|1.0|5||fits|1|\n" +
			"sdwp|n|a|b|2:8|4|dense|||||||||0|too large\n" +
			"sr-ste|n|a|b|2:8|4|dense|200|2.0|1.5|3.0|1.0|5||fits|0|\n"},
	{"SELECT name, value FROM points JOIN parameters USING (key) WHERE recipe = 'bdwp' ORDER BY name",
		"board.name|b\nclock|200MHz\ndataflow.join_groups|0\nnetwork.batch|4\nrecipe.sparsity|2:8\nstce.mul_latency|2\nstce.rows|8\n"},
	{"SELECT recipe, stage, stages.cycles, stages.time_s, stages.energy_j FROM points JOIN stages USING (key) ORDER BY recipe", "bdwp|FF|119|0.0|\ndense|FF|299|0.0|\nsr-ste|FF|199|0.0|\n"},
	{"SELECT part, unit, busy_cycles FROM points JOIN units USING (key) WHERE recipe = 'bdwp' ORDER BY part", "FF|stce|3\nstep|stce|120\n"},
	{"SELECT part, unit, name, count FROM points JOIN counts USING (key) WHERE recipe = 'bdwp' ORDER BY part, name", "FF|stce|folds|1\nFF|stce|macs|6\nstep|stce|folds|1\nstep|stce|macs|240\n"},
	{"SELECT unit, joules.energy_j, joules.energy_high_j FROM points JOIN joules USING (key) WHERE recipe = 'bdwp'", "dram|2.0|4.0\n"},
	{"SELECT typeof(cycles), typeof(time_s), typeof(speedup), typeof(recipe), typeof(dsp) FROM points WHERE recipe = 'bdwp'", "integer|real|real|text|integer\n"},
}

// SQLite's own program reads the views of a store as it is.
func TestViewsBySQLite(t *testing.T) {
	witness.Foreign(t)
	program, err := exec.LookPath("sqlite3")
	if err != nil {
		witness.Missing(t, "sqlite3")
	}
	s := viewed(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	ask := func(query string) string {
		out, err := exec.Command(program, "-readonly", s.path, query).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v", query, err)
		}
		return string(out)
	}
	for _, c := range viewQueries {
		if got := ask(c.query); got != c.want {
			t.Errorf("%s:\n%swant\n%s", c.query, got, c.want)
		}
	}
	schema := ask(".schema points")
	for _, words := range []string{"-- a row a point", "AS time_s, -- s: time", "AS fit -- whether it fits its board"} {
		if !strings.Contains(schema, words) {
			t.Errorf(".schema points does not say %q:\n%s", words, schema)
		}
	}
}

// Every column of every view is there, in its order, of the type that is documented wherever it has a value.
func TestViewsAreAsDeclared(t *testing.T) {
	s := viewed(t)
	for _, v := range Views() {
		rows, err := s.db.Query("SELECT * FROM " + v.Name)
		if err != nil {
			t.Fatal(err)
		}
		names, err := rows.Columns()
		if err != nil || len(names) != len(v.Columns) {
			t.Fatalf("%s: %v, %v", v.Name, names, err)
		}
		n := 0
		for ; rows.Next(); n++ {
			values, to := make([]any, len(names)), make([]any, len(names))
			for i := range to {
				to[i] = &values[i]
			}
			if err := rows.Scan(to...); err != nil {
				t.Fatal(err)
			}
			for i, c := range v.Columns {
				want := map[string]string{"TEXT": "string", "INTEGER": "int64", "REAL": "float64"}[c.Type]
				if got := fmt.Sprintf("%T", values[i]); names[i] != c.Name || c.Type != "" && values[i] != nil && got != want {
					t.Errorf("%s: column %d is %s of %s, want %s of %s", v.Name, i, names[i], got, c.Name, want)
				}
			}
		}
		if err := rows.Err(); err != nil || n == 0 {
			t.Errorf("%s: %d rows, %v", v.Name, n, err)
		}
	}
}

// What keeps figures only says so where more is asked for, and gives way to whole runs, never the other way.
func TestFiguresOnly(t *testing.T) {
	ctx := context.Background()
	whole, short := testStore(t, "whole.db"), testStore(t, "short.db")
	p := point(1)
	p.FiguresOnly = true
	put(t, short, p)
	put(t, whole, point(1))
	if state, err := short.State(ctx, p.Key()); state != Short || err != nil {
		t.Errorf("state %v, %v", state, err)
	}
	a, err := what(ctx, whole.path)
	if err != nil {
		t.Fatal(err)
	}
	list, err := short.List(ctx, Origin{})
	if err != nil || len(list) != 1 || !list[0].FiguresOnly {
		t.Fatalf("%v, %v", list, err)
	}
	if line, _ := json.Marshal(list[0].Run); !strings.Contains(a, string(line)) {
		t.Errorf("figures %s are not those of the whole run: %s", line, a)
	}
	if _, err := short.Run(ctx, p.Key()); err == nil || !strings.Contains(err.Error(), "has figures only; satsim sweep without --figures-only keeps layers") {
		t.Errorf("error %v", err)
	}
	empty := testStore(t, "empty.db")
	if m, err := empty.Merge(ctx, short); err != nil || m != (Merged{Added: 1}) {
		t.Errorf("%+v, %v", m, err)
	}
	if state, err := empty.State(ctx, p.Key()); state != Short || err != nil {
		t.Errorf("merged, state %v, %v", state, err)
	}
	if m, err := whole.Merge(ctx, short); err != nil || m != (Merged{Known: 1}) {
		t.Errorf("%+v, %v", m, err)
	}
	if m, err := short.Merge(ctx, whole); err != nil || m != (Merged{Replaced: 1}) {
		t.Errorf("%+v, %v", m, err)
	}
	for _, s := range []*Store{whole, short} {
		if got, err := what(ctx, s.path); err != nil || got != a {
			t.Errorf("%v, %s, want %s", err, got, a)
		}
	}
	// A whole run that was lost is no row of figures.
	if _, err := whole.db.Exec("UPDATE point SET run = x''"); err != nil {
		t.Fatal(err)
	}
	if _, err := whole.List(ctx, Origin{}); err == nil || !strings.Contains(err.Error(), "is not what was stored") {
		t.Errorf("error %v", err)
	}
}

// A store of layout 1 has no views. It is read as it is, to the byte, and who writes makes it one of today.
func TestStoresOfLayout1(t *testing.T) {
	ctx := context.Background()
	s := viewed(t)
	for _, v := range Views() {
		if _, err := s.db.Exec("DROP VIEW " + v.Name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.db.Exec("PRAGMA user_version = 1"); err != nil {
		t.Fatal(err)
	}
	views := func() (n, version int) {
		if err := s.db.QueryRow("SELECT count(*) FROM sqlite_schema WHERE type = 'view'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		if err := s.db.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
			t.Fatal(err)
		}
		return n, version
	}
	r, err := OpenExisting(ctx, s.path)
	if err != nil {
		t.Fatal(err)
	}
	if list, err := r.List(ctx, Origin{}); err != nil || len(list) != 4 {
		t.Errorf("%d points, %v", len(list), err)
	}
	r.Close()
	if n, version := views(); n != 0 || version != 1 {
		t.Errorf("after a reader: %d views, layout %d", n, version)
	}
	w, err := Open(ctx, s.path)
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	if n, version := views(); n != len(Views()) || version != Layout {
		t.Errorf("after a writer: %d views, layout %d", n, version)
	}
}
