package plot

import (
	"context"
	"fmt"
	"image/color"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"satsim/results/query"
	"satsim/results/record"
)

// causes of the array's time, in the order of the stack.
var causes = []struct {
	name    string
	of      func(l *record.Lane) int64
	fill    color.Color
	hatched bool
}{
	{"computing", func(l *record.Lane) int64 { return l.Computing }, blue, false},
	{"filling", func(l *record.Lane) int64 { return l.Filling }, sky, false},
	{"draining", func(l *record.Lane) int64 { return l.Draining }, sky, true},
	{"waits for memory", func(l *record.Lane) int64 { return l.Wait("memory") }, red, false},
	{"waits for SORE", func(l *record.Lane) int64 { return l.Wait("sore") }, orange, true},
	{"waits for WUVE", func(l *record.Lane) int64 { return l.Wait("wuve") + l.Wait("stce") }, purple, true},
	{"waits for the vector unit", func(l *record.Lane) int64 { return l.Wait("vector") }, orange, false},
	{"other units work alone", func(l *record.Lane) int64 { return l.NoWord }, grey, false},
	{"reconfigures", func(l *record.Lane) int64 { return l.Reconfigure }, black, false},
}

// Stalls draws where the array's time goes in a step, dense beside each recipe, dense being 1.
func Stalls(ctx context.Context, d *query.Data) (*Figure, error) {
	rows := query.Compared(d.Rows)
	if len(rows) == 0 {
		return nil, errNothing
	}
	p := newPlot("")
	grid(p)
	var bars boxes
	var texts notes
	var at []float64
	var labels []string
	used := make([]bool, len(causes))
	x := 0.0
	for i := range rows {
		r := &rows[i]
		if r.Text("recipe") != "bdwp" && len(query.Distinct(rows, "recipe")) > 1 {
			continue
		}
		dense, own, err := both(ctx, d, r)
		if err != nil {
			return nil, err
		}
		whole := float64(dense.Total.Cycles)
		for k, run := range []*record.Run{dense, own} {
			lane := array(run)
			if lane == nil {
				return nil, fmt.Errorf("the run of %s says nothing about the array's time", r.Text("network"))
			}
			y := 0.0
			for c := range causes {
				h := float64(causes[c].of(lane)) / whole
				if h == 0 {
					continue
				}
				used[c] = used[c] || h > 0.001
				bars = append(bars, box{x - 0.42, x + 0.42, y, y + h, causes[c].fill, causes[c].hatched})
				y += h
			}
			texts = append(texts, note{x: x, y: y, text: fmt.Sprintf("%.0f%%", 100*float64(lane.Computing)/float64(run.Total.Cycles)), xAlign: text.XCenter, dy: 2})
			at = append(at, x)
			labels = append(labels, []string{"dense", label(r)}[k])
			x++
		}
		texts = append(texts, note{x: x - 1.5, y: 1.1, text: r.Text("network"), xAlign: text.XCenter, size: typeSize})
		x += 0.6
	}
	var legend key
	for c := range causes {
		if used[c] {
			legend = append(legend, entry{name: causes[c].name, fill: causes[c].fill, hatched: causes[c].hatched})
		}
	}
	p.Add(bars, texts)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.6, x-1, 0, 1.2
	names(p, at, labels)
	legend = append(legend, entry{name: "numbers: share of the step in which the array computes"})
	return &Figure{Plot: p, Y: "array cycles of a step, dense = 1", Key: legend, Width: 17.5 * vg.Centimeter, Height: 7 * vg.Centimeter}, nil
}

// array is where the array's time went in the whole step: the last entry of a run's stalls.
func array(run *record.Run) *record.Lane {
	if len(run.Stalls) == 0 {
		return nil
	}
	lanes := run.Stalls[len(run.Stalls)-1].Lanes
	for i := range lanes {
		if lanes[i].Lane == "array" {
			return &lanes[i]
		}
	}
	return nil
}
