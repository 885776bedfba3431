package rtl

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"satsim/arch/fp"
	"satsim/arch/rtl/synthesis"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/vector"
	"satsim/arch/word"
)

// Latencies that the notes take for the fewest are the defaults', and those of the table of synthesis: of operators and elements by themselves, of the vector unit's lane with the registers that
// its pipeline has for multiplier and adder, and of its root, which has three registers around it in vector_scalar.v. Lanes that keep subnormal numbers take more than 8 ns there.
func TestNotesAreOfTheTable(t *testing.T) {
	d := &spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	d.WUVE.Optimiser, d.Norm.Lanes = word.AdamW, 1
	for _, l := range latencies(d) {
		if l.has != l.fewest {
			t.Errorf("%s: the default has %d, %d is said to be the fewest", l.key, l.has, l.fewest)
		}
	}
	text, err := os.ReadFile("synthesis/testdata/grid.csv")
	if err != nil {
		t.Fatal(err)
	}
	all, err := synthesis.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	element := []string{"MAX_N=2", "MAX_M=8", "MAX_I=8", "LINK_W=4", "FLUSH=1", "SHADOW=1"}
	fewest := map[string]int{}
	for key, of := range map[string][]string{
		"stce.mul_latency": append([]string{"stce_uspe", "MUL_LATENCY", "ADD_LATENCY=8"}, element...), "stce.add_latency": append([]string{"stce_uspe", "ADD_LATENCY", "MUL_LATENCY=3"}, element...),
		"wuve.mul_latency": {"fp32_mul", "LATENCY", "OPEN=0", "FLUSH=1"}, "wuve.add_latency": {"fp32_add", "LATENCY", "OPEN=0", "FLUSH=1"}, "wuve.convert_latency": {"fp32_to_fp16", "LATENCY", "OPEN=0", "FLUSH=1"},
		"wuve.div_latency": {"fp32_div", "LATENCY", "OPEN=0", "FLUSH=1"}, "wuve.sqrt_latency": {"fp32_sqrt", "LATENCY", "OPEN=0", "FLUSH=1"},
	} {
		fewest[key], _ = synthesis.Fewest(all, measuredPath, of[0], of[1], of[2:]...)
	}
	if root, ok := synthesis.Fewest(all, measuredPath, "fp32_sqrt", "LATENCY", "OPEN=0", "FLUSH=1"); ok {
		once := synthesis.Of("vector_scalar", "STRIP", 32, "PLACE", 5, "MUL", 3, "ADD", 5, "DIVIDE", root+3, "FLUSH", 1)
		if r, ok := synthesis.Find(all, once); ok && r.Longest() <= measuredPath {
			fewest["vector.divide_latency"] = root + 3
		}
	}
	slower := false // one register less was tried
	for latency := 5; latency < 20; latency++ {
		mul, add := vector.Params{PipelineLatency: latency}.Stages()
		r, ok := synthesis.Find(all, synthesis.Of("vector_lane", "STRIP", 32, "PLACE", 5, "BWORD", 9, "CWORD", 9, "SWORD", 9, "MUL", mul, "ADD", add, "FLUSH", 1))
		if ok && r.Longest() <= measuredPath {
			if slower {
				fewest["vector.pipeline_latency"] = latency
			}
			break
		}
		slower = ok
	}
	// Of a lane of the normaliser each of its four kinds of registers was tried with one less.
	point := func(front, mul, add, convert int) synthesis.Point {
		return synthesis.Of("norm_lane", "FRONT", front, "MUL", mul, "ADD", add, "CONVERT", convert, "FLUSH", 1, "PLACES", 64, "PLACE", 6)
	}
	front, mul, add, convert := d.Norm.Stages()
	if r, ok := synthesis.Find(all, point(front, mul, add, convert)); ok && r.Longest() <= measuredPath {
		fewest["norm.pipeline_latency"] = front + mul + add + convert
	}
	for i := range all { // whatever a lane's tables hold
		same := fmt.Sprintf("FRONT=%d MUL=%d ADD=%d CONVERT=%d FLUSH=1 ", front, mul, add, convert)
		if r := &all[i]; r.Module == "norm_lane" && strings.HasPrefix(r.Parameters, same) && r.Longest() > measuredPath {
			t.Errorf("%s: %d ps", r.Parameters, r.Longest())
		}
	}
	for _, less := range []synthesis.Point{point(front-1, mul, add, convert), point(front, mul-1, add, convert), point(front, mul, add-1, convert), point(front, mul, add, convert-1)} {
		if r, ok := synthesis.Find(all, less); !ok || r.Longest() <= measuredPath {
			t.Errorf("%s: %v, %d ps", less, ok, r.Longest())
		}
	}
	for _, l := range latencies(d) {
		if f, ok := fewest[l.key]; !ok || f != l.fewest {
			t.Errorf("%s: the table has %d, the notes %d", l.key, f, l.fewest)
		}
	}
	for _, of := range sizes(d) {
		module, parameter := map[string]string{"sore.lanes": "sore_counters", "stce.rows": "stce_column", "norm.channels": "norm_lane"}[of.key], strings.ToUpper(of.key[5:])
		if of.key == "norm.channels" { // of one lane
			parameter = "PLACES"
		}
		most := 0
		for i := range all {
			n := 0
			if _, after, ok := strings.Cut(all[i].Parameters, parameter+"="); all[i].Module == module && ok {
				if _, err := fmt.Sscan(after, &n); err != nil {
					t.Fatal(err)
				}
			}
			most = max(most, n)
		}
		if most != of.most {
			t.Errorf("%s: the table has up to %d, the notes %d", of.key, most, of.most)
		}
	}
	kept := 0
	for i := range all {
		r := &all[i]
		if (r.Module == "wuve_lane" || r.Module == "vector_lane" || r.Module == "norm_lane") && strings.Contains(r.Parameters, "FLUSH=0") {
			if kept++; r.Longest() <= 8000 {
				t.Errorf("%s %s: %d ps", r.Module, r.Parameters, r.Longest())
			}
		}
	}
	if kept < 4 {
		t.Errorf("%d lanes of the table keep subnormal numbers", kept)
	}
}

// What matters is said, by its key, and nothing else.
func TestNotes(t *testing.T) {
	s := exampleArch()
	s.STCE.AddLatency, s.STCE.AddIn = 6, stce.AdderLogic
	if all := Notes(s); len(all) != 0 {
		t.Errorf("%q", all)
	}
	s.Clock, s.STCE.AddLatency, s.WUVE.Subnormals, s.WUVE.DivLatency = 300e6, 4, fp.IEEE, 3
	want := []string{"clock: 300", "stce.add_latency: 4; 6 or more", "wuve.subnormals: ieee; lanes of updates"}
	all := Notes(s)
	if len(all) != len(want) { // momentum divides nothing
		t.Fatalf("%q", all)
	}
	for i, w := range want {
		if !strings.HasPrefix(all[i], "slower than the clock may be: "+w) {
			t.Errorf("%q, want %q", all[i], w)
		}
	}
	s.Norm.Channels = 2048 // 512 places of each lane, as the default's channels are with 4 of them
	if all = Notes(s); len(all) != 3 {
		t.Errorf("%q", all)
	}
	s.Norm.Channels = 2049
	if all = Notes(s); len(all) != 4 || !strings.HasPrefix(all[3], "slower than the clock may be: norm.channels: 2049; no more than 2048 were measured") {
		t.Errorf("%q", all)
	}
	s.Norm.Channels = 64
	s.WUVE.Optimiser, s.STCE.Subnormals, s.STCE.MaxInterleave, s.SORE.Lanes, s.STCE.Rows = word.Adam, fp.IEEE, 128, 129, 33
	text := strings.Join(Notes(s), "\n")
	for _, w := range []string{"wuve.div_latency: 3; 15 or more", "stce.subnormals: ieee; lanes of the vector unit and of the normaliser that", "stce.max_interleave: at 128",
		"slower than the clock may be: sore.lanes: 129; no more than 128 were measured", "slower than the clock may be: stce.rows: 33; no more than 32 were measured"} {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}
