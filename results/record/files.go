package record

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// columns of the per-layer table, with the figure of each.
var columns = []struct {
	name  string
	value func(run *Run, l *Layer) string
}{
	{"recipe", func(r *Run, _ *Layer) string { return r.Recipe }},
	{"layer", func(_ *Run, l *Layer) string { return l.Layer }},
	{"op", func(_ *Run, l *Layer) string { return l.Op }},
	{"stage", func(_ *Run, l *Layer) string { return l.Stage }},
	{"sparsity", func(_ *Run, l *Layer) string { return l.Sparsity }},
	{"cycles", func(_ *Run, l *Layer) string { return whole(l.Cycles) }},
	{"time_s", func(_ *Run, l *Layer) string { return real(l.TimeS) }},
	{"dense_macs", func(_ *Run, l *Layer) string { return whole(l.DenseMACs) }},
	{"performed_macs", func(_ *Run, l *Layer) string { return whole(l.PerformedMACs) }},
	{"dense_equivalent_gflops", func(_ *Run, l *Layer) string { return real(l.DenseGFLOPS) }},
	{"effective_gflops", func(_ *Run, l *Layer) string { return real(l.EffectiveGFLOPS) }},
	{"array_utilisation", func(_ *Run, l *Layer) string { return real(l.Utilisation) }},
	{"dram_read_bytes", func(_ *Run, l *Layer) string { return whole(l.ReadBytes) }},
	{"dram_write_bytes", func(_ *Run, l *Layer) string { return whole(l.WriteBytes) }},
	{"array_busy_cycles", func(_ *Run, l *Layer) string { return whole(l.ArrayCycles) }},
	{"vector_busy_cycles", func(_ *Run, l *Layer) string { return whole(l.VectorCycles) }},
	{"sore_busy_cycles", func(_ *Run, l *Layer) string { return whole(l.SoreCycles) }},
	{"wuve_busy_cycles", func(_ *Run, l *Layer) string { return whole(l.WuveCycles) }},
	{"sorted_elements", func(_ *Run, l *Layer) string { return whole(l.Sorted) }},
	{"updated_parameters", func(_ *Run, l *Layer) string { return whole(l.Updated) }},
	{"energy_j", func(_ *Run, l *Layer) string {
		return joules(l.Joules, func(i *Interval) float64 { return i.Value })
	}},
	{"energy_low_j", func(_ *Run, l *Layer) string {
		return joules(l.Joules, func(i *Interval) float64 { return i.Low })
	}},
	{"energy_high_j", func(_ *Run, l *Layer) string {
		return joules(l.Joules, func(i *Interval) float64 { return i.High })
	}},
	{"energy_by_unit_j", func(_ *Run, l *Layer) string { return byUnit(l.Units) }},
}

// joules is empty where no table was given.
func joules(i *Interval, end func(*Interval) float64) string {
	if i == nil {
		return ""
	}
	return real(end(i))
}

// byUnit lists the joules of every unit as name=value.
func byUnit(units []UnitEnergy) string {
	out := make([]string, len(units))
	for i, u := range units {
		out[i] = u.Unit + "=" + real(u.Joules.Value)
	}
	return strings.Join(out, " ")
}

func whole(v int64) string  { return strconv.FormatInt(v, 10) }
func real(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// WriteLayers writes the per-layer table of all runs as CSV, a header first.
func (r *Record) WriteLayers(w io.Writer) error {
	c := csv.NewWriter(w)
	row := make([]string, len(columns))
	for i, col := range columns {
		row[i] = col.name
	}
	if err := c.Write(row); err != nil {
		return fmt.Errorf("writing the per-layer table: %w", err)
	}
	for i := range r.Runs {
		for k := range r.Runs[i].Layers {
			for j, col := range columns {
				row[j] = col.value(&r.Runs[i], &r.Runs[i].Layers[k])
			}
			if err := c.Write(row); err != nil {
				return fmt.Errorf("writing the per-layer table: %w", err)
			}
		}
	}
	c.Flush()
	return c.Error()
}
