package codesign

import (
	"io"
	"strings"

	"satsim/arch/fpga"
	"satsim/results/table"
)

func words(name, key string, of func(*Point) string) table.Field[Point] {
	return table.Field[Point]{Column: table.Column{Name: name, Key: key, Left: true}, Of: func(p *Point) table.Cell { return table.Text(of(p)) }}
}

func number(name, key, unit string, f table.NumberFormat, of func(*Point) table.Cell) table.Field[Point] {
	return table.Field[Point]{Column: table.Column{Name: name, Key: key, Unit: unit, NumberFormat: f}, Of: of}
}

// fields of the table. Programs read seconds, joules and shares, people milliseconds, millijoules and percent.
func fields() []table.Field[Point] {
	energy := table.NumberFormat{Shift: 3, Digits: 4}
	batch := number("batch", "batch", "", table.NumberFormat{}, func(p *Point) table.Cell { return table.Whole(p.Batch) })
	batch.Left = true // among the names of what is compared
	out := []table.Field[Point]{
		words("arch", "arch", func(p *Point) string { return p.Arch }),
		words("network", "network", func(p *Point) string { return p.Network }),
		batch,
		words("optimiser", "optimiser", func(p *Point) string { return string(p.Optimiser) }),
		words("recipe", "recipe", func(p *Point) string { return p.Recipe }),
		words("N:M", "sparsity", func(p *Point) string { return p.Sparsity }),
		number("accuracy", "test_accuracy", "%", table.Percent(2), trained(func(p *Point) table.Cell { return table.Real(p.Training.Accuracy.Mean) })),
		number("±", "test_accuracy_deviation", "", table.Percent(2), trained(func(p *Point) table.Cell {
			if p.Training.Seeds < 2 {
				return table.Cell{}
			}
			return table.Real(p.Training.Accuracy.Deviation)
		})),
		number("seeds", "seeds", "", table.NumberFormat{}, trained(func(p *Point) table.Cell { return table.Whole(p.Training.Seeds) })),
		number("images", "train_images", "", table.NumberFormat{}, trained(func(p *Point) table.Cell { return table.Whole(p.Training.TrainImages) })),
		number("epochs", "epochs", "", table.NumberFormat{}, trained(func(p *Point) table.Cell { return table.Whole(p.Training.EpochsInAll()) })),
		number("step", "step_time_s", "ms", table.NumberFormat{Shift: 3, Decimals: 3}, func(p *Point) table.Cell { return table.Real(p.TimeS) }),
		number("speed-up", "speedup", "", table.NumberFormat{Decimals: 3}, func(p *Point) table.Cell {
			if p.Speedup == 0 {
				return table.Cell{}
			}
			return table.Real(p.Speedup)
		}),
		number("energy", "energy_j", "mJ", energy, func(p *Point) table.Cell { return table.Real(p.Energy.Value) }),
		number("low", "energy_low_j", "", energy, func(p *Point) table.Cell { return table.Real(p.Energy.Low) }),
		number("high", "energy_high_j", "", energy, func(p *Point) table.Cell { return table.Real(p.Energy.High) }),
	}
	for _, r := range []fpga.Resource{fpga.LUT, fpga.DSP} {
		key := strings.ToLower(r.String())
		out = append(out,
			number(r.String()+" low", key+"_low", "", table.NumberFormat{}, func(p *Point) table.Cell { return table.Whole(p.Resources.Lines[r].Use.Low) }),
			number(r.String()+" high", key+"_high", "", table.NumberFormat{}, func(p *Point) table.Cell { return table.Whole(p.Resources.Lines[r].Use.High) }))
	}
	return append(out,
		number("on its board", "fit", "", table.NumberFormat{}, func(p *Point) table.Cell { return table.Text(string(p.Resources.Fit)) }),
		number("Pareto", "front", "", table.NumberFormat{}, func(p *Point) table.Cell { return table.Mark(p.Front) }),
		number("chance", "front_probability", "%", table.Percent(0), func(p *Point) table.Cell {
			if !p.HasChance {
				return table.Cell{}
			}
			return table.Real(p.Chance)
		}))
}

func trained(of func(p *Point) table.Cell) func(p *Point) table.Cell {
	return func(p *Point) table.Cell {
		if p.Training == nil {
			return table.Cell{}
		}
		return of(p)
	}
}

// Points are what was asked for, in its order.
type Points []Point

// Text writes the table.
func (p Points) Text(w io.Writer) error { return p.Table().Terminal(w) }

// JSON writes the table.
func (p Points) JSON(w io.Writer) error { return p.Table().JSON(w) }

// Table has a row a point.
func (p Points) Table() *table.Table {
	t := table.Of(fields(), p)
	t.Name, t.Missing = "codesign", "-"
	return t
}
