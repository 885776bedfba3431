package training

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// Group is what trainings that differ in their seed only say together.
type Group struct {
	Result             // of one of them; its seed and its figures say nothing
	Seeds              int
	Accuracy           Estimate
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

// setting is what trainings have in common that may be compared: all but recipe and seed.
func (r *Result) setting() string {
	return fmt.Sprintf("%s %s %d %d %d %04d %s %g %s", r.Network, r.Data, r.TrainImages, r.TestImages, r.Batch, r.Epochs, r.Optimiser,
		r.LearningRate, r.Numerics)
}

// Summarise puts rows together: settings in alphabetical order, in each dense first, then by recipe and ratio as ratios fall.
func Summarise(rows []Result) []Group {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.setting(), b.setting()), cmp.Compare(kept(b.Sparsity), kept(a.Sparsity)),
			cmp.Compare(a.Recipe, b.Recipe), cmp.Compare(a.Sparsity, b.Sparsity), cmp.Compare(a.Seed, b.Seed))
	})
	dense := map[string]float64{}
	for i := range rows {
		if rows[i].Sparsity == noSparsity {
			dense[fmt.Sprint(rows[i].setting(), rows[i].Seed)] = rows[i].TestAccuracy
		}
	}
	var out []Group
	for len(rows) > 0 {
		first := &rows[0]
		n := 1
		for n < len(rows) && rows[n].setting() == first.setting() && rows[n].Recipe == first.Recipe && rows[n].Sparsity == first.Sparsity {
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

func group(rows []Result, dense map[string]float64) Group {
	g := Group{Result: rows[0], Seeds: len(rows)}
	var accuracy, difference []float64
	var weightsFF, weightsBP, keptFF, keptBP, shared, both int64
	epochs := len(rows[0].ChangeFF)
	g.ChangeFF, g.ChangeBP = make([]float64, epochs), make([]float64, epochs)
	for i := range rows {
		r := &rows[i]
		accuracy = append(accuracy, r.TestAccuracy)
		if d, ok := dense[fmt.Sprint(r.setting(), r.Seed)]; ok && r.Sparsity != noSparsity {
			difference = append(difference, r.TestAccuracy-d)
		}
		weightsFF, weightsBP, keptFF, keptBP = weightsFF+r.WeightsFF, weightsBP+r.WeightsBP, keptFF+r.KeptFF, keptBP+r.KeptBP
		shared, both = shared+r.SharedFF, both+r.KeptBoth
		for k := range min(epochs, len(r.ChangeFF), len(r.ChangeBP)) {
			g.ChangeFF[k] += r.ChangeFF[k] / float64(len(rows))
			g.ChangeBP[k] += r.ChangeBP[k] / float64(len(rows))
		}
	}
	g.Accuracy, g.Difference = estimate(accuracy), estimate(difference)
	g.PrunedFF, g.PrunedBP = share(weightsFF-keptFF, weightsFF), share(weightsBP-keptBP, weightsBP)
	g.Overlap = share(both, shared)
	return g
}

// summaryColumns of the tables, each for people (percent) and for machines.
var summaryColumns = []struct {
	name, title string
	value       func(g *Group) (machine, people string)
}{
	{"network", "network", func(g *Group) (string, string) { return g.Network, g.Network }},
	{"recipe", "recipe", func(g *Group) (string, string) { return g.Recipe, g.Recipe }},
	{"sparsity", "N:M", func(g *Group) (string, string) { return g.Sparsity, g.Sparsity }},
	{"seeds", "seeds", func(g *Group) (string, string) { return fmt.Sprint(g.Seeds), fmt.Sprint(g.Seeds) }},
	{"test_accuracy", "test accuracy %", func(g *Group) (string, string) { return real(g.Accuracy.Mean), percent(g.Accuracy.Mean, 2) }},
	{"test_accuracy_deviation", "± ", func(g *Group) (string, string) { return g.Accuracy.spread() }},
	{"difference", "minus dense", func(g *Group) (string, string) { return g.Difference.text(g.Difference.Mean, "%+.2f") }},
	{"difference_deviation", "± ", func(g *Group) (string, string) { return g.Difference.spread() }},
	{"pruned_ff", "pruned FF %", func(g *Group) (string, string) { return of(g.PrunedFF, g.WeightsFF, 1) }},
	{"pruned_bp", "pruned BP %", func(g *Group) (string, string) { return of(g.PrunedBP, g.WeightsBP, 1) }},
	{"overlap", "FF/BP overlap %", func(g *Group) (string, string) { return of(g.Overlap, g.SharedFF, 1) }},
	{"change_ff", "FF mask bits changed by epoch %", func(g *Group) (string, string) { return list(g.ChangeFF, g.WeightsFF) }},
	{"change_bp", "BP mask bits changed by epoch %", func(g *Group) (string, string) { return list(g.ChangeBP, g.WeightsBP) }},
}

func percent(v float64, digits int) string { return fmt.Sprintf("%.*f", digits, 100*v) }

func (e Estimate) text(v float64, format string) (string, string) {
	if e.Of == 0 {
		return "", "-"
	}
	return real(v), fmt.Sprintf(format, 100*v)
}

// spread is the deviation, which one sample has not.
func (e Estimate) spread() (string, string) {
	if e.Of < 2 {
		return "", "-"
	}
	return e.text(e.Deviation, "%.2f")
}

// of some weights; nothing of none.
func of(v float64, weights int64, digits int) (string, string) {
	if weights == 0 {
		return "", "-"
	}
	return real(v), percent(v, digits)
}

func list(v []float64, weights int64) (string, string) {
	if weights == 0 {
		return "", "-"
	}
	var a, b []string
	for _, x := range v {
		a, b = append(a, real(x)), append(b, percent(x, 1))
	}
	return strings.Join(a, " "), strings.Join(b, ", ")
}

// WriteSummary writes groups as CSV, a header first.
func WriteSummary(w io.Writer, groups []Group) error {
	c := csv.NewWriter(w)
	line := make([]string, len(summaryColumns))
	for i, col := range summaryColumns {
		line[i] = col.name
	}
	if err := c.Write(line); err != nil {
		return fmt.Errorf("writing the summary of trainings: %w", err)
	}
	for i := range groups {
		for k, col := range summaryColumns {
			line[k], _ = col.value(&groups[i])
		}
		if err := c.Write(line); err != nil {
			return fmt.Errorf("writing the summary of trainings: %w", err)
		}
	}
	c.Flush()
	return c.Error()
}

// Table is the summary for people: titles, then rows.
func Table(groups []Group) (titles []string, rows [][]string) {
	for _, col := range summaryColumns {
		titles = append(titles, strings.TrimSpace(col.title))
	}
	for i := range groups {
		var row []string
		for _, col := range summaryColumns {
			_, text := col.value(&groups[i])
			row = append(row, text)
		}
		rows = append(rows, row)
	}
	return titles, rows
}

// WriteMarkdown writes the table with the settings that its rows have in common.
func WriteMarkdown(w io.Writer, groups []Group) error {
	var b strings.Builder
	for len(groups) > 0 {
		first := &groups[0]
		n := 1
		for n < len(groups) && groups[n].setting() == first.setting() {
			n++
		}
		fmt.Fprintf(&b, "%s on %s: the first %d training and %d test images, %d epochs, batch %d, %s, learning rate %g at first, numerics %s.\n\n",
			first.Network, first.Data, first.TrainImages, first.TestImages, first.Epochs, first.Batch, first.Optimiser, first.LearningRate, first.Numerics)
		titles, rows := Table(groups[:n])
		fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(titles, " | "), strings.Repeat(" --- |", len(titles)))
		for _, r := range rows {
			fmt.Fprintf(&b, "| %s |\n", strings.Join(r, " | "))
		}
		b.WriteString("\n")
		groups = groups[n:]
	}
	_, err := io.WriteString(w, b.String())
	return err
}
