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
// other unit is below 8. Each unit has its sum.
func TestSynthesisOfSeveralUnits(t *testing.T) {
	use := func(lut, ff fpga.Range) (u fpga.ResourceUse) { u[fpga.LUT], u[fpga.FF] = lut, ff; return u }
	made := func(unit, module string, count int64, luts, ffs int, estimate fpga.ResourceUse) rtl.Synthesized {
		m := rtl.Synthesized{Module: rtl.Module{Unit: unit, Point: synthesis.Of(module), Count: count, Estimate: estimate}}
		m.Cells = netlist.Counts{FF: ffs}
		m.Cells.LUT[6] = luts
		return m
	}
	s := SynthesisOf(&spec.Spec{Arch: spec.DefaultArch()}, "yosys 1", []rtl.Synthesized{
		made("stce", "stce_uspe", 3, 100, 4, use(fpga.Range{Low: 200, High: 300}, fpga.Range{Low: 13, High: 13})),
		made("sore", "sore_lane", 1, 7, 0, use(fpga.Range{Low: 8, High: 9}, fpga.Range{})),
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
		"stce stce_uspe 3 100 300 200 to 300 0 0 12 13 0 0 ff", "stce all of these 300 200 to 300 0 0 12 13 0 0 ff",
		"sore sore_lane 1 7 7 8 to 9 0 0 0 0 0 0 lut", "sore all of these 7 8 to 9 0 0 0 0 0 0 lut",
	} {
		if len(rows) != 5 || rows[1+i] != want {
			t.Errorf("row %d of %q, want %q", 1+i, rows, want)
		}
	}
}
