package plot

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"satsim/results/query"
)

// unitStyles are the fills of units, in the order of the stack.
var unitStyles = []struct {
	fill    color.Color
	hatched bool
}{{blue, false}, {sky, false}, {green, false}, {orange, false}, {purple, false}, {red, false}, {grey, false}, {sky, true}, {orange, true}, {grey, true}, {black, false}}

// Energy draws the energy of a step, unit over unit, the baseline beside the recipes of each network, the baseline being 1, with the bounds of the whole.
func Energy(_ context.Context, d *query.Data) (*Figure, error) {
	rows := slices.DeleteFunc(query.Compared(d.Rows), func(r query.NamedPoint) bool { return r.Point.Run.Energy == nil || r.Base.Run.Energy == nil })
	if len(rows) == 0 {
		return nil, errors.New("no point that is compared with a baseline has joules")
	}
	groups, err := byNetwork(rows)
	if err != nil {
		return nil, err
	}
	p := newPlot("")
	grid(p)
	var units []string
	var bars boxes
	var bounds segments
	var texts notes
	var at []float64
	var labels []string
	ink := draw.LineStyle{Color: black, Width: 0.8}
	x, top := 0.0, 0.0
	for _, group := range groups {
		first := &group[0]
		from := x
		whole := first.Base.Run.Energy.Joules.Value
		for k := range len(group) + 1 {
			run, name := first.Base.Run, first.Text("baseline")
			if k > 0 {
				run, name = group[k-1].Point.Run, group[k-1].Label()
			}
			y := 0.0
			for _, u := range run.Energy.Units {
				n := slices.Index(units, u.Unit)
				if n < 0 {
					n = len(units)
					units = append(units, u.Unit)
				}
				s := unitStyles[n%len(unitStyles)]
				h := u.Joules.Value / whole
				bars = append(bars, box{x - 0.42, x + 0.42, y, y + h, s.fill, s.hatched})
				y += h
			}
			low, high := run.Energy.Joules.Low/whole, run.Energy.Joules.High/whole
			edge := x + 0.34 // beside the middle, where the number stands
			bounds = append(bounds, segment{edge, low, edge, high, ink}, segment{edge - 0.06, low, edge + 0.06, low, ink}, segment{edge - 0.06, high, edge + 0.06, high, ink})
			texts = append(texts, note{x: x - 0.05, y: y, text: fmt.Sprintf("%.3g J", run.Energy.Joules.Value), xAlign: text.XCenter, dy: 2})
			at = append(at, x)
			labels = append(labels, name)
			top = max(top, high)
			x++
		}
		texts = append(texts, note{x: (from + x - 1) / 2, y: 1, text: first.Text("network"), xAlign: text.XCenter, size: typeSize})
		x += 0.6
	}
	for i := range texts {
		if texts[i].size == typeSize {
			texts[i].y = top * 1.05
		}
	}
	var legend key
	for n, u := range units {
		s := unitStyles[n%len(unitStyles)]
		legend = append(legend, entry{name: u, fill: s.fill, hatched: s.hatched})
	}
	legend = append(legend, entry{name: "bounds of the whole", line: &ink})
	p.Add(bars, bounds, texts)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.6, x-1, 0, top*1.15
	names(p, at, labels)
	f := &Figure{Plot: p, Y: "energy of a step, " + rows[0].Text("baseline") + " = 1", Key: legend, Width: 17.5 * vg.Centimeter, Height: 7.5 * vg.Centimeter}
	spread(f, labels, texts)
	return f, nil
}
