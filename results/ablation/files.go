package ablation

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/results/record"
	"satsim/results/table"
)

// Schema names the layout of the JSON.
const Schema = "satsim.ablation/2"

// Result is all combinations with what they are of.
type Result struct {
	Schema   string          `json:"schema"`
	Version  string          `json:"version"`
	Arch     json.RawMessage `json:"arch"` // resolved
	ArchName string          `json:"arch_name"`
	Network  string          `json:"network"`
	Note     string          `json:"note"`
	Images   int64           `json:"images"`
	Rows     []Combination   `json:"rows"`
	// Units of the machine: those that the array can wait for have a column each in the CSV and in the table for people.
	Units unit.Set `json:"-"`
}

// waits lists the units of the machine other than the array.
func (t *Result) waits() (out []string) {
	for u, of := range t.Units {
		if of != nil && word.Unit(u) != word.STCE {
			out = append(out, word.Unit(u).String())
		}
	}
	return out
}

// Write writes the table as indented JSON.
func (t *Result) Write(w io.Writer) error {
	t.Schema, t.Version = Schema, record.Version
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(t); err != nil {
		return fmt.Errorf("writing the ablation: %w", err)
	}
	return nil
}

// columns of the CSV: those before the waits for units, and those after. What SORE sorted, and for how long, is a figure of SORE's alone: the
// price of pruning again what was not kept pruned.
var before, after = []table.Field[Combination]{
	{Column: table.Key("optimisations"), Of: func(r *Combination) table.Cell { return table.Text(r.Optimisations) }},
	{Column: table.Key("interleave_mapping"), Of: func(r *Combination) table.Cell { return table.Mark(r.InterleaveMapping) }},
	{Column: table.Key("pregeneration"), Of: func(r *Combination) table.Cell { return table.Mark(r.Pregeneration) }},
	{Column: table.Key("offline_scheduling"), Of: func(r *Combination) table.Cell { return table.Mark(r.OfflineScheduling) }},
	{Column: table.Key("recipe"), Of: func(r *Combination) table.Cell { return table.Text(r.Recipe) }},
	{Column: table.Key("sparsity"), Of: func(r *Combination) table.Cell { return table.Text(r.Sparsity) }},
	{Column: table.Key("cycles"), Of: func(r *Combination) table.Cell { return table.Whole(r.Cycles) }},
	{Column: table.Key("time_s"), Of: func(r *Combination) table.Cell { return table.Real(r.TimeS) }},
	{Column: table.Key("speedup"), Of: func(r *Combination) table.Cell { return table.Real(r.Speedup) }},
	{Column: table.Key("baseline_speedup"), Of: func(r *Combination) table.Cell { return table.Real(r.ToBase) }},
	{Column: table.Key("array_computing_cycles"), Of: func(r *Combination) table.Cell { return table.Whole(r.Array.Computing) }},
	{Column: table.Key("array_issue_cycles"), Of: func(r *Combination) table.Cell { return table.Whole(r.Busy.Issue) }},
	{Column: table.Key("array_hazard_cycles"), Of: func(r *Combination) table.Cell { return table.Whole(r.Busy.Hazard) }},
	{Column: table.Key("array_feed_cycles"), Of: func(r *Combination) table.Cell { return table.Whole(r.Busy.Feed) }},
	{Column: table.Key("array_ends_cycles"), Of: func(r *Combination) table.Cell { return table.Whole(r.Busy.Ends) }},
	{Column: table.Key("array_filling_cycles"), Of: func(r *Combination) table.Cell { return table.Whole(r.Array.Filling) }},
	{Column: table.Key("array_draining_cycles"), Of: func(r *Combination) table.Cell { return table.Whole(r.Array.Draining) }},
}, []table.Field[Combination]{
	{Column: table.Key("array_no_word_cycles"), Of: func(r *Combination) table.Cell { return table.Whole(r.Array.NoWord) }},
	{Column: table.Key("array_reconfigure_cycles"), Of: func(r *Combination) table.Cell { return table.Whole(r.Array.Reconfigure) }},
	{Column: table.Key("dram_read_bytes"), Of: func(r *Combination) table.Cell { return table.Whole(r.ReadBytes) }},
	{Column: table.Key("dram_write_bytes"), Of: func(r *Combination) table.Cell { return table.Whole(r.WriteBytes) }},
	{Column: table.Key("sorted_elements"), Of: func(r *Combination) table.Cell { return table.Whole(r.Sorted) }},
	{Column: table.Key("sore_busy_cycles"), Of: func(r *Combination) table.Cell { return table.Whole(r.SoreCycles) }},
}

// WriteCSV writes the rows, a header first.
func (t *Result) WriteCSV(w io.Writer) error {
	columns := slices.Clone(before)
	for _, u := range t.waits() {
		columns = append(columns, table.Field[Combination]{
			Column: table.Key("array_wait_" + u + "_cycles"), Of: func(r *Combination) table.Cell { return table.Whole(r.Array.Wait(u)) },
		})
	}
	return table.Of(append(columns, after...), t.Rows).CSV(w)
}

// share of the step's cycles that stands in the table for people, in percent.
type share struct {
	name string
	of   func(r *Combination) int64
}

func (t *Result) shares() []share {
	out := []share{
		{"issue", func(r *Combination) int64 { return r.Busy.Issue }},
		{"hazard", func(r *Combination) int64 { return r.Busy.Hazard }},
		{"feed", func(r *Combination) int64 { return r.Busy.Feed }},
		{"ends", func(r *Combination) int64 { return r.Busy.Ends }},
		{"fill, drain", func(r *Combination) int64 { return r.Array.Filling + r.Array.Draining }},
	}
	for _, u := range t.waits() {
		out = append(out, share{u, func(r *Combination) int64 { return r.Array.Wait(u) }})
	}
	return append(out, share{"no word", func(r *Combination) int64 { return r.Array.NoWord + r.Array.Reconfigure }})
}

// WriteText writes what people read: recipe by recipe, each in the order of the variants.
func (t *Result) WriteText(w io.Writer) error {
	out := &table.Table{Columns: []table.Column{
		table.Words("recipe"), table.Words("optimisations"), table.Scaled("", "Mcycles", -6, 3), table.Numbers("x none", "", 3), table.Numbers("x baseline", "", 3),
	}}
	shares := t.shares()
	for _, s := range shares {
		out.Columns = append(out.Columns, table.Column{Name: s.name, NumberFormat: table.NumberFormat{Decimals: 1, Hidden: true}})
	}
	out.Columns = append(out.Columns, table.Scaled("DRAM", "GB", -9, 3), table.Scaled("sorted", "M", -6, 1))
	last := ""
	for _, r := range byRecipe(t.Rows) {
		name := ""
		if r.Recipe != last {
			if name = r.Recipe; r.Sparsity != "1:1" {
				name += " " + r.Sparsity
			}
		}
		cells := []table.Cell{table.Text(name), table.Text(r.Optimisations), table.Whole(r.Cycles), table.Real(r.Speedup), table.Real(r.ToBase)}
		for _, s := range shares {
			cells = append(cells, table.Share(s.of(r), r.Cycles))
		}
		if cells = append(cells, table.Whole(r.ReadBytes+r.WriteBytes), table.Whole(r.Sorted)); r.Recipe != last {
			out.AddRule(cells...)
		} else {
			out.Add(cells...)
		}
		last = r.Recipe
	}
	if _, err := fmt.Fprintf(w, "%s: %s\nbatch %d; arch %s\n"+
		"where the array's time went, in %% of the step: busy (issue, hazard, feed, ends of folds), waiting for a unit, without a word\n\n",
		t.Network, t.Note, t.Images, t.ArchName); err != nil {
		return fmt.Errorf("writing the ablation: %w", err)
	}
	return out.Terminal(w)
}

// byRecipe orders rows by recipe, each in the order of the variants.
func byRecipe(rows []Combination) (out []*Combination) {
	var names []string
	seen := map[string]bool{}
	for i := range rows {
		if !seen[rows[i].Recipe] {
			seen[rows[i].Recipe] = true
			names = append(names, rows[i].Recipe)
		}
	}
	for _, n := range names {
		for i := range rows {
			if rows[i].Recipe == n {
				out = append(out, &rows[i])
			}
		}
	}
	return out
}
