package report

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"satsim/results/record"
)

// Three groups. In the first, of 1000 cycles, the array computes for 600, waits for the memory for 250 and for the vector unit for 50; 100 are left. The
// second, of 1000, has no array: a pass of its own computes for 700, the memory lane for 200. In the third an update computes for 900, beside an array that does for 500.
// Of 3000 cycles WUVE has 900, the vector unit 750, the array 600, the memory 250, and 100 + 300 + 100 are ends.
func TestWhatBoundsAStepByHand(t *testing.T) {
	groups := []record.Group{
		{Cycles: 1000, Lanes: []record.Lane{
			{Lane: "read_west", Computing: 500},
			{Lane: "array", Computing: 600, Filling: 60, Draining: 40, Waits: []record.Wait{{Unit: "memory", Cycles: 250}, {Unit: "vector", Cycles: 50}}},
		}},
		{Cycles: 1000, Lanes: []record.Lane{{Lane: "read_pass", Computing: 200}, {Lane: "vector_pass", Computing: 700, NoWord: 300}}},
		{Cycles: 1000, Lanes: []record.Lane{{Lane: "array", Computing: 500, NoWord: 500}, {Lane: "update", Computing: 900, Filling: 100}}},
	}
	want := "bound by: WUVE, 30.0 % of the cycles (vector unit 25.0 %, array 20.0 %, ends of word groups 16.7 %, memory 8.3 %)"
	if got := bound(groups); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got := bound(nil); got != "" {
		t.Errorf("no groups: %s", got)
	}
}

// stepped is a run of three stages. The backward passes, 40 cycles of vector work, ran beside the products of WU.
func stepped(recipe, sparsity string, ff, bp, wu int64) record.Run {
	stage := func(name string, cycles, moved int64) record.Stage {
		return record.Stage{Stage: name, Figures: record.Figures{Cycles: cycles, Moved: moved}}
	}
	return record.Run{Recipe: recipe, Sparsity: sparsity, Stages: []record.Stage{stage("FF", ff, 0), stage("BP", bp, 40e6), stage("WU", wu, -40e6)}}
}

// BP takes 120 million cycles dense and 30 pruned, which reads 4x; with its passes 160 and 70, 2.286x. WU, 200 both, has 160 of its own.
func TestStagesInBothBookingsByHand(t *testing.T) {
	r := &record.Record{Runs: []record.Run{stepped("dense", "1:1", 100e6, 120e6, 200e6), stepped("bdwp", "2:8", 50e6, 30e6, 200e6)}, Comparison: &record.Comparison{}}
	var b bytes.Buffer
	newPage(&b).overlapped(r)
	want := "dense: passes of BP (40.000 Mcycles) ran beside products of WU, whose cycles hold them\n" +
		"bdwp 2:8: passes of BP (40.000 Mcycles) ran beside products of WU, whose cycles hold them\n" +
		"speed-ups with each pass's busy cycles booked to its own stage: FF 2.000x, BP 2.286x, WU 1.000x (own_cycles in\n  layers.csv)\n"
	if b.String() != want {
		t.Errorf("%s\nwant %s", b.String(), want)
	}
}

// The table of stages fits 110 columns, with a recipe of a long name and a step of a hundred seconds.
func TestStagesFitAPage(t *testing.T) {
	long := stepped("dense on dense-only 18x64", "1:1", 1e12, 1e11, 1e11)
	for i := range long.Stages {
		long.Stages[i].Figures = record.Figures{Cycles: 2e10, TimeS: 100, DenseGFLOPS: 99999, EffectiveGFLOPS: 99999, Utilisation: 1, ReadBytes: 9e11, WriteBytes: 9e11}
	}
	var b bytes.Buffer
	if err := Stages(&record.Record{Runs: []record.Run{long}}).Terminal(&b); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(b.String(), "\n") {
		if n := utf8.RuneCountInString(line); n > 110 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, word := range strings.Fields("dense on dense-only 18x64") {
		if !strings.Contains(b.String(), word) {
			t.Errorf("the recipe's name lacks %q:\n%s", word, b.String())
		}
	}
}

// A line above a table is folded at 110 columns, at spaces, and nothing of it is lost. By hand: 12 words of 9 columns and 11 spaces are 119, so the
// last goes on, indented by 2; the sign is one column though it is two bytes.
func TestLinesFitAPage(t *testing.T) {
	var b bytes.Buffer
	words := strings.Repeat("123456×89 ", 12)
	newPage(&b).say(words)
	if want := strings.TrimSpace(words[:11*len("123456×89 ")]) + "\n  123456×89\n"; b.String() != want {
		t.Errorf("%q\nwant %q", b.String(), want)
	}
	long := stepped("a-recipe-of-some-length", "2:8", 1e9, 1e9, 1e9)
	long.ImagesPS, long.Total.Utilisation, long.Total.EffectiveGFLOPS = 12345.6, 0.5, 12345.6
	for _, lane := range []string{"memory", "sore", "wuve"} {
		long.Groups = append(long.Groups, record.Group{Cycles: 100, Lanes: []record.Lane{{Lane: "array", Computing: 60, Waits: []record.Wait{{Unit: lane, Cycles: 30}}}}})
	}
	b.Reset()
	p := newPage(&b)
	p.bounds(&record.Record{Runs: []record.Run{long}})
	p.overlapped(&record.Record{Runs: []record.Run{long, long}, Comparison: &record.Comparison{}})
	for _, line := range strings.Split(b.String(), "\n") {
		if n := utf8.RuneCountInString(line); n > 110 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if !strings.Contains(b.String(), "\n  ") {
		t.Errorf("nothing is folded, so nothing was tested:\n%s", b.String())
	}
}
