package record

import (
	"io"
	"slices"

	"satsim/results/table"
)

// line is a layer's stage in a run.
type line struct {
	run *Run
	at  *Layer
}

// columns of the per-layer table of a record, with the figure of each. Those of the first units keep their names and places; of any other unit there are columns
// behind them.
func columns(r *Record) []table.Field[line] {
	busy, priced := r.units()
	busyNamed := []string{"stce", "vector", "sore", "wuve"}
	pricedNamed := []string{"stce", "sore", "wuve", "vector", "buffers", "dram", "clock", "static"}
	return slices.Concat(
		[]table.Field[line]{
			{Column: table.Key("recipe"), Of: func(l *line) table.Cell { return table.Text(l.run.Recipe) }},
			{Column: table.Key("layer"), Of: func(l *line) table.Cell { return table.Text(l.at.Layer) }},
			{Column: table.Key("op"), Of: func(l *line) table.Cell { return table.Text(l.at.Op) }},
			{Column: table.Key("stage"), Of: func(l *line) table.Cell { return table.Text(l.at.Stage) }},
			{Column: table.Key("sparsity"), Of: func(l *line) table.Cell { return table.Text(l.at.Sparsity) }},
			{Column: table.Key("cycles"), Of: func(l *line) table.Cell { return table.Whole(l.at.Cycles) }},
			{Column: table.Key("time_s"), Of: func(l *line) table.Cell { return table.Real(l.at.TimeS) }},
			{Column: table.Key("dense_macs"), Of: func(l *line) table.Cell { return table.Whole(l.at.DenseMACs) }},
			{Column: table.Key("performed_macs"), Of: func(l *line) table.Cell { return table.Whole(l.at.PerformedMACs) }},
			{Column: table.Key("dense_equivalent_gflops"), Of: func(l *line) table.Cell { return table.Real(l.at.DenseGFLOPS) }},
			{Column: table.Key("effective_gflops"), Of: func(l *line) table.Cell { return table.Real(l.at.EffectiveGFLOPS) }},
			{Column: table.Key("array_utilisation"), Of: func(l *line) table.Cell { return table.Real(l.at.Utilisation) }},
			{Column: table.Key("dram_read_bytes"), Of: func(l *line) table.Cell { return table.Whole(l.at.ReadBytes) }},
			{Column: table.Key("dram_write_bytes"), Of: func(l *line) table.Cell { return table.Whole(l.at.WriteBytes) }},
		},
		each(busyNamed, busyCycles),
		[]table.Field[line]{
			{Column: table.Key("sorted_elements"), Of: func(l *line) table.Cell { return table.Whole(l.at.Units.Of("sore").Counts.Of("elements")) }},
			{Column: table.Key("updated_parameters"), Of: func(l *line) table.Cell { return table.Whole(l.at.Units.Of("wuve").Counts.Of("parameters")) }},
			{Column: table.Key("energy_j"), Of: func(l *line) table.Cell { return joules(l.at, func(i *Interval) float64 { return i.Value }) }},
			{Column: table.Key("energy_low_j"), Of: func(l *line) table.Cell { return joules(l.at, func(i *Interval) float64 { return i.Low }) }},
			{Column: table.Key("energy_high_j"), Of: func(l *line) table.Cell { return joules(l.at, func(i *Interval) float64 { return i.High }) }},
		},
		each(pricedNamed, unitJoules),
		[]table.Field[line]{
			{Column: table.Key("own_cycles"), Of: func(l *line) table.Cell { return table.Whole(l.at.Own()) }},
		},
		each(without(busy, busyNamed), busyCycles), each(without(priced, pricedNamed), unitJoules),
	)
}

// units of a record's layers, and what has joules in them, by the order in which they come.
func (r *Record) units() (busy, priced []string) {
	add := func(list *[]string, name string) {
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	for i := range r.Runs {
		for k := range r.Runs[i].Layers {
			l := &r.Runs[i].Layers[k]
			for _, u := range l.Units {
				add(&busy, u.Unit)
			}
			if l.Energy == nil {
				continue
			}
			for _, u := range l.Energy.Units {
				add(&priced, u.Unit)
			}
		}
	}
	return busy, priced
}

func without(list, those []string) []string {
	return slices.DeleteFunc(list, func(name string) bool { return slices.Contains(those, name) })
}

func each(units []string, column func(unit string) table.Field[line]) (out []table.Field[line]) {
	for _, u := range units {
		out = append(out, column(u))
	}
	return out
}

// busyCycles is a unit's column; the array's has its older name.
func busyCycles(unit string) table.Field[line] {
	name := unit
	if unit == "stce" {
		name = "array"
	}
	return table.Field[line]{Column: table.Key(name + "_busy_cycles"), Of: func(l *line) table.Cell { return table.Whole(l.at.Units.Of(unit).Busy) }}
}

// joules is empty where no table was given.
func joules(l *Layer, end func(*Interval) float64) table.Cell {
	if l.Energy == nil {
		return table.Cell{}
	}
	return table.Real(end(&l.Energy.Joules))
}

// unitJoules is a unit's column. It is empty for a unit that the machine has not, and in records that have no joules by unit: the columns are the same in every file.
func unitJoules(unit string) table.Field[line] {
	return table.Field[line]{Column: table.Key("energy_" + unit + "_j"), Of: func(l *line) table.Cell {
		if l.at.Energy == nil {
			return table.Cell{}
		}
		i := slices.IndexFunc(l.at.Energy.Units, func(u UnitEnergy) bool { return u.Unit == unit })
		if i < 0 {
			return table.Cell{}
		}
		return table.Real(l.at.Energy.Units[i].Joules.Value)
	}}
}

// LayerTable is the per-layer table of all runs.
func (r *Record) LayerTable() *table.Table {
	var lines []line
	for i := range r.Runs {
		for k := range r.Runs[i].Layers {
			lines = append(lines, line{&r.Runs[i], &r.Runs[i].Layers[k]})
		}
	}
	return table.Of(columns(r), lines)
}

// WriteLayers writes the per-layer table as CSV, a header first.
func (r *Record) WriteLayers(w io.Writer) error { return r.LayerTable().CSV(w) }
