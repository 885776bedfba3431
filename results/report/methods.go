package report

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"

	"satsim/internal/ratio"
	"satsim/results/plot"
	"satsim/results/query"
	"satsim/results/reference/train"
	"satsim/results/table"
	"satsim/results/training"
	"satsim/workloads/recipe"
)

// learned are the shipped trainings of the literature's recipes, over seeds.
func learned() ([]training.SeedGroup, error) {
	rows, err := training.ReadResults(bytes.NewReader(train.Methods))
	if err != nil {
		return nil, fmt.Errorf("the shipped trainings of recipes: %w", err)
	}
	return training.Summarise(rows), nil
}

// trained is what trainings of a recipe at a ratio gave on a network, with the difference to dense; nil: nobody trained it so.
func trained(of []training.SeedGroup, network, recipe, ratio string) *training.SeedGroup {
	for i := range of {
		if g := &of[i]; g.Network == network && g.Recipe == recipe && g.Sparsity == ratio && (g.Difference.Of > 0 || g.Seeds == 0) {
			return g
		}
	}
	return nil
}

// lost is what trainings lost of dense training's accuracy, in percent, and half of the 95 % interval of its mean over seeds, which are taken one by one; NaN: there are none.
func lost(g *training.SeedGroup) (mean, half float64) {
	if g == nil || g.Difference.Of == 0 {
		return math.NaN(), math.NaN()
	}
	return 0 - 100*g.Difference.Mean, 100 * g.Difference.Interval()
}

// faster is how much faster a row's whole training is than dense training, for as many samples, with what its shipped trainings began with: weights of dense training,
// where they did not begin with random ones. NaN: a kind of its steps is not there.
func faster(rows []query.NamedPoint, r *query.NamedPoint, of []training.SeedGroup) (float64, error) {
	whole, err := query.Training(rows, r)
	if err != nil {
		return 0, err
	}
	before := 0.0
	for _, g := range grounds {
		if t := trained(of, g.trained, r.Text("recipe"), r.Text("sparsity")); t != nil && t.InitRecipe == recipe.Default().Name {
			before = t.Begun()
			break
		}
	}
	return 1 / (before + (1-before)/whole), nil
}

// ground is a network that trainings are of, with the one whose costs a figure has beside it.
type ground struct{ trained, costed string }

var grounds = []ground{{"resnet-fmnist", "resnet50"}, {"vit-fmnist", "vit-b16"}, {"lm-bytes", "gpt2"}}

// learnedColumns are what a table has of the trainings on a ground: perplexities of a text, and how many diverged where any did.
func (n ground) learnedColumns(of []training.SeedGroup) (columns []table.Column, cells func(g *training.SeedGroup) []table.Cell) {
	own := func(is func(g *training.SeedGroup) bool) bool {
		return slices.ContainsFunc(of, func(g training.SeedGroup) bool { return g.Network == n.trained && is(&g) })
	}
	text := own(func(g *training.SeedGroup) bool { return g.Sequence > 0 })
	diverged := own(func(g *training.SeedGroup) bool { return g.Lost > 0 })
	columns = []table.Column{table.Numbers("lost on "+n.trained, "%", 2), table.Numbers("half interval, "+n.trained, "%", 2)}
	if text {
		columns = append(columns, table.Numbers("perplexity on "+n.trained, "", 2), table.Numbers("half interval, perplexity on "+n.trained, "", 2), table.Numbers("dense perplexity on "+n.trained, "", 2))
	}
	if diverged {
		columns = append(columns, table.Numbers("diverged on "+n.trained, "", 0))
	}
	return columns, func(g *training.SeedGroup) []table.Cell {
		mean, half := lost(g)
		out := []table.Cell{table.Real(mean), table.Real(half)}
		perplexity := make([]table.Cell, 3)
		if g != nil && g.Perplexity.Of > 0 {
			perplexity[0], perplexity[1], perplexity[2] = table.Real(g.Perplexity.Mean), table.Real(g.Perplexity.Interval()), table.Real(g.DensePerplexity.Mean)
		}
		if text {
			out = append(out, perplexity...)
		}
		switch {
		case diverged && g != nil:
			out = append(out, table.Whole(g.Lost))
		case diverged:
			out = append(out, table.Cell{})
		}
		return out
	}
}

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
		table.Words("network"), table.Numbers("batch", "", 0), table.Words("recipe"), table.Words("N:M"), table.Times("step"), table.Numbers("step time", "s", 3), table.Times("training"), table.Times("MAC bound"), table.Times("energy"), table.Numbers("energy of a step", "J", 1),
		table.Scaled("sorted", "M", -6, 1), table.Scaled("moved", "GB", -9, 3), table.Times("bytes"),
	}
	cellsOf := make([]func(g *training.SeedGroup) []table.Cell, len(grounds))
	for i, g := range grounds {
		var columns []table.Column
		columns, cellsOf[i] = g.learnedColumns(of)
		t.Columns = append(t.Columns, columns...)
	}
	t.Missing = "-"
	network := ""
	for i := range rows {
		r := &rows[i]
		run, base := r.Point.Run, r.Base.Run
		speed, _ := r.Float("speedup")
		sorted, _ := r.Float("sorted_elements")
		whole, err := faster(in.Rows, r, of)
		if err != nil {
			return err
		}
		seconds, _ := r.Float("time_s")
		energy, joules := math.NaN(), math.NaN()
		if run.Energy != nil && base.Energy != nil {
			joules = run.Energy.Joules.Value
			energy = base.Energy.Joules.Value / run.Energy.Joules.Value
		}
		moved, before := run.Total.ReadBytes+run.Total.WriteBytes, base.Total.ReadBytes+base.Total.WriteBytes
		cells := []table.Cell{
			table.Text(r.Text("network")), table.Whole(r.Point.Batch), table.Text(r.Text("recipe")), table.Text(r.Text("sparsity")), table.Real(speed), table.Real(seconds), table.Real(whole), table.Real(query.CompanionsOf(in.Rows, r).MACs), table.Real(energy), table.Real(joules),
			table.Real(sorted), table.Whole(moved), table.Real(ratio.Of(before, moved)),
		}
		for k, g := range grounds {
			cells = append(cells, cellsOf[k](trained(of, g.trained, r.Text("recipe"), r.Text("sparsity")))...)
		}
		if r.Text("network") != network {
			t.AddRule(cells...)
		} else {
			t.Add(cells...)
		}
		network = r.Text("network")
	}
	t.Notes = append(t.Notes,
		"step, energy, bytes as ratios: dense over the recipe, on the same accelerator and under the same optimiser; of recipes with phases a step outside of them, of masks that serve several steps one that finds them.",
		"training: a whole training beside dense training, for as many samples: every kind of step of its phases, those that find masks and those that keep them, times its share; of finetune, maskllm and cast with the dense training before it, as in the trainings of this table. A dash: a kind of its steps is refused by the machine, as structure-decay's at 7:8 is by the shipped one, or is not among the points.",
		"sorted: elements by SORE in a step. moved: off-chip, read and written.",
		"lost: test accuracy of dense training less the recipe's, means over seeds taken one by one, with half of their 95 % intervals (Student's t), of trainings that are far from their end (results/reference/train/README.md): they say which recipes are in danger, and no more. activations on vit-fmnist and lm-bytes is with squared ReLUs, dense likewise; slope-adapters is of rank 4.",
		"finetune, maskllm, cast: dense for half of the steps, then the recipe for the other half, on the same samples, each half with a learning rate of its own that falls to zero; the others begin with random weights and have all of the steps. maskllm and cast gain nothing before they are done: their steps are those in which masks are learned, what is lost is of the masked network at the end.",
		"perplexity: e to the test loss in nats a byte, of the same trainings and of the dense ones beside them. A dash: nobody trained it, or all its trainings diverged, which a column counts where any did.")
	return nil
}

// drawMethods draws what is lost over the speed-up of whole trainings, the small network's loss beside the cost of the large one of its kind.
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
			mean, half := lost(trained(of, g.trained, r.Text("recipe"), r.Text("sparsity")))
			if math.IsNaN(half) { // of one seed
				half = 0
			}
			if r.Text("network") != g.costed || math.IsNaN(mean) {
				continue
			}
			whole, err := faster(in.Rows, r, of)
			if err != nil {
				return nil, err
			}
			if !math.IsNaN(whole) {
				s.Marks = append(s.Marks, plot.Mark{X: whole, Y: mean, Deviation: half, Name: r.Text("recipe")})
			}
		}
		if len(s.Marks) > 0 {
			series = append(series, s)
		}
	}
	if len(series) == 0 {
		return nil, fmt.Errorf("%w: no point is of a network and a recipe of which there are trainings", errNothing)
	}
	return plot.Trades(plot.Axes{X: "speed-up of a training over dense (×)", Y: "test accuracy lost (%)"}, series, nil)
}
