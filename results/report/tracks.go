package report

import (
	"fmt"

	"satsim/results/plot"
	"satsim/results/timeline"
)

// tracks draws the word group of a trace that takes longest.
func tracks(t *timeline.Trace) (*plot.Figure, error) {
	g := t.Largest(1)[0]
	var bars []plot.Bar
	for _, b := range g.Slices {
		bars = append(bars, plot.Bar{Track: b.Lane, From: float64(b.Start), To: float64(b.End), Repetition: b.Periods > 0})
	}
	return plot.Tracks(plot.Axes{Title: fmt.Sprintf("%s of %s, batch %s, %s on %s", g.Label, t.Network, t.Batch, t.Recipe, t.Arch), X: "cycles of the word group"}, t.Lanes, bars, "periods that repeat, simulated once")
}
