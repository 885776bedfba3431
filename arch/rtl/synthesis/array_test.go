package synthesis

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"satsim/arch/rtl/netlist"
	"satsim/arch/vector"
	"satsim/arch/wuve"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// An array of the default's elements and rows, and of three columns, as one netlist: its modules are made by themselves, as the table has them, and put together, so that paths
// go from module to module, and through what joins all rows: results, and counts that are read. It is of the slow tier: .ci/witness rtl.
func TestTheArrayAsOneNetlist(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("slow: SATSIM_RTL=1 runs it")
	}
	if verilog.Synthesis() != nil {
		witness.Missing(t, "yosys")
	}
	const rows, cols = 23, 3
	parts := []string{"stce_uspe", "stce_row", "stce_column", "stce_sequencer", "stce_registers", "stce_loader"}
	p := Of("stce", "ROWS", rows, "COLS", cols, "MAX_N", 4, "MAX_M", 8, "MAX_I", 8, "LINK_W", 4, "MUL_LATENCY", 2, "ADD_LATENCY", 6, "FLUSH", 1, "SHADOW", 1, "CHASE", 1, "PRODUCTS", 1)
	src := needed(sources(t), p.Module)
	for _, part := range parts {
		if !slices.ContainsFunc(src, func(s verilog.Source) bool { return s.Name == part+".v" }) {
			t.Errorf("%s is no part of the array", part)
		}
	}
	text, err := verilog.Synthesize(t.Context(), t.TempDir(), verilog.Design{Top: p.Module, Sources: src, Parameters: p.Parameters}, parts...)
	if err != nil {
		t.Fatal(err)
	}
	n, err := netlist.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := n.Count(); err != nil || c.DSP != rows*cols {
		t.Errorf("%d DSP slices of %d x %d elements (%v)", c.DSP, rows, cols, err)
	}
	w, err := n.Walk(netlist.UltraScalePlus())
	if err != nil {
		t.Fatal(err)
	}
	holdsTheClock(t, &w)
}

func holdsTheClock(t *testing.T, w *netlist.Timing) {
	t.Helper()
	for _, p := range []netlist.Path{w.Registers, w.FromPorts, w.ToPorts, w.Through} {
		limit := 4000
		if strings.HasPrefix(p.To, "count[") {
			limit *= 2 // stce.v: it is read in the cycle after its address
		}
		if p.Delay > limit {
			t.Errorf("%d ps from %s to %s", p.Delay, p.From, p.To)
		}
		t.Logf("%d ps from %s to %s", p.Delay, p.From, p.To)
	}
}

// An element with places that outputs may hold has the paths that one without may have, at 4:8 and the default's latencies and at 8:16 and those of the generous array. It is of the slow tier: .ci/witness rtl.
func TestAnElementWithPlacesAsOneNetlist(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("slow: SATSIM_RTL=1 runs it")
	}
	if verilog.Synthesis() != nil {
		witness.Missing(t, "yosys")
	}
	all := rows(t)
	for _, e := range []struct{ n, m, link, mul, add int }{{4, 8, 2, 2, 6}, {8, 16, 4, 4, 8}} {
		p := Of("stce_held", "COLS", 32, "MAX_N", e.n, "MAX_M", e.m, "MAX_I", 8, "LINK_W", e.link, "MUL_LATENCY", e.mul, "ADD_LATENCY", e.add, "FLUSH", 1, "SHADOW", 1)
		text, err := Synthesize(t.Context(), t.TempDir(), sources(t), p)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Measure(p, text)
		if err != nil {
			t.Fatal(err)
		}
		without, ok := Find(all, Point{"stce_uspe", p.Parameters})
		if !ok || r.Longest() > 4000 {
			t.Errorf("%s: %d ps; the table has one without: %v", p, r.Longest(), ok)
		}
		t.Logf("%s: %d ps, %d LUTs that compute and %d as memory, %d flip-flops; without places %d, %d, %d, %d", p, r.Longest(), r.Cells.LUTs(), r.Cells.Memory, r.Cells.FF,
			without.Longest(), without.Cells.LUTs(), without.Cells.Memory, without.Cells.FF)
	}
}

// Two lanes of the vector unit as the default has them, with all that is there once, as one netlist: a fold goes from lane to lane, a row's sum to the scalars and back. It is of
// the slow tier: .ci/witness rtl.
func TestTheVectorUnitAsOneNetlist(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("slow: SATSIM_RTL=1 runs it")
	}
	if verilog.Synthesis() != nil {
		witness.Missing(t, "yosys")
	}
	parts := []string{"vector_lane", "vector_scalar", "vector_control", "vector_front", "vector_shuffle", "vector_counters"}
	d := vector.Default()
	room := d.Room()
	mul, add := d.Stages()
	p := Of("vector", "LANES", 2, "STRIP", d.Strip, "MUL", mul, "ADD", add, "DIVIDE", d.DivideLatency, "WORDS", room.Words, "COLUMNS", room.Columns, "SUMS", room.Sums, "TABLES", room.Tables,
		"FLUSH", 1)
	src := needed(sources(t), p.Module)
	for i := range src {
		if src[i].Name == "vector.v" {
			src[i].Text = defaults(t, src[i].Text, p.Parameters)
		}
	}
	text, err := verilog.Synthesize(t.Context(), t.TempDir(), verilog.Design{Top: p.Module, Sources: src}, parts...)
	if err != nil {
		t.Fatal(err)
	}
	n, err := netlist.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	// Two lanes have two slices and four halves of block RAMs each, the work once a row two slices.
	if c, err := n.Count(); err != nil || c.DSP != 6 || c.BRAM18 != 8 {
		t.Errorf("%d DSP slices and %d halves of block RAMs (%v)", c.DSP, c.BRAM18, err)
	}
	w, err := n.Walk(netlist.UltraScalePlus())
	if err != nil {
		t.Fatal(err)
	}
	holdsTheClock(t, &w)
}

// What sorts as the default has it, what updates for each optimiser on the default's lanes, and what normalises, as one netlist each: a job goes through control and what its times are into lanes, what lanes
// make into counters. It is of the slow tier: .ci/witness rtl.
func TestLanesAsOneNetlist(t *testing.T) {
	if os.Getenv("SATSIM_RTL") == "" {
		t.Skip("slow: SATSIM_RTL=1 runs it")
	}
	if verilog.Synthesis() != nil {
		witness.Missing(t, "yosys")
	}
	update := []string{"wuve_lane", "wuve_control", "wuve_waves", "wuve_counters", "wuve_schedule", "fp32_mul", "fp32_add", "fp32_to_fp16", "fp32_div", "fp32_sqrt"}
	d := wuve.Default()
	updates := func(optimiser int) Point {
		return Of("wuve", "LANES", 4, "OPTIMISER", optimiser, "MUL", d.MulLatency, "ADD", d.AddLatency, "DIV", d.DivLatency, "SQRT", d.SqrtLatency, "CONVERT", d.ConvertLatency, "FLUSH", 1)
	}
	for name, c := range map[string]struct {
		Point
		parts []string
	}{
		"sore":          {Of("sore", "LANES", 32, "MAX_N", 4, "MAX_M", 8, "STAGES", 2), []string{"sore_lane", "sore_control", "sore_counters"}},
		"wuve momentum": {updates(1), update},
		"wuve adamw":    {updates(3), update},
		"norm": {Of("norm", "LANES", 4, "PLACES", 64, "FRONT", 1, "MUL", 3, "ADD", 5, "CONVERT", 2, "FLUSH", 1),
			[]string{"norm_lane", "norm_control", "norm_counters", "fp32_mul", "fp32_add", "fp32_to_fp16"}},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := verilog.Synthesize(t.Context(), t.TempDir(), verilog.Design{Top: c.Module, Sources: needed(sources(t), c.Module), Parameters: c.Parameters}, c.parts...)
			if err != nil {
				t.Fatal(err)
			}
			n, err := netlist.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			w, err := n.Walk(netlist.UltraScalePlus())
			if err != nil {
				t.Fatal(err)
			}
			holdsTheClock(t, &w)
		})
	}
}

// defaults gives a module's parameters other defaults. Given to the top by hierarchy -chparam, yosys 0.23 stops at the lanes, which a generate loop of it makes: "modules_.count(module->name) == 0".
func defaults(t *testing.T, text string, all []verilog.Parameter) string {
	t.Helper()
	for _, p := range all {
		of := regexp.MustCompile(`(parameter ` + p.Name + ` *= )\d+`)
		if !of.MatchString(text) {
			t.Fatalf("no parameter %s", p.Name)
		}
		text = of.ReplaceAllString(text, fmt.Sprintf("${1}%d", p.Value))
	}
	return text
}
