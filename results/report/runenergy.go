package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"satsim/arch/energy"
	"satsim/arch/fpga"
	"satsim/results/record"
	"satsim/results/table"
)

// short is three digits or so: an energy table knows no more.
var short = table.NumberFormat{Short: true}

func figure(v float64) string { return table.Real(v).In(short) }

// Joules is a table of the joules of each run by unit, and of what follows from them.
func Joules(r *record.Record) *table.Table {
	t := &table.Table{Name: "energy", Columns: []table.Column{table.Words("energy by " + r.Runs[0].Energy.Table)}}
	for i := range r.Runs {
		t.Columns = append(t.Columns, table.Column{Name: r.Runs[i].Recipe, NumberFormat: short})
	}
	row := func(name string, value func(e *record.RunEnergy) record.Interval) []table.Cell {
		cells := []table.Cell{table.Text(name)}
		for i := range r.Runs {
			v := value(r.Runs[i].Energy)
			cells = append(cells, table.Bounded(v.Value, v.Low, v.High))
		}
		return cells
	}
	for _, name := range pricedUnits(r.Runs) {
		cells := []table.Cell{table.Text(name + " J")}
		for i := range r.Runs {
			units := r.Runs[i].Energy.Units
			c := table.Cell{} // of a machine without the unit
			if k := slices.IndexFunc(units, func(u record.UnitEnergy) bool { return u.Unit == name }); k >= 0 {
				c = table.Bounded(units[k].Joules.Value, units[k].Joules.Low, units[k].Joules.High)
			}
			cells = append(cells, c)
		}
		t.Add(cells...)
	}
	t.AddRule(row("step J", func(e *record.RunEnergy) record.Interval { return e.Joules })...)
	t.Add(row("average power W", func(e *record.RunEnergy) record.Interval { return e.PowerW })...)
	t.Add(row("images/J", func(e *record.RunEnergy) record.Interval { return e.ImagesPerJ })...)
	t.Add(row("dense-eq. GFLOPS/W", func(e *record.RunEnergy) record.Interval { return e.DenseGFLOPSPerW })...)
	t.Add(row("effective GFLOPS/W", func(e *record.RunEnergy) record.Interval { return e.EffectiveGFLOPSPerW })...)
	t.Add(row("energy-delay J s", func(e *record.RunEnergy) record.Interval { return e.EDP })...)
	return t
}

// pricedUnits names the units of all runs' machines, in the order of the machine that has the most of them.
func pricedUnits(runs []record.Run) (names []string) {
	most := slices.MaxFunc(runs, func(a, b record.Run) int { return len(a.Energy.Units) - len(b.Energy.Units) })
	for _, run := range append([]record.Run{most}, runs...) {
		for _, u := range run.Energy.Units {
			if !slices.Contains(names, u.Unit) {
				names = append(names, u.Unit)
			}
		}
	}
	return names
}

// energy writes joules, and what the comparison decides.
func (p page) energy(r *record.Record) {
	if len(r.Runs) == 0 || r.Runs[0].Energy == nil {
		return
	}
	last := &r.Runs[len(r.Runs)-1]
	if c := r.Comparison; c != nil && c.Energy != nil {
		p.verdict(last.Recipe, r.Runs[0].Recipe, c.Energy)
		p.Printf("\n")
	}
	p.Table(Joules(r))
	for i := range r.Runs {
		p.Printf("%s: %s\n", r.Runs[i].Recipe, rests(r.Runs[i].Energy))
	}
	if r.BoardTable != "" {
		p.Printf("priced by %s, as was asked; the board's own table is %s\n", last.Energy.Table, r.BoardTable)
	}
	if memory := unnamed(r); memory != "" {
		p.say(fmt.Sprintf("table %s names no memory (memory: in its file): its dram prices are taken for %s unchecked", last.Energy.Table, memory))
	}
	if len(last.Energy.Missing) > 0 {
		p.say("without an entry in the table, so at no cost: " + strings.Join(last.Energy.Missing, ", "))
	}
	p.Printf("\n")
}

// unnamed is the memory that an energy table priced without naming any; none if the table names what it prices.
func unnamed(r *record.Record) string {
	var prices struct {
		Memory []string `json:"memory"`
	}
	var arch struct {
		Board struct {
			Memory struct {
				Technology string `json:"technology"`
			} `json:"memory"`
		} `json:"board"`
	}
	if json.Unmarshal(r.EnergyTable, &prices) != nil || json.Unmarshal(r.Arch, &arch) != nil || len(prices.Memory) > 0 {
		return ""
	}
	return arch.Board.Memory.Technology
}

// rests says what part of the joules goes with time alone, and what their prices rest on.
func rests(e *record.RunEnergy) string {
	share := func(i record.Interval) string { return fmt.Sprintf("%.0f %%", 100*i.Value/e.Joules.Value) }
	if e.Joules.Value == 0 {
		return "nothing that was done has a price"
	}
	var bases []string
	for _, b := range e.Bases {
		name := b.Basis
		if name == "" {
			name = "of no stated basis"
		}
		bases = append(bases, share(b.Joules)+" "+name)
	}
	return fmt.Sprintf("%s of the joules is power and clock x time; by what prices rest on: %s", share(e.Standing), strings.Join(bases, ", "))
}

// moves is how many entries of a sensitivity table are shown.
const moves = 5

func (p page) verdict(recipe, base string, c *record.EnergyComparison) {
	takes := func(v string) string {
		if v == string(energy.Undecided) {
			return v
		}
		return "takes " + v
	}
	p.say(fmt.Sprintf("energy, %s against %s: %sx, %s; energy-delay: %sx, %s",
		recipe, base, figure(c.Ratio.Value), takes(c.Verdict), figure(c.EDPRatio.Value), takes(c.EDPVerdict)))
	p.Printf("  %-40s %sx to %sx; energy-delay: %sx to %sx\n", "bounds by the table's entries",
		figure(c.Ratio.Low), figure(c.Ratio.High), figure(c.EDPRatio.Low), figure(c.EDPRatio.High))
	for _, s := range c.Sensitivity[:min(moves, len(c.Sensitivity))] {
		p.Printf("  with %-35s %sx at its low, %sx at its high\n", s.Action, figure(s.Low), figure(s.High))
	}
}

// fit says in a line whether the accelerator fits its board.
func (p page) fit(r *record.Record) {
	if r.Resources == nil {
		return
	}
	var short []string
	for _, l := range r.Resources.Lines {
		if l.Fit == string(fpga.TooLarge) || l.Fit == string(fpga.Undecided) {
			short = append(short, excess(&l))
		}
	}
	line := "resources on " + r.Resources.Board + ": " + r.Resources.Fit
	if len(short) > 0 {
		line += " (" + strings.Join(short, "; ") + ")"
	}
	p.say(line)
}

// excess says of a resource that is short what is needed, how much that is too many, and the most that would fit.
func excess(l *record.ResourceLine) string {
	most := l.Limit
	if most == 0 {
		most = l.Available
	}
	need, over := count(l.Low, l.High), count(max(l.Low-most, 0), l.High-most)
	return fmt.Sprintf("%s %s, %s too many; at most %d: %s", l.Resource, need, over, most, l.Fit)
}

// count is an interval of whole numbers.
func count(low, high int64) string {
	if low == high {
		return fmt.Sprint(low)
	}
	return fmt.Sprintf("%d to %d", low, high)
}
