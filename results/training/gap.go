package training

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"satsim/results/plot"
	"satsim/results/table"
)

// Gap is what a recipe loses of dense training's accuracy after so many images.
type Gap struct {
	SeedGroup // at the end of that epoch
	Epoch     int64
	Seen      int64 // images, in whole batches
}

// Gaps are those of the epochs of trainings, recipe by recipe as epochs go on. Trainings without a dense one that is alike, and those that diverged, have none.
func Gaps(rows []EpochResult) []Gap {
	epochs := map[int64][]Result{} // with those of the weights that a training began with
	for i := range rows {
		at := rows[i].Epoch + rows[i].before()
		epochs[at] = append(epochs[at], rows[i].Result)
	}
	var out []Gap
	for epoch, of := range epochs {
		for _, g := range Summarise(of) {
			if g.Difference.Of > 0 {
				own := epoch - g.before()
				out = append(out, Gap{g, own, g.seen(own)})
			}
		}
	}
	slices.SortFunc(out, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.setting(), b.setting()), cmp.Compare(kept(b.Sparsity), kept(a.Sparsity)), cmp.Compare(a.Recipe, b.Recipe), cmp.Compare(a.Sparsity, b.Sparsity),
			cmp.Compare(a.RecipeHash, b.RecipeHash), cmp.Compare(a.Epoch, b.Epoch))
	})
	return out
}

// GapsWhere are the gaps of trainings that have given values in columns, such as sparsity=2:8. Dense ones need not have them.
func GapsWhere(rows []EpochResult, conditions []string) ([]Gap, error) {
	dense := func(e EpochResult) bool { return e.Sparsity == noSparsity }
	sparse, err := Where(slices.DeleteFunc(slices.Clone(rows), dense), func(e *EpochResult) *Result { return &e.Result }, conditions)
	if err != nil {
		return nil, err
	}
	return Gaps(append(sparse, slices.DeleteFunc(slices.Clone(rows), func(e EpochResult) bool { return !dense(e) })...)), nil
}

// alike reports whether two gaps are of one curve.
func (g *Gap) alike(other *Gap) bool {
	return g.setting() == other.setting() && sameName(&g.SeedGroup, &other.SeedGroup) && g.RecipeHash == other.RecipeHash
}

// lost in accuracy, and half of its 95 % interval.
func (g *Gap) lost() (mean, half float64) { return 0 - g.Difference.Mean, g.Difference.Interval() }

// groups of gaps.
func groupsOf(gaps []Gap) []SeedGroup {
	out := make([]SeedGroup, len(gaps))
	for i := range gaps {
		out[i] = gaps[i].SeedGroup
	}
	return out
}

// GapTable has a row an epoch of each recipe.
func GapTable(gaps []Gap) *table.Table {
	fields := []table.Field[Gap]{
		{Column: table.Column{Name: "network", Key: "network", Left: true}, Of: func(g *Gap) table.Cell { return table.Text(g.Network) }},
		{Column: table.Column{Name: "recipe", Key: "recipe", Left: true}, Of: func(g *Gap) table.Cell { return table.Text(g.Recipe) }},
		{Column: table.Column{Name: "N:M", Key: "sparsity", Left: true}, Of: func(g *Gap) table.Cell { return table.Text(g.Sparsity) }},
		{Column: table.Key("epoch"), Of: func(g *Gap) table.Cell { return table.Whole(g.Epoch) }},
		{Column: table.Column{Name: "images seen", Key: "images_seen"}, Of: func(g *Gap) table.Cell { return table.Whole(g.Seen) }},
		{Column: table.Key("seeds"), Of: func(g *Gap) table.Cell { return table.Whole(g.Difference.Of) }},
		{Column: share("lost", "lost", 2), Of: func(g *Gap) table.Cell { mean, _ := g.lost(); return table.Real(mean) }},
		{Column: share("half interval", "half_interval", 2), Of: func(g *Gap) table.Cell { _, half := g.lost(); return table.Real(half) }},
	}
	for _, f := range traitFields(groupsOf(gaps)) {
		fields = append(fields, table.Field[Gap]{Column: f.Column, Of: func(g *Gap) table.Cell { return f.Of(&g.SeedGroup) }})
	}
	t := table.Of(fields, gaps)
	t.Name, t.Missing = "gap", "-"
	t.Notes = append(t.Notes, "lost: test accuracy of dense training less the recipe's, at the end of the epoch; mean over seeds, which are taken one by one, with half of its 95 % interval (Student's t).")
	return t
}

// GapFigure draws what recipes lose over the images that they have seen, with 95 % intervals where there are several seeds.
func GapFigure(gaps []Gap) (*plot.Figure, error) {
	groups := groupsOf(gaps)
	recipes, networks := RecipeLabels(groups), NetworkLabels(groups)
	several := slices.ContainsFunc(networks, func(n string) bool { return n != networks[0] })
	var series []plot.Series
	for i := range gaps {
		g := &gaps[i]
		if i == 0 || !g.alike(&gaps[i-1]) {
			name := recipes[i]
			if several {
				name = fmt.Sprintf("%s, %s", networks[i], name)
			}
			series = append(series, plot.Series{Name: name})
		}
		mean, half := g.lost()
		if math.IsNaN(half) {
			half = 0
		}
		s := &series[len(series)-1]
		s.Marks = append(s.Marks, plot.Mark{X: float64(g.Seen) / 1000, Y: 100 * mean, Deviation: 100 * half})
	}
	samples := "images"
	if len(gaps) > 0 && gaps[0].Sequence > 0 {
		samples = "samples"
	}
	return plot.Courses(plot.Axes{Title: "means and 95 % intervals over seeds, cut at the ends of the axis", X: samples + " seen (thousands)", Y: "test accuracy lost (percentage points)"}, series)
}
