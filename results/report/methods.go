package report

import (
	"bytes"
	"context"
	"fmt"
	"math"

	"satsim/internal/ratio"
	"satsim/results/plot"
	"satsim/results/query"
	"satsim/results/reference/train"
	"satsim/results/table"
	"satsim/results/training"
)

// learned are the shipped trainings of the literature's recipes, over seeds.
func learned() ([]training.SeedGroup, error) {
	rows, err := training.ReadResults(bytes.NewReader(train.Methods))
	if err != nil {
		return nil, fmt.Errorf("the shipped trainings of recipes: %w", err)
	}
	return training.Summarise(rows), nil
}

// lost is what a recipe at a ratio loses of dense training's accuracy on a network, in percent, and half of the 95 % interval of its mean over seeds, which are taken one by one; NaN: nobody trained it so.
func lost(of []training.SeedGroup, network, recipe, ratio string) (mean, half float64) {
	for i := range of {
		g := &of[i]
		if g.Network == network && g.Recipe == recipe && g.Sparsity == ratio && g.Difference.Of > 1 {
			return -100 * g.Difference.Mean, 100 * g.Difference.Interval()
		}
	}
	return math.NaN(), math.NaN()
}

// grounds are the networks that trainings are of, each with the one whose costs a figure has beside it.
var grounds = []struct{ trained, costed string }{{"resnet-fmnist", "resnet50"}, {"vit-fmnist", "vit-b16"}, {"lm-bytes", "gpt2"}}

// methods lists what recipes of the literature cost on networks of full size, and what small trainings lose by them.
func methods(t *table.Table, in *Input) error {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return errNothing
	}
	if err := query.AlikeByNetwork(rows, "recipe", "sparsity"); err != nil {
		return err
	}
	of, err := learned()
	if err != nil {
		return err
	}
	t.Columns = []table.Column{
		table.Words("network"), table.Numbers("batch", "", 0), table.Words("recipe"), table.Words("N:M"), table.Times("step"), table.Times("MAC bound"), table.Times("energy"),
		table.Scaled("sorted", "M", -6, 1), table.Scaled("moved", "GB", -9, 3), table.Times("bytes"),
	}
	for _, g := range grounds {
		t.Columns = append(t.Columns, table.Numbers("lost on "+g.trained, "%", 2), table.Numbers("half interval, "+g.trained, "%", 2))
	}
	network := ""
	for i := range rows {
		r := &rows[i]
		run, base := r.Point.Run, r.Base.Run
		speed, _ := r.Float("speedup")
		sorted, _ := r.Float("sorted_elements")
		energy := math.NaN()
		if run.Energy != nil && base.Energy != nil {
			energy = base.Energy.Joules.Value / run.Energy.Joules.Value
		}
		moved, before := run.Total.ReadBytes+run.Total.WriteBytes, base.Total.ReadBytes+base.Total.WriteBytes
		cells := []table.Cell{
			table.Text(r.Text("network")), table.Whole(r.Point.Batch), table.Text(r.Text("recipe")), table.Text(r.Text("sparsity")), table.Real(speed), table.Real(query.CompanionsOf(in.Rows, r).MACs), table.Real(energy),
			table.Real(sorted), table.Whole(moved), table.Real(ratio.Of(before, moved)),
		}
		for _, g := range grounds {
			mean, half := lost(of, g.trained, r.Text("recipe"), r.Text("sparsity"))
			cells = append(cells, table.Real(mean), table.Real(half))
		}
		if r.Text("network") != network {
			t.AddRule(cells...)
		} else {
			t.Add(cells...)
		}
		network = r.Text("network")
	}
	t.Notes = append(t.Notes,
		"step, energy, bytes: dense over the recipe, on the same accelerator and under the same optimiser; of recipes with phases a step outside of them, of masks that serve several steps one that finds them.",
		"sorted: elements by SORE in a step. moved: off-chip, read and written.",
		"lost: test accuracy of dense training less the recipe's, means over seeds taken one by one, with half of their 95 % intervals (Student's t), of trainings that are far from their end (results/reference/train/README.md): they say which recipes are in danger, and no more. activations on lm-bytes is with squared ReLUs, dense likewise.")
	return nil
}

// Names of marks that are nearer than this in speed-up and in percent would overlap.
const nearSpeed, nearLoss = 0.02, 0.4

// drawMethods draws what is lost over the speed-up, the small network's loss beside the cost of the large one of its kind.
func drawMethods(_ context.Context, in *Input) (*plot.Figure, error) {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return nil, errNothing
	}
	of, err := learned()
	if err != nil {
		return nil, err
	}
	var series []plot.Series
	for _, g := range grounds {
		s := plot.Series{Name: "speed-up on " + g.costed + ", loss on " + g.trained}
		for i := range rows {
			r := &rows[i]
			mean, half := lost(of, g.trained, r.Text("recipe"), r.Text("sparsity"))
			if speed, ok := r.Float("speedup"); ok && r.Text("network") == g.costed && !math.IsNaN(mean) {
				s.Marks = append(s.Marks, plot.Mark{X: speed, Y: mean, Deviation: half, Name: r.Text("recipe")})
			}
		}
		for i := range s.Marks { // names of marks that lie on each other stand together
			for k := range s.Marks[:i] {
				if a, b := &s.Marks[k], &s.Marks[i]; a.Name != "" && math.Abs(a.X-b.X) < nearSpeed && math.Abs(a.Y-b.Y) < nearLoss {
					a.Name, b.Name = a.Name+", "+b.Name, ""
				}
			}
		}
		if len(s.Marks) > 0 {
			series = append(series, s)
		}
	}
	if len(series) == 0 {
		return nil, fmt.Errorf("%w: no point is of a network and a recipe of which there are trainings", errNothing)
	}
	return plot.Trades(plot.Axes{X: "speed-up of a step over dense (×)", Y: "test accuracy lost (%)"}, series, nil)
}
