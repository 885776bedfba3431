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

// columns of the per-layer table, with the figure of each.
var columns = []table.Field[line]{
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
	{Column: table.Key("array_busy_cycles"), Of: func(l *line) table.Cell { return table.Whole(l.at.Units.Of("stce").Busy) }},
	{Column: table.Key("vector_busy_cycles"), Of: func(l *line) table.Cell { return table.Whole(l.at.Units.Of("vector").Busy) }},
	{Column: table.Key("sore_busy_cycles"), Of: func(l *line) table.Cell { return table.Whole(l.at.Units.Of("sore").Busy) }},
	{Column: table.Key("wuve_busy_cycles"), Of: func(l *line) table.Cell { return table.Whole(l.at.Units.Of("wuve").Busy) }},
	{Column: table.Key("sorted_elements"), Of: func(l *line) table.Cell { return table.Whole(l.at.Units.Of("sore").Counts.Of("elements")) }},
	{Column: table.Key("updated_parameters"), Of: func(l *line) table.Cell { return table.Whole(l.at.Units.Of("wuve").Counts.Of("parameters")) }},
	{Column: table.Key("energy_j"), Of: func(l *line) table.Cell { return joules(l.at, func(i *Interval) float64 { return i.Value }) }},
	{Column: table.Key("energy_low_j"), Of: func(l *line) table.Cell { return joules(l.at, func(i *Interval) float64 { return i.Low }) }},
	{Column: table.Key("energy_high_j"), Of: func(l *line) table.Cell { return joules(l.at, func(i *Interval) float64 { return i.High }) }},
	{Column: table.Key("energy_stce_j"), Of: func(l *line) table.Cell { return unitJoules(l.at, "stce") }},
	{Column: table.Key("energy_sore_j"), Of: func(l *line) table.Cell { return unitJoules(l.at, "sore") }},
	{Column: table.Key("energy_wuve_j"), Of: func(l *line) table.Cell { return unitJoules(l.at, "wuve") }},
	{Column: table.Key("energy_vector_j"), Of: func(l *line) table.Cell { return unitJoules(l.at, "vector") }},
	{Column: table.Key("energy_buffers_j"), Of: func(l *line) table.Cell { return unitJoules(l.at, "buffers") }},
	{Column: table.Key("energy_dram_j"), Of: func(l *line) table.Cell { return unitJoules(l.at, "dram") }},
	{Column: table.Key("energy_clock_j"), Of: func(l *line) table.Cell { return unitJoules(l.at, "clock") }},
	{Column: table.Key("energy_static_j"), Of: func(l *line) table.Cell { return unitJoules(l.at, "static") }},
	{Column: table.Key("own_cycles"), Of: func(l *line) table.Cell { return table.Whole(l.at.Own()) }},
}

// joules is empty where no table was given.
func joules(l *Layer, end func(*Interval) float64) table.Cell {
	if l.Energy == nil {
		return table.Cell{}
	}
	return table.Real(end(&l.Energy.Joules))
}

// unitJoules is empty for a unit that the machine has not, and in records that have no joules by unit: the columns are the same in every file.
func unitJoules(l *Layer, unit string) table.Cell {
	if l.Energy == nil {
		return table.Cell{}
	}
	i := slices.IndexFunc(l.Energy.Units, func(u UnitEnergy) bool { return u.Unit == unit })
	if i < 0 {
		return table.Cell{}
	}
	return table.Real(l.Energy.Units[i].Joules.Value)
}

// LayerTable is the per-layer table of all runs.
func (r *Record) LayerTable() *table.Table {
	var lines []line
	for i := range r.Runs {
		for k := range r.Runs[i].Layers {
			lines = append(lines, line{&r.Runs[i], &r.Runs[i].Layers[k]})
		}
	}
	return table.Of(columns, lines)
}

// WriteLayers writes the per-layer table as CSV, a header first.
func (r *Record) WriteLayers(w io.Writer) error { return r.LayerTable().CSV(w) }
