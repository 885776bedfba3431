package report

import (
	"io"
	"slices"

	"satsim/arch/fpga"
	"satsim/arch/rtl"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/results/table"
)

// Synthesis is what yosys makes of an architecture's modules, beside what is estimated.
type Synthesis struct {
	arch, yosys string
	adders      bool // of the architecture are in DSP slices
	modules     []rtl.Synthesized
}

// SynthesisOf holds modules against their estimates; yosys is the program's version.
func SynthesisOf(s *spec.Spec, yosys string, modules []rtl.Synthesized) *Synthesis {
	return &Synthesis{s.Name, yosys, s.STCE.AddIn == stce.AdderDSP, modules}
}

// Text writes what people read.
func (s *Synthesis) Text(w io.Writer) error {
	p := newPage(w)
	p.Printf("%s, modules of its units by %s, and as estimated\n\n", s.arch, s.yosys)
	t := &table.Table{Name: "synthesis", Columns: []table.Column{table.Words("unit"), table.Words("module"), counts("of them"), table.Scaled("longest path", "ns", -3, 2), counts("lut each"), counts("lut"), counts("estimated")}}
	for _, r := range []fpga.Resource{fpga.LUTMemory, fpga.FF, fpga.DSP, fpga.BRAM} {
		t.Columns = append(t.Columns, counts(r.String()), counts("estimated"))
	}
	t.Columns = append(t.Columns, table.Words("outside"))
	for i := 0; i < len(s.modules); {
		unit, add := sum{unit: s.modules[i].Unit}, t.AddRule // a line above a unit's first
		for ; i < len(s.modules) && s.modules[i].Unit == unit.unit; i++ {
			m := &s.modules[i]
			one := made(m)
			unit.add(one.Times(m.Count), m.Estimate)
			unit.longest = max(unit.longest, m.Longest)
			add(line(m.Unit, m.Name, table.Whole(m.Count), table.Whole(int64(m.Longest)), table.Whole(one[fpga.LUT].Low), one.Times(m.Count), m.Estimate)...)
			add = t.Add
		}
		t.AddRule(line(unit.unit, "all of these", table.Cell{}, table.Whole(int64(unit.longest)), table.Cell{}, unit.made, unit.estimate)...)
	}
	p.Table(t)
	p.Printf("\n")
	p.say("yosys packs no registers into DSP slices, pairs no LUTs, counts carries as CARRY4, leaves LUTs of one input that only pass on, and builds adders of LUTs whatever it is told; low ends of the estimates are corrected for that, high ends are not.")
	p.say("The longest path is between registers of a module, every port being a register of a neighbour, by a walk over the netlist with a stated table of delays; block RAMs are of 36 Kb.")
	array := func(m rtl.Synthesized) bool { return m.Unit == word.STCE.String() }
	if s.adders && slices.ContainsFunc(s.modules, array) {
		p.say("The array's adders are of logic in Verilog, and estimated so here; satsim resources takes them in DSP slices (stce.add_in: dsp), at two each.")
	}
	p.say("What a unit's module has between those above, buffers, memory ports and the controller are not synthesized.")
	return p.Err()
}

// sum is a unit so far.
type sum struct {
	unit           string
	made, estimate fpga.ResourceUse
	longest        int // path of a module
}

func (s *sum) add(made, estimate fpga.ResourceUse) {
	s.made, s.estimate = s.made.Plus(made), s.estimate.Plus(estimate)
}

// made is what one module takes by yosys.
func made(m *rtl.Synthesized) (u fpga.ResourceUse) {
	c := &m.Cells
	for r, n := range map[fpga.Resource]int{fpga.LUT: c.LUTs() + c.Memory, fpga.LUTMemory: c.Memory, fpga.FF: c.FF, fpga.DSP: c.DSP, fpga.BRAM: (c.BRAM18 + 1) / 2} {
		u[r] = fpga.Range{Low: int64(n), High: int64(n)}
	}
	return u
}

// line is a row: counts beside their estimates, and the resources whose counts are outside of them.
func line(unit, module string, of, longest, each table.Cell, made, estimate fpga.ResourceUse) []table.Cell {
	cells, outside := []table.Cell{table.Text(unit), table.Text(module), of, longest, each}, ""
	for _, r := range []fpga.Resource{fpga.LUT, fpga.LUTMemory, fpga.FF, fpga.DSP, fpga.BRAM} {
		n := made[r].Low
		cells = append(cells, table.Whole(n), use(estimate[r]))
		if n < estimate[r].Low || n > estimate[r].High {
			outside += " " + r.String()
		}
	}
	if outside == "" {
		outside = " none"
	}
	return append(cells, table.Text(outside[1:]))
}
