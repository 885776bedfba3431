package table

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
)

// interval shows a value with its bounds.
func interval(i record.Interval, decimals int) Cell {
	if i.Value == 0 {
		return Cell{}
	}
	return Bounded(i.Value, i.Low, i.High, decimals)
}

// joules lists what steps take, dense and under recipes, and what they do with it.
func joules(t *Table, in *Input) error {
	rows := slices.DeleteFunc(query.Compared(in.Rows), func(r query.Row) bool { return r.Point.Run.Energy == nil || r.Base.Run.Energy == nil })
	if len(rows) == 0 {
		return fmt.Errorf("no point that is compared with a baseline has joules")
	}
	t.Columns = []Column{
		{"network", "", true}, {"recipe", "", true}, {"energy", "J", false}, {"power", "W", false}, {"images/J", "", false},
		{"dense-equivalent", "GFLOPS/W", false}, {"performed", "GFLOPS/W", false}, {"dense over it", "×", false}, {"verdict", "", true},
	}
	network := ""
	for i := range rows {
		r := &rows[i]
		if n := r.Text("network"); n != network {
			t.rule(append([]Cell{Text(n), Text("dense")}, append(priced(r.Base.Run.Energy), Cell{}, Cell{})...)...)
			network = n
		}
		ratio, err := Ratio(r)
		if err != nil {
			return err
		}
		t.add(append([]Cell{Text(network), Text(r.Text("recipe") + " " + r.Text("sparsity"))},
			append(priced(r.Point.Run.Energy), interval(record.Interval(ratio), 2), Text(verdict(ratio)))...)...)
	}
	t.Notes = append(t.Notes,
		"Energy table "+rows[0].Point.Run.Energy.Table+". In brackets the bounds that its entries allow, entries of a group moving together; nothing here was measured on a board.",
		"dense over it: energy of the dense step over the recipe's, both by the same entries at once. undecided: the bounds hold 1.")
	return nil
}

func priced(e *record.RunEnergy) []Cell {
	return []Cell{
		interval(e.Joules, 1), interval(e.PowerW, 1), interval(e.ImagesPerJ, 1), interval(e.DenseGFLOPSPerW, 1), interval(e.EffectiveGFLOPSPerW, 1),
	}
}

func verdict(i energy.Interval) string {
	switch i.Verdict() {
	case energy.Less:
		return "less energy"
	case energy.More:
		return "more energy"
	}
	return "undecided"
}

// Ratio is the energy of a row's baseline over its own, with the bounds that the row's energy table allows.
func Ratio(r *query.Row) (energy.Interval, error) {
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
	ratio, ok := energy.NewModel(&prices, quantity.Frequency(math.Round(clock))).Ratio(base, own)
	if !ok {
		return energy.Interval{}, fmt.Errorf("point %.12s takes no energy", r.Key)
	}
	return ratio, nil
}
