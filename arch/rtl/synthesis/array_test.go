package synthesis

import (
	"os"
	"slices"
	"strings"
	"testing"

	"satsim/arch/rtl/netlist"
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
