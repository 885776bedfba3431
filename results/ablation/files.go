package ablation

import (
	"encoding/json"
	"io"

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
	// Units of the machine: those that the array can wait for have a column each.
	Units unit.Set `json:"-"`
}

// waits lists the units of the machine other than the array.
func (r *Result) waits() (out []string) {
	for u, of := range r.Units {
		if of != nil && word.Unit(u) != word.STCE {
			out = append(out, word.Unit(u).String())
		}
	}
	return out
}

// JSON writes everything.
func (r *Result) JSON(w io.Writer) error {
	out := *r
	out.Schema, out.Version = Schema, record.Version
	return table.Indented(w, &out)
}

// forPrograms are columns of figures as they are. What SORE sorted, and for how long, is a figure of SORE's alone: the price of pruning again what
// was not kept pruned.
func (r *Result) forPrograms() []table.Field[Combination] {
	key := func(name string, of func(*Combination) table.Cell) table.Field[Combination] {
		f := table.Field[Combination]{Column: table.Key(name), Of: of}
		f.For = table.Programs
		return f
	}
	out := []table.Field[Combination]{
		key("optimisations", func(c *Combination) table.Cell { return table.Text(c.Optimisations) }),
		key("interleave_mapping", func(c *Combination) table.Cell { return table.Mark(c.InterleaveMapping) }),
		key("pregeneration", func(c *Combination) table.Cell { return table.Mark(c.Pregeneration) }),
		key("offline_scheduling", func(c *Combination) table.Cell { return table.Mark(c.OfflineScheduling) }),
		key("recipe", func(c *Combination) table.Cell { return table.Text(c.Recipe) }),
		key("sparsity", func(c *Combination) table.Cell { return table.Text(c.Sparsity) }),
		key("cycles", func(c *Combination) table.Cell { return table.Whole(c.Cycles) }),
		key("time_s", func(c *Combination) table.Cell { return table.Real(c.TimeS) }),
		key("speedup", func(c *Combination) table.Cell { return table.Real(c.Speedup) }),
		key("baseline_speedup", func(c *Combination) table.Cell { return table.Real(c.ToBase) }),
		key("array_computing_cycles", func(c *Combination) table.Cell { return table.Whole(c.Array.Computing) }),
		key("array_issue_cycles", func(c *Combination) table.Cell { return table.Whole(c.Busy.Issue) }),
		key("array_hazard_cycles", func(c *Combination) table.Cell { return table.Whole(c.Busy.Hazard) }),
		key("array_feed_cycles", func(c *Combination) table.Cell { return table.Whole(c.Busy.Feed) }),
		key("array_ends_cycles", func(c *Combination) table.Cell { return table.Whole(c.Busy.Ends) }),
		key("array_filling_cycles", func(c *Combination) table.Cell { return table.Whole(c.Array.Filling) }),
		key("array_draining_cycles", func(c *Combination) table.Cell { return table.Whole(c.Array.Draining) }),
	}
	for _, u := range r.waits() {
		out = append(out, key("array_wait_"+u+"_cycles", func(c *Combination) table.Cell { return table.Whole(c.Array.Wait(u)) }))
	}
	return append(out,
		key("array_no_word_cycles", func(c *Combination) table.Cell { return table.Whole(c.Array.NoWord) }),
		key("array_reconfigure_cycles", func(c *Combination) table.Cell { return table.Whole(c.Array.Reconfigure) }),
		key("dram_read_bytes", func(c *Combination) table.Cell { return table.Whole(c.ReadBytes) }),
		key("dram_write_bytes", func(c *Combination) table.Cell { return table.Whole(c.WriteBytes) }),
		key("sorted_elements", func(c *Combination) table.Cell { return table.Whole(c.Sorted) }),
		key("sore_busy_cycles", func(c *Combination) table.Cell { return table.Whole(c.SoreCycles) }))
}

// forPeople are columns of shares of the step's cycles, in percent, between times and what moved.
func (r *Result) forPeople() []table.Field[Combination] {
	type of = func(*Combination) table.Cell
	column := func(c table.Column, of of) table.Field[Combination] {
		c.For = table.People
		return table.Field[Combination]{Column: c, Of: of}
	}
	share := func(name string, cycles func(*Combination) int64) table.Field[Combination] {
		return column(table.Column{Name: name, NumberFormat: table.NumberFormat{Decimals: 1, Hidden: true}}, func(c *Combination) table.Cell { return table.Share(cycles(c), c.Cycles) })
	}
	out := []table.Field[Combination]{
		column(table.Words("recipe"), func(c *Combination) table.Cell {
			if c.Sparsity == "1:1" {
				return table.Text(c.Recipe)
			}
			return table.Text(c.Recipe + " " + c.Sparsity)
		}),
		column(table.Words("optimisations"), func(c *Combination) table.Cell { return table.Text(c.Optimisations) }),
		column(table.Scaled("", "Mcycles", -6, 3), func(c *Combination) table.Cell { return table.Whole(c.Cycles) }),
		column(table.Numbers("x none", "", 3), func(c *Combination) table.Cell { return table.Real(c.Speedup) }),
		column(table.Numbers("x baseline", "", 3), func(c *Combination) table.Cell { return table.Real(c.ToBase) }),
		share("issue", func(c *Combination) int64 { return c.Busy.Issue }),
		share("hazard", func(c *Combination) int64 { return c.Busy.Hazard }),
		share("feed", func(c *Combination) int64 { return c.Busy.Feed }),
		share("ends", func(c *Combination) int64 { return c.Busy.Ends }),
		share("fill, drain", func(c *Combination) int64 { return c.Array.Filling + c.Array.Draining }),
	}
	for _, u := range r.waits() {
		out = append(out, share(u, func(c *Combination) int64 { return c.Array.Wait(u) }))
	}
	return append(out,
		share("no word", func(c *Combination) int64 { return c.Array.NoWord + c.Array.Reconfigure }),
		column(table.Scaled("DRAM", "GB", -9, 3), func(c *Combination) table.Cell { return table.Whole(c.ReadBytes + c.WriteBytes) }),
		column(table.Scaled("sorted", "M", -6, 1), func(c *Combination) table.Cell { return table.Whole(c.Sorted) }))
}

// Table has a row a combination, for programs in their order, for people recipe by recipe: each has columns of its own.
func (r *Result) Table() *table.Table {
	programs, people := r.forPrograms(), r.forPeople()
	t := table.Of(append(programs, people...), r.Rows)
	t.Name = "optimisations"
	for i := range t.Rows {
		t.Rows[i].For = table.Programs
	}
	blank := make([]table.Cell, len(programs))
	last := ""
	for _, c := range byRecipe(r.Rows) {
		own := table.Cells(people, c)
		if c.Recipe == last {
			own[0] = table.Text("")
		}
		t.Rows = append(t.Rows, table.Row{Cells: append(blank[:len(blank):len(blank)], own...), For: table.People, Rule: last != "" && c.Recipe != last})
		last = c.Recipe
	}
	return t
}

// Text writes what people read.
func (r *Result) Text(w io.Writer) error {
	p := table.NewPage(w)
	p.Printf("%s: %s\nbatch %d; arch %s\n"+
		"where the array's time went, in %% of the step: busy (issue, hazard, feed, ends of folds), waiting for a unit, without a word\n\n",
		r.Network, r.Note, r.Images, r.ArchName)
	p.Table(r.Table())
	return p.Err()
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
