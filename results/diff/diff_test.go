package diff_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/results/diff"
	"satsim/results/experiment"
	"satsim/results/record"
)

// twoGroups is a step of a product and a pass, by hand.
func twoGroups(computing, waiting, pass int64) *record.Record {
	cycles := computing + waiting + 3
	run := record.Run{
		Recipe: "bdwp", Sparsity: "2:8", Total: record.Figures{Cycles: cycles + pass},
		Groups: []record.Group{
			{Kind: "product", Layer: "conv", Stage: "FF", Cycles: cycles, Lanes: []record.Lane{
				{Lane: "read_west", Computing: cycles}, {Lane: "array", Computing: computing, Reconfigure: 3, Waits: []record.Wait{{Unit: "memory", Cycles: waiting}}},
			}},
			{Kind: "pass", Layer: "bn", Stage: "FF", Cycles: pass, Lanes: []record.Lane{{Lane: "vector", Computing: pass - 3, Reconfigure: 3}}},
		},
	}
	return &record.Record{
		ArchName: "a", Arch: json.RawMessage(fmt.Sprintf(`{"name":"a","stce":{"rows":%d,"omit":["x"]}}`, computing)),
		Network: record.Network{Name: "n", Description: json.RawMessage(fmt.Sprintf(`{"layers":[{"name":"conv","channels":"%d"}]}`, pass))},
		Runs:    []record.Run{{Recipe: "dense"}, run},
	}
}

func side(t interface{ Fatal(...any) }, name string, r *record.Record) diff.Side {
	s, err := diff.NewSide(name, "", r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestADifferenceByHand(t *testing.T) {
	d, err := diff.Of(side(t, "a", twoGroups(100, 20, 50)), side(t, "b", twoGroups(60, 25, 50)))
	if err != nil {
		t.Fatal(err)
	}
	if want := []diff.Change{{"stce.rows", "100", "60"}}; !reflect.DeepEqual(d.Changes, want) {
		t.Errorf("changes %v, want %v", d.Changes, want)
	}
	want := []diff.Part{
		{"conv", "FF", "computes", 100, 60}, {"conv", "FF", "waits for memory", 20, 25}, {"conv", "FF", "reconfigures", 3, 3},
		{"bn", "FF", "no product: pass", 47, 47}, {"bn", "FF", "reconfigures", 3, 3},
	}
	cycles := d.Sums[0]
	if cycles.A != 173 || cycles.B != 138 || !reflect.DeepEqual(cycles.Parts, want) {
		t.Errorf("%d to %d cycles by %v, want 173 to 138 by %v", cycles.A, cycles.B, cycles.Parts, want)
	}
	byCause := []diff.Part{{Cause: "computes", A: 100, B: 60}, {Cause: "waits for memory", A: 20, B: 25}, {Cause: "reconfigures", A: 6, B: 6}, {Cause: "no product: pass", A: 47, B: 47}}
	if got := cycles.By(func(p *diff.Part) string { return p.Cause }); !reflect.DeepEqual(got, byCause) {
		t.Errorf("by cause %v, want %v", got, byCause)
	}
	if _, err := diff.NewSide("a", "sdwp", twoGroups(1, 1, 9)); err == nil {
		t.Error("a run of a recipe that is not there was found")
	}
	lost := twoGroups(100, 20, 50)
	lost.Runs[1].Total.Cycles++
	if _, err := diff.Of(side(t, "a", lost), side(t, "b", lost)); err == nil {
		t.Error("a cycle that is in no group was not missed")
	}
}

// The parts of random pairs of runs add up to the totals of their records, in every sum and every view of it.
func TestPartsOfRandomPairsAddUp(t *testing.T) {
	known := map[string]*record.Record{}
	rapid.Check(t, func(t *rapid.T) {
		var sides [2]diff.Side
		var runs [2]*record.Run
		for i := range sides {
			n := experiment.Names{Network: rapid.SampledFrom([]string{"resnet-fmnist", "vit-fmnist"}).Draw(t, "network"), Batch: rapid.Int64Range(1, 2).Draw(t, "batch")}
			n.Recipe = rapid.SampledFrom([]string{"dense", "bdwp", "sdgp"}).Draw(t, "recipe")
			set := []string{rapid.SampledFrom([]string{"stce.rows=8", "stce.rows=23", "vector.lanes=4"}).Draw(t, "size"), rapid.SampledFrom([]string{"clock=200MHz", "board.memory.channels=1", "dataflow.pregeneration=false"}).Draw(t, "rest")}
			key := fmt.Sprint(n, set)
			if known[key] == nil {
				c, err := experiment.LoadWith(n, experiment.Options{}, experiment.Overrides{Origin: "test", Set: set})
				if err != nil {
					t.Fatal(err)
				}
				if known[key], err = c.Run(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
			sides[i] = side(t, key, known[key])
			runs[i] = &known[key].Runs[len(known[key].Runs)-1]
		}
		d, err := diff.Of(sides[0], sides[1])
		if err != nil {
			t.Fatal(err)
		}
		totals := map[string][2]int64{"cycles": {runs[0].Total.Cycles, runs[1].Total.Cycles}}
		totals["energy"] = [2]int64{int64(math.Round(runs[0].Energy.Joules.Value * 1e9)), int64(math.Round(runs[1].Energy.Joules.Value * 1e9))}
		for i, l := range known[fmt.Sprint(sides[0].Name)].Resources.Lines {
			other := known[sides[1].Name].Resources.Lines[i]
			totals[l.Resource+", low"], totals[l.Resource+", high"] = [2]int64{l.Low, other.Low}, [2]int64{l.High, other.High}
		}
		if len(d.Sums) != len(totals) {
			t.Fatalf("%d sums, want %d", len(d.Sums), len(totals))
		}
		for _, s := range d.Sums {
			want := totals[s.Of]
			views := [][]diff.Part{s.Parts, s.By(func(p *diff.Part) string { return p.Cause }), s.By(func(p *diff.Part) string { return p.Layer }), s.By(func(p *diff.Part) string { return p.Stage })}
			for _, parts := range views {
				var a, b, delta int64
				for i := range parts {
					a, b, delta = a+parts[i].A, b+parts[i].B, delta+parts[i].Delta()
					if parts[i].Cause == "rounding" && max(parts[i].A, -parts[i].A) > int64(len(s.Parts)) { // half a unit a part
						t.Errorf("%d nJ of rounding of %d parts", parts[i].A, len(s.Parts))
					}
				}
				if a != want[0] || b != want[1] || delta != want[1]-want[0] {
					t.Fatalf("%s: parts add up to %d, %d and %d, want %v", s.Of, a, b, delta, want)
				}
			}
		}
	})
}

// The page stands alone, and has the totals.
func TestThePageStandsAlone(t *testing.T) {
	a, b := twoGroups(100, 20, 50), twoGroups(60, 25, 50)
	b.ArchName = `<script>alert("x")</script>`
	d, err := diff.Of(side(t, "a", a), side(t, "b", b))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := d.HTML(&out); err != nil {
		t.Fatal(err)
	}
	page := out.String()
	if !diff.IsPage(out.Bytes()) {
		t.Errorf("the page is not known by its beginning: %.80q", page)
	}
	for _, no := range []string{"<script", "http:", "https:", "src=", "href=", "@import", "url("} {
		if strings.Contains(page, no) {
			t.Errorf("the page has %q", no)
		}
	}
	for _, want := range []string{"173 cycles to 138 cycles", "<strong>-35</strong>", "waits for memory", "stce.rows"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// Records of every released schema are compared, with themselves: nothing differs.
func TestRecordsOfEverySchema(t *testing.T) {
	files, err := os.ReadDir("../record/testdata")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".json") {
			continue
		}
		text, err := os.ReadFile("../record/testdata/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		r, err := record.Read(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		d, err := diff.Of(side(t, "a", r), side(t, "b", r))
		if err != nil {
			t.Errorf("%s: %v", f.Name(), err)
			continue
		}
		if n++; len(d.Changes) > 0 || d.Sums[0].Delta() != 0 {
			t.Errorf("%s differs from itself: %v", f.Name(), d.Changes)
		}
	}
	if n == 0 {
		t.Error("no record was found")
	}
}
