package table

import (
	"fmt"
	"slices"
	"strings"

	"satsim/arch/spec"
	"satsim/results/query"
)

// Definition is a table that can be made.
type Definition struct {
	Name  string
	Title string
	// Sweep is the shipped sweep whose points the table is made of; empty if it needs none.
	Sweep string
	build func(t *Table, d *Input) error
}

// Input is what a table is made of.
type Input struct {
	*query.Data
	Spec spec.Spec // of the architecture that is asked about, for tables that need no points
}

// Definitions lists all tables.
func Definitions() []Definition {
	return []Definition{
		{"recipes", "Speed-up of training recipes over dense training on the same accelerator", "recipes", recipes},
		{"macs", "Multiply-accumulates of a training step", "recipes", macs},
		{"nm", "Speed-up of BDWP over dense by N:M ratio", "nm", byRatio},
		{"ablation", "The dataflow's optimisations, switched off one by one", "ablation", ablation},
		{"array", "Speed-up of BDWP over dense by size of the array", "array", byPath("rows × columns", "stce.rows", "stce.cols")},
		{"lanes", "Speed-up of BDWP over dense by lanes of the vector unit", "lanes", byPath("lanes", "vector.lanes")},
		{"bandwidth", "Speed-up of BDWP over dense by off-chip bandwidth", "bandwidth", byBandwidth},
		{"front", "Designs that no other beats in time and DSP slices", "design-space", front},
		{"energy", "Energy of a training step, modelled", "recipes", joules},
		{"resources", "FPGA resources by unit", "", resources},
		{"prior", "Prior FPGA training accelerators, as context", "recipes", prior},
	}
}

// Find looks a definition up.
func Find(name string) (Definition, error) {
	var names []string
	for _, d := range Definitions() {
		if d.Name == name {
			return d, nil
		}
		names = append(names, d.Name)
	}
	return Definition{}, fmt.Errorf("no table is named %q; %s and all are accepted", name, strings.Join(names, ", "))
}

// Build makes the table. Points that failed are left out, and a note says so.
func (d Definition) Build(in *Input, command string) (*Table, error) {
	t := &Table{Name: d.Name, Title: d.Title, Command: command}
	used := *in
	if in.Data != nil {
		data := *in.Data
		data.Rows = slices.DeleteFunc(slices.Clone(data.Rows), func(r query.Row) bool { return r.Point.Failed() })
		used.Data = &data
	}
	if err := d.build(t, &used); err != nil {
		return nil, fmt.Errorf("making table %s: %w", d.Name, err)
	}
	if in.Data != nil && len(used.Rows) < len(in.Rows) {
		t.Notes = append(t.Notes, fmt.Sprintf("%d points failed and are not shown.", len(in.Rows)-len(used.Rows)))
	}
	for _, r := range t.Rows {
		if len(r.Cells) != len(t.Columns) {
			return nil, fmt.Errorf("making table %s: a row has %d cells under %d columns", d.Name, len(r.Cells), len(t.Columns))
		}
	}
	return t, nil
}
