package codesign

import (
	"errors"
	"slices"

	"satsim/results/plot"
)

var errUntrained = errors.New("no point has a training: a figure of accuracy needs one")

// Trained reports whether any point has a training.
func (p Points) Trained() bool {
	return slices.ContainsFunc(p, func(q Point) bool { return q.Training != nil })
}

// Figure draws accuracy over the time of a step: a series a recipe, the ratio beside each point, and a line through the front. Points without a
// training are left out.
func (p Points) Figure() (*plot.Figure, error) {
	if !p.Trained() {
		return nil, errUntrained
	}
	var series []plot.Series
	var front []plot.Mark
	for i := range p {
		q := &p[i]
		if q.Training == nil {
			continue
		}
		k := slices.IndexFunc(series, func(s plot.Series) bool { return s.Name == q.Recipe })
		if k < 0 {
			k = len(series)
			series = append(series, plot.Series{Name: q.Recipe})
		}
		at := plot.Mark{X: 1e3 * q.TimeS, Y: 100 * q.Training.Accuracy.Mean, Deviation: 100 * q.Training.Accuracy.Deviation, Name: q.Sparsity}
		series[k].Marks = append(series[k].Marks, at)
		if q.Front {
			front = append(front, at)
		}
	}
	return plot.Trades(plot.Axes{
		Title: p[0].Network + ": what a step costs and what is learned", X: "time of a training step (ms)", Y: "test accuracy (%)",
	}, series, front)
}
