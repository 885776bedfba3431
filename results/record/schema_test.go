package record

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

// The records of testdata are of one run, satsim run --network tiny.yaml: record-1.json by version 0.1.0, the last of schema 1; record-2.json and
// layers.csv by a program of schema 2. layers.csv was the same by both.

func fixture(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func read(t *testing.T, name string) *Record {
	t.Helper()
	r, err := Read(bytes.NewReader(fixture(t, name)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

// A record of the schema keeps all that it has: no field may go or change its type.
func TestARecordIsReadWhole(t *testing.T) {
	text := fixture(t, "record-2.json")
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(new(Record)); err != nil {
		t.Fatal(err)
	}
	r := read(t, "record-2.json")
	var again, layers bytes.Buffer
	if err := r.Write(&again); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Bytes(), text) {
		t.Error("a record that was read is written with other bytes")
	}
	if err := r.WriteLayers(&layers); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(layers.Bytes(), fixture(t, "layers.csv")) {
		t.Errorf("the per-layer table of a record that was read:\n%s", layers.Bytes())
	}
	// By hand: 4 images of 8 x 8 x 3, a 3 x 3 convolution of pads 1 to 16 channels. Dense, no element is sorted; of the second convolution's
	// 3 x 3 x 16 x 16 weights, sorted and updated once under BDWP in WU, there are two pruned copies, for FF and BP.
	for i, macs := range []int64{4 * 8 * 8 * 9 * 3 * 16, 4 * 8 * 8 * 9 * 16 * 16} {
		for _, run := range r.Runs {
			var found bool
			for _, l := range run.Layers {
				if l.Layer != []string{"conv1", "conv2"}[i] {
					continue
				}
				found = true
				if l.DenseMACs != macs && !(l.Stage == "BP" && i == 0) {
					t.Errorf("%s: %s %s has %d MACs, want %d", run.Recipe, l.Layer, l.Stage, l.DenseMACs, macs)
				}
				var sorted, updated int64
				if l.Stage == "WU" {
					updated = []int64{9 * 3 * 16, 9 * 16 * 16}[i]
					if i == 1 && run.Recipe == "bdwp" {
						sorted = 2 * 9 * 16 * 16
					}
				}
				if s, u := l.Units.Of("sore").Counts.Of("elements"), l.Units.Of("wuve").Counts.Of("parameters"); s != sorted || u != updated {
					t.Errorf("%s: %s %s sorts %d elements, updates %d parameters; want %d, %d", run.Recipe, l.Layer, l.Stage, s, u, sorted, updated)
				}
			}
			if !found {
				t.Errorf("%s has no such layer", run.Recipe)
			}
		}
	}
}

// A record of schema 1 is read as one of this schema of the same run, but for what schema 1 does not have: counts of steps and stages,
// buffers, joules of layers by unit, cycles of passes that ran beside others' products, and compulsory bytes.
func TestSchema1IsReadAsSchema2(t *testing.T) {
	old, now := read(t, "record-1.json"), read(t, "record-2.json")
	bare := func(f *Figures, whole bool) {
		f.Buffers, f.Moved = nil, 0
		for i := range f.Units {
			u := &f.Units[i]
			var kept NamedCounts
			for _, c := range u.Counts {
				name := u.Unit + "." + c.Name
				if whole && c.Name == "folds" || name == "sore.elements" || name == "wuve.parameters" {
					kept = append(kept, c)
				}
			}
			u.Counts = kept
		}
	}
	for i := range now.Runs {
		run := &now.Runs[i]
		run.CompulsoryBytes = 0
		bare(&run.Total, true)
		for k := range run.Stages {
			bare(&run.Stages[k].Figures, false)
		}
		for k := range run.Layers {
			run.Layers[k].Buffers, run.Layers[k].Moved = nil, 0
			run.Layers[k].Energy.Units = nil
		}
	}
	if old.Schema != Schema {
		t.Errorf("its schema is %q now", old.Schema)
	}
	for i := range now.Runs {
		a, b := &old.Runs[i], &now.Runs[i]
		for _, part := range []struct {
			name string
			a, b any
		}{
			{"total", a.Total, b.Total}, {"stages", a.Stages, b.Stages}, {"layers", a.Layers, b.Layers}, {"stalls", a.Stalls, b.Stalls},
			{"groups", a.Groups, b.Groups},
		} {
			if !reflect.DeepEqual(part.a, part.b) {
				t.Errorf("%s of %s:\n%+v\nof schema 2:\n%+v", part.name, b.Recipe, part.a, part.b)
			}
		}
	}
	if !reflect.DeepEqual(old, now) {
		t.Errorf("the records differ: comparison %+v and %+v", old.Comparison, now.Comparison)
	}
}

// The per-layer table of a record of schema 1 is that of schema 2, but for its last columns, the joules by unit and own cycles: cells of eight units that are empty.
func TestSchema1HasTheSameLayers(t *testing.T) {
	var got bytes.Buffer
	if err := read(t, "record-1.json").WriteLayers(&got); err != nil {
		t.Fatal(err)
	}
	lines, want := strings.Split(got.String(), "\n"), strings.Split(string(fixture(t, "layers.csv")), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d", len(lines), len(want))
	}
	common := func(line string) []string {
		cells := strings.Split(line, ",")
		return cells[:len(cells)-9] // eight units, own cycles
	}
	for i := 1; i < len(want)-1; i++ {
		if got, w := common(lines[i]), common(want[i]); !reflect.DeepEqual(got, w) {
			t.Errorf("line %d is\n%s, want\n%s", i+1, got, w)
		}
	}
}

// A run on its own, as stores keep it, is read by its schema.
func TestReadRun(t *testing.T) {
	for _, f := range []struct{ name, schema string }{{"record-1.json", "satsim.record/1"}, {"record-2.json", "satsim.record/2"}} {
		var raw struct{ Runs []json.RawMessage }
		if err := json.Unmarshal(fixture(t, f.name), &raw); err != nil {
			t.Fatal(err)
		}
		whole := read(t, f.name)
		for i, text := range raw.Runs {
			run, err := ReadRun(f.schema, text)
			if err != nil || !reflect.DeepEqual(run, &whole.Runs[i]) {
				t.Errorf("%s, run %d: %v", f.name, i, err)
			}
		}
	}
}

func TestUnreadableRecords(t *testing.T) {
	for text, want := range map[string]string{
		`{"schema": "satsim.record/9"}`: `"satsim.record/2" and "satsim.record/1" are accepted`,
		`{}`:                            `schema ""`,
		`{"schema`:                      "reading a record",
		`{"schema": "satsim.record/1", "runs": [{"total": {"sore_busy_cycles": "many"}}]}`:                              "satsim.record/1",
		`{"schema": "satsim.record/2", "runs": [{"total": {"units": [{"counts": [1]}]}}]}`:                              "counts: found [",
		`{"schema": "satsim.record/2", "runs": [{"total": {"units": [{"unit": "stce", "counts": {"macs": "many"}}]}}]}`: "count macs",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, err := ReadRun("satsim.record/9", []byte("{}")); err == nil || Readable("satsim.record/9") {
		t.Errorf("a run of an unknown schema: %v", err)
	}
}

// Counts keep the order of their unit, in JSON too.
func TestCountsKeepTheirOrder(t *testing.T) {
	c := NamedCounts{{"macs", 3}, {"adds", 1 << 62}, {"folds", 0}}
	text, err := json.Marshal(c)
	if err != nil || string(text) != `{"macs":3,"adds":4611686018427387904,"folds":0}` {
		t.Fatalf("%s, %v", text, err)
	}
	var back NamedCounts
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, c) {
		t.Errorf("%v, %v", back, err)
	}
	if c.Of("adds") != 1<<62 || c.Of("none") != 0 {
		t.Error("the wrong count of a name")
	}
	if err := json.Unmarshal([]byte("null"), &back); err != nil || back != nil {
		t.Errorf("null: %v, %v", back, err)
	}
}

func TestLaneAddsUp(t *testing.T) {
	l := Lane{Computing: 1, Filling: 20, Draining: 300, NoWord: 4000, Reconfigure: 50000, Waits: []Wait{{"sore", 600000}, {"memory", 7000000}}}
	if l.Sum() != 7654321 || l.Wait("sore") != 600000 || l.Wait("wuve") != 0 {
		t.Errorf("%d in all, %d for SORE, %d for WUVE", l.Sum(), l.Wait("sore"), l.Wait("wuve"))
	}
}

// Files of all versions are known by their heads, also when another program indented them; nothing else is.
func TestOwnFilesAreKnown(t *testing.T) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, fixture(t, "record-2.json")); err != nil {
		t.Fatal(err)
	}
	for name, is := range map[string]bool{
		string(fixture(t, "record-1.json")[:512]): true, string(fixture(t, "record-2.json")[:512]): true, compact.String(): true,
		`{"schema": "other/2"}`: false, `[]`: false, "": false, `{"name": "x", "schema": "satsim.record/2"}`: false,
	} {
		if IsRecord([]byte(name)) != is {
			t.Errorf("a record: %t, want %t: %.60s", !is, is, name)
		}
	}
	for head, is := range map[string]bool{
		string(fixture(t, "layers.csv")[:512]): true, "recipe,layer,op,stage,sparsity,cycles,time_s,dense_macs,": true, "recipe,price\nsoup,3\n": false, "": false,
	} {
		if IsLayers([]byte(head)) != is {
			t.Errorf("a per-layer table: %t, want %t: %.60s", !is, is, head)
		}
	}
}

// A unit that nobody here has heard of has columns of its own, behind those that every file has.
func TestLayersOfAnotherUnit(t *testing.T) {
	r := read(t, "record-2.json")
	l := &r.Runs[1].Layers[0]
	l.Units = append(l.Units, Unit{Unit: "coder", Busy: 7})
	l.Energy.Units = append(l.Energy.Units, UnitEnergy{Unit: "coder", Joules: Interval{Value: 0.5}})
	var b bytes.Buffer
	if err := r.WriteLayers(&b); err != nil {
		t.Fatal(err)
	}
	got, was := strings.Split(b.String(), "\n"), strings.Split(string(fixture(t, "layers.csv")), "\n")
	for i := range was[:len(was)-1] {
		more := ",0,"
		switch {
		case i == 0:
			more = ",coder_busy_cycles,energy_coder_j"
		case i == 1+len(r.Runs[0].Layers):
			more = ",7,0.5"
		}
		if got[i] != was[i]+more {
			t.Errorf("line %d is %s, want %s%s", i+1, got[i], was[i], more)
		}
	}
}
