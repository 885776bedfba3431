package training

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"satsim/results/table"
)

// SeedGroup is what trainings that differ in their seed only say together.
type SeedGroup struct {
	Result                 // of one of them; its seed and its figures say nothing
	Seeds              int // that went to their end
	Lost               int // that diverged; no figure has a part of them
	Accuracy           Estimate
	Perplexity         Estimate // of a text, by byte: e to the test loss
	DensePerplexity    Estimate // of the dense trainings of the difference
	Difference         Estimate // to dense, seed by seed; Of is 0 where no dense training is alike
	PrunedFF, PrunedBP float64  // shares of the masked weights
	Overlap            float64
	ChangeFF, ChangeBP []float64 // by epoch, means over seeds
}

// Estimate is a mean with its sample standard deviation (0 of one sample, and not printed).
type Estimate struct {
	Mean, Deviation float64
	Of              int
}

// estimate of samples.
func estimate(x []float64) Estimate {
	e := Estimate{Of: len(x)}
	for _, v := range x {
		e.Mean += v / float64(len(x))
	}
	if len(x) > 1 {
		var squares float64
		for _, v := range x {
			squares += (v - e.Mean) * (v - e.Mean)
		}
		e.Deviation = math.Sqrt(squares / float64(len(x)-1))
	}
	return e
}

// Interval is half of the 95 % interval of the mean (Student's t); NaN of one sample.
func (e Estimate) Interval() float64 {
	if e.Of < 2 {
		return math.NaN()
	}
	t := distuv.StudentsT{Sigma: 1, Nu: float64(e.Of - 1)}
	return t.Quantile(0.975) * e.Deviation / math.Sqrt(float64(e.Of))
}

// Summarise puts rows together: settings in alphabetical order, in each dense first, then by recipe and ratio as ratios fall.
func Summarise(rows []Result) []SeedGroup {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.setting(), b.setting()), cmp.Compare(kept(b.Sparsity), kept(a.Sparsity)),
			cmp.Compare(a.Recipe, b.Recipe), cmp.Compare(a.Sparsity, b.Sparsity), cmp.Compare(a.RecipeHash, b.RecipeHash), cmp.Compare(a.Seed, b.Seed))
	})
	dense := baselines{}
	for i := range rows {
		if rows[i].Sparsity == noSparsity && rows[i].Diverged == 0 {
			dense.add(&rows[i])
		}
	}
	var out []SeedGroup
	for len(rows) > 0 {
		first := &rows[0]
		n := 1
		for n < len(rows) && rows[n].setting() == first.setting() && rows[n].Recipe == first.Recipe && rows[n].Sparsity == first.Sparsity &&
			rows[n].RecipeHash == first.RecipeHash {
			n++
		}
		out = append(out, group(rows[:n], dense))
		rows = rows[n:]
	}
	return out
}

const noSparsity = "1:1"

// kept is the N/M of a ratio as text.
func kept(ratio string) float64 {
	var n, m float64
	if _, err := fmt.Sscanf(ratio, "%f:%f", &n, &m); err != nil || m == 0 {
		return 0
	}
	return n / m
}

func group(rows []Result, dense baselines) SeedGroup {
	first := rows[0]
	all := len(rows)
	rows = slices.DeleteFunc(slices.Clone(rows), func(r Result) bool { return r.Diverged != 0 })
	g := SeedGroup{Result: first, Seeds: len(rows), Lost: all - len(rows)}
	if slices.ContainsFunc(rows, func(r Result) bool { return r.Init != first.Init }) {
		g.Init = "" // each seed has its own, of one lineage
	}
	if len(rows) == 0 {
		return g
	}
	var accuracy, difference, perplexity, densePerplexity []float64
	var weightsFF, weightsBP, keptFF, keptBP, shared, both int64
	epochs := len(rows[0].ChangeFF)
	g.ChangeFF, g.ChangeBP = make([]float64, epochs), make([]float64, epochs)
	for i, d := range dense.of(rows) {
		r := &rows[i]
		accuracy = append(accuracy, r.TestAccuracy)
		if r.Sequence > 0 {
			perplexity = append(perplexity, math.Exp(r.TestLoss))
		}
		if d != nil && r.Sparsity != noSparsity {
			difference = append(difference, r.TestAccuracy-d.TestAccuracy)
			if r.Sequence > 0 {
				densePerplexity = append(densePerplexity, math.Exp(d.TestLoss))
			}
		}
		weightsFF, weightsBP, keptFF, keptBP = weightsFF+r.WeightsFF, weightsBP+r.WeightsBP, keptFF+r.KeptFF, keptBP+r.KeptBP
		shared, both = shared+r.SharedFF, both+r.KeptBoth
		for k := range min(epochs, len(r.ChangeFF), len(r.ChangeBP)) {
			g.ChangeFF[k] += r.ChangeFF[k] / float64(len(rows))
			g.ChangeBP[k] += r.ChangeBP[k] / float64(len(rows))
		}
	}
	g.Accuracy, g.Difference, g.Perplexity, g.DensePerplexity = estimate(accuracy), estimate(difference), estimate(perplexity), estimate(densePerplexity)
	g.PrunedFF, g.PrunedBP = part(weightsFF-keptFF, weightsFF), part(weightsBP-keptBP, weightsBP)
	g.Overlap = part(both, shared)
	return g
}

// summaryColumns are for people in percent, for programs shares.
var summaryColumns = []table.Field[SeedGroup]{
	{Column: table.Column{Name: "network", Key: "network", Left: true}, Of: func(g *SeedGroup) table.Cell { return table.Text(g.Network) }},
	{Column: table.Column{Name: "recipe", Key: "recipe", Left: true}, Of: func(g *SeedGroup) table.Cell { return table.Text(g.Recipe) }},
	{Column: table.Column{Name: "N:M", Key: "sparsity", Left: true}, Of: func(g *SeedGroup) table.Cell { return table.Text(g.Sparsity) }},
	{Column: table.Key("seeds"), Of: func(g *SeedGroup) table.Cell { return table.Whole(g.Seeds) }},
	{Column: share("test accuracy", "test_accuracy", 2), Of: func(g *SeedGroup) table.Cell { return known(g.Accuracy.Mean, int64(g.Accuracy.Of)) }},
	{Column: deviation("test_accuracy_deviation"), Of: func(g *SeedGroup) table.Cell { return g.Accuracy.spread() }},
	{
		Column: table.Column{Name: "minus dense", Key: "difference", NumberFormat: table.NumberFormat{Shift: 2, Decimals: 2, Signed: true}},
		Of:     func(g *SeedGroup) table.Cell { return known(g.Difference.Mean, int64(g.Difference.Of)) },
	},
	{Column: deviation("difference_deviation"), Of: func(g *SeedGroup) table.Cell { return g.Difference.spread() }},
	{Column: share("pruned FF", "pruned_ff", 1), Of: func(g *SeedGroup) table.Cell { return known(g.PrunedFF, g.WeightsFF) }},
	{Column: share("pruned BP", "pruned_bp", 1), Of: func(g *SeedGroup) table.Cell { return known(g.PrunedBP, g.WeightsBP) }},
	{Column: share("FF/BP overlap", "overlap", 1), Of: func(g *SeedGroup) table.Cell { return known(g.Overlap, g.SharedFF) }},
	{Column: share("FF mask bits changed by epoch", "change_ff", 1), Of: func(g *SeedGroup) table.Cell { return list(g.ChangeFF, g.WeightsFF) }},
	{Column: share("BP mask bits changed by epoch", "change_bp", 1), Of: func(g *SeedGroup) table.Cell { return list(g.ChangeBP, g.WeightsBP) }},
	{Column: table.Key("diverged"), Of: func(g *SeedGroup) table.Cell { return table.Whole(g.Lost) }},
	{Column: table.Column{Name: "images seen", Key: "images_seen", For: table.Programs}, Of: func(g *SeedGroup) table.Cell { return table.Whole(g.seen(g.Epochs)) }},
}

// share is a column of shares, in percent for people.
func share(name, key string, decimals int) table.Column {
	return table.Column{Name: name, Key: key, Unit: "%", NumberFormat: table.Percent(decimals)}
}

func deviation(key string) table.Column {
	return table.Column{Name: "±", Key: key, NumberFormat: table.Percent(2)}
}

// spread is the deviation, which one sample has not.
func (e Estimate) spread() table.Cell { return known(e.Deviation, int64(e.Of-1)) }

// known is a figure of some weights or samples; nothing of none.
func known(v float64, of int64) table.Cell {
	if of < 1 {
		return table.Cell{}
	}
	return table.Real(v)
}

func list(v []float64, weights int64) table.Cell {
	if weights == 0 {
		return table.Cell{}
	}
	return table.List(v)
}

// textColumns are those of trainings on texts beside.
var textColumns = []table.Field[SeedGroup]{
	{
		Column: table.Column{Name: "test perplexity", Key: "test_perplexity", NumberFormat: table.NumberFormat{Decimals: 3}},
		Of:     func(g *SeedGroup) table.Cell { return known(g.Perplexity.Mean, int64(g.Perplexity.Of)) },
	},
	{
		Column: table.Column{Name: "±", Key: "test_perplexity_deviation", NumberFormat: table.NumberFormat{Decimals: 3}},
		Of:     func(g *SeedGroup) table.Cell { return g.Perplexity.spread() },
	},
}

// Table is the summary.
func Table(groups []SeedGroup) *table.Table {
	columns := append(slices.Clone(summaryColumns), traitFields(groups)...)
	if slices.ContainsFunc(groups, func(g SeedGroup) bool { return g.Sequence > 0 }) {
		columns = append(columns, textColumns...)
	}
	t := table.Of(columns, groups)
	t.Name, t.Missing = "summary", "-"
	return t
}

// WriteMarkdown writes a table for each setting that rows have in common.
func WriteMarkdown(w io.Writer, groups []SeedGroup) error {
	for len(groups) > 0 {
		first := &groups[0]
		n := 1
		for n < len(groups) && groups[n].setting() == first.setting() {
			n++
		}
		samples, more := "images", ""
		if first.Sequence > 0 {
			samples = fmt.Sprintf("samples of %d bytes", first.Sequence)
		}
		if first.WarmUp > 0 {
			more += fmt.Sprintf(", %d of the epochs to warm up", first.WarmUp)
		}
		if first.Augment != "" {
			more += ", images shown with " + first.Augment
		}
		if first.InitRecipe != "" {
			more += fmt.Sprintf(", begun with weights of %s after %d %s", first.InitRecipe, first.InitSeen, samples)
		}
		if _, err := fmt.Fprintf(w, "%s on %s: the first %d training and %d test %s, %d epochs, batch %d, %s, learning rate %g at first%s, numerics %s.\n\n",
			first.Network, first.Data, first.TrainImages, first.TestImages, samples, first.Epochs, first.Batch, first.Optimiser, first.LearningRate, more, first.Numerics); err != nil {
			return fmt.Errorf("writing the summary of trainings: %w", err)
		}
		if err := Table(groups[:n]).Markdown(w); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(w); err != nil {
			return fmt.Errorf("writing the summary of trainings: %w", err)
		}
		groups = groups[n:]
	}
	return nil
}
