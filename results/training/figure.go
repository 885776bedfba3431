package training

import (
	"fmt"
	"slices"

	"satsim/results/plot"
	"satsim/workloads/train"
)

// CurveFigure draws loss and accuracy over epochs.
func (r *Run) CurveFigure() (*plot.Figure, error) {
	var series []plot.Series
	for _, s := range []struct {
		name string
		of   func(e *train.Epoch) float64
	}{
		{"training loss", func(e *train.Epoch) float64 { return e.TrainLoss }},
		{"test loss", func(e *train.Epoch) float64 { return e.TestLoss }},
		{"training accuracy", func(e *train.Epoch) float64 { return e.TrainAccuracy }},
		{"test accuracy", func(e *train.Epoch) float64 { return e.TestAccuracy }},
	} {
		line := plot.Series{Name: s.name}
		for i := range r.Curve {
			line.Marks = append(line.Marks, plot.Mark{X: float64(r.Curve[i].Epoch), Y: s.of(&r.Curve[i])})
		}
		series = append(series, line)
	}
	return plot.Lines(plot.Axes{Title: fmt.Sprintf("%s, %s %s, seed %d", r.Network, r.Recipe, r.Sparsity, r.Options.Seed), X: "epoch", Y: "loss; accuracy"}, series)
}

// Figure draws the accuracy of groups, with their deviations, beside each other; a series a setting.
func Figure(groups []SeedGroup) (*plot.Figure, error) {
	var names, settings []string
	var series []plot.Series
	recipes, networks := RecipeLabels(groups), NetworkLabels(groups)
	for i := range groups {
		g := &groups[i]
		if g.Seeds == 0 {
			continue
		}
		if !slices.Contains(names, recipes[i]) {
			names = append(names, recipes[i])
		}
		if !slices.Contains(settings, g.setting()) {
			settings, series = append(settings, g.setting()), append(series, plot.Series{Name: networks[i]})
		}
		s := &series[slices.Index(settings, g.setting())]
		s.Marks = append(s.Marks, plot.Mark{X: float64(slices.Index(names, recipes[i])), Y: 100 * g.Accuracy.Mean, Deviation: 100 * g.Accuracy.Deviation})
	}
	return plot.Ranks(plot.Axes{Title: "mean and standard deviation over seeds", Y: "test accuracy (%)"}, series, names)
}
