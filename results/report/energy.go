package report

import (
	"fmt"
	"math"
	"slices"

	"satsim/arch/energy"
	"satsim/internal/config"
	"satsim/internal/quantity"
	"satsim/results/collect"
	"satsim/results/query"
	"satsim/results/record"
	"satsim/results/table"
)

// interval shows a value with its bounds.
func interval(i record.Interval) table.Cell {
	if i.Value == 0 {
		return table.Cell{}
	}
	return table.Bounded(i.Value, i.Low, i.High)
}

// joules lists what steps take, dense and under recipes, and what they do with it.
func joules(t *table.Table, in *Input) error {
	rows := slices.DeleteFunc(query.Compared(in.Rows), func(r query.NamedPoint) bool { return r.Point.Run.Energy == nil || r.Base.Run.Energy == nil })
	if len(rows) == 0 {
		return fmt.Errorf("no point that is compared with a baseline has joules")
	}
	if err := query.AlikeByNetwork(rows, "recipe", "sparsity"); err != nil {
		return err
	}
	people := table.Words("recipe")
	people.For = table.People
	name, ratio := people, table.Words("N:M")
	name.For, ratio.For = table.Programs, table.Programs
	t.Columns = []table.Column{
		table.Words("network"), people, name, ratio, table.Numbers("energy", "J", 1), table.Numbers("power", "W", 1), table.Numbers("images/J", "", 1),
		table.Numbers("dense-equivalent", "GFLOPS/W", 1), table.Numbers("effective", "GFLOPS/W", 1), table.Numbers("dense over it", "×", 2), table.Words("verdict"),
	}
	network := ""
	for i := range rows {
		r := &rows[i]
		if n := r.Text("network"); n != network {
			base := r.Text("baseline")
			t.AddRule(append([]table.Cell{table.Text(n), table.Text(base), table.Text(base), table.Text(r.Base.Run.Sparsity)}, append(priced(r.Base.Run.Energy), table.Cell{}, table.Cell{})...)...)
			network = n
		}
		ratio, err := energyRatio(r)
		if err != nil {
			return err
		}
		t.Add(append([]table.Cell{table.Text(network), table.Text(r.Text("recipe") + " " + r.Text("sparsity")), table.Text(r.Text("recipe")), table.Text(r.Text("sparsity"))},
			append(priced(r.Point.Run.Energy), interval(record.Interval(ratio)), table.Text(verdict(ratio)))...)...)
	}
	t.Notes = append(t.Notes,
		"Energy table "+rows[0].Point.Run.Energy.Table+". In brackets the bounds that its entries allow, entries of a group moving together; nothing here was measured on a board.",
		"dense over it: energy of the dense step over the recipe's, both by the same entries at once. undecided: the bounds hold 1.")
	return nil
}

func priced(e *record.RunEnergy) []table.Cell {
	return []table.Cell{
		interval(e.Joules), interval(e.PowerW), interval(e.ImagesPerJ), interval(e.DenseGFLOPSPerW), interval(e.EffectiveGFLOPSPerW),
	}
}

func verdict(i energy.Interval) string {
	switch i.Verdict() {
	case energy.Less:
		return "less energy"
	case energy.More:
		return "more energy"
	case energy.Undecided:
	}
	return "undecided"
}

// energyRatio is the energy of a row's baseline over its own, with the bounds that the row's energy table allows.
func energyRatio(r *query.NamedPoint) (energy.Interval, error) {
	var prices energy.Table
	text := r.Point.Energy
	if len(text) < 2 {
		return energy.Interval{}, fmt.Errorf("point %.12s has joules, but no energy table", r.Key)
	}
	src := config.Source{Name: "the energy table of point " + r.Key, Data: append([]byte(`{"kind": "energy", `), text[1:]...)}
	if err := config.Decode(src, "energy", &prices); err != nil {
		return energy.Interval{}, err
	}
	clock, ok := r.Float("clock")
	if !ok {
		return energy.Interval{}, fmt.Errorf("point %.12s has no clock", r.Key)
	}
	base, err := collect.Actions(r.Base.Run.Energy)
	if err != nil {
		return energy.Interval{}, err
	}
	own, err := collect.Actions(r.Point.Run.Energy)
	if err != nil {
		return energy.Interval{}, err
	}
	ratio, ok := energy.NewPrices(&prices, quantity.Frequency(math.Round(clock))).Ratio(base, own)
	if !ok {
		return energy.Interval{}, fmt.Errorf("point %.12s takes no energy", r.Key)
	}
	return ratio, nil
}
