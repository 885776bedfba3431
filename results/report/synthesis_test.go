package report

import (
	"bytes"
	"strings"
	"testing"

	"satsim/arch/fpga"
	"satsim/arch/rtl"
	"satsim/arch/rtl/netlist"
	"satsim/arch/rtl/synthesis"
	"satsim/arch/spec"
)

// Modules of two units by hand: 3 of 100 LUTs of six inputs and 4 flip-flops each are 300 and 12, within the estimate of 200 to 300 and outside of that of 13; one of 7 LUTs in the
// other unit is below 8, with three halves of block RAM two whole ones, where one is estimated. Each unit has its sum, and its longest path.
func TestSynthesisOfSeveralUnits(t *testing.T) {
	use := func(lut, ff fpga.Range) (u fpga.ResourceUse) { u[fpga.LUT], u[fpga.FF] = lut, ff; return u }
	made := func(unit, module string, count int64, luts, ffs, ps int, estimate fpga.ResourceUse) rtl.Synthesized {
		m := rtl.Synthesized{Module: rtl.Module{Unit: unit, Name: module, Point: synthesis.Of(module), Count: count, Estimate: estimate}}
		m.Cells, m.Longest = netlist.Counts{FF: ffs}, ps
		m.Cells.LUT[6] = luts
		return m
	}
	lane := made("sore", "sore_lane", 1, 7, 0, 250, use(fpga.Range{Low: 8, High: 9}, fpga.Range{}))
	lane.Cells.BRAM18, lane.Estimate[fpga.BRAM] = 3, fpga.Range{Low: 1, High: 1}
	s := SynthesisOf(&spec.Spec{Arch: spec.DefaultArch()}, "yosys 1", []rtl.Synthesized{
		made("stce", "stce_uspe", 3, 100, 4, 3580, use(fpga.Range{Low: 200, High: 300}, fpga.Range{Low: 13, High: 13})),
		made("stce", "stce_row", 1, 0, 0, 4036, fpga.ResourceUse{}),
		lane,
	})
	var out bytes.Buffer
	if err := s.Text(&out); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "│") {
			rows = append(rows, strings.Join(strings.Fields(strings.ReplaceAll(line, "│", " ")), " "))
		}
	}
	for i, want := range []string{
		"stce stce_uspe 3 3.58 100 300 200 to 300 0 0 12 13 0 0 0 0 ff", "stce stce_row 1 4.04 0 0 0 0 0 0 0 0 0 0 0 none",
		"stce all of these 4.04 300 200 to 300 0 0 12 13 0 0 0 0 ff",
		"sore sore_lane 1 0.25 7 7 8 to 9 0 0 0 0 0 0 2 1 lut bram36", "sore all of these 0.25 7 8 to 9 0 0 0 0 0 0 2 1 lut bram36",
	} {
		if len(rows) != 6 || rows[1+i] != want {
			t.Errorf("row %d of %q, want %q", 1+i, rows, want)
		}
	}
}
