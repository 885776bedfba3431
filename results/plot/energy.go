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
	"satsim/results/record"
)

// unitStyles are the fills of units, in the order of the stack.
var unitStyles = []struct {
	fill    color.Color
	hatched bool
}{{blue, false}, {sky, false}, {green, false}, {orange, false}, {purple, false}, {red, false}, {grey, false}, {sky, true}, {orange, true}, {grey, true}, {black, false}}

// Energy draws the energy of a step, unit over unit, dense beside each recipe, dense being 1, with the bounds of the whole.
func Energy(_ context.Context, d *query.Data) (*Figure, error) {
	rows := slices.DeleteFunc(query.Compared(d.Rows), func(r query.NamedPoint) bool { return r.Point.Run.Energy == nil || r.Base.Run.Energy == nil })
	if len(rows) == 0 {
		return nil, errors.New("no point that is compared with a baseline has joules")
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
	for i := range rows {
		r := &rows[i]
		if r.Text("recipe") != "bdwp" && len(query.Distinct(rows, "recipe")) > 1 {
			continue
		}
		whole := r.Base.Run.Energy.Joules.Value
		for k, run := range []*record.Run{r.Base.Run, r.Point.Run} {
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
			labels = append(labels, []string{"dense", label(r)}[k])
			top = max(top, high)
			x++
		}
		texts = append(texts, note{x: x - 1.5, y: 1, text: r.Text("network"), xAlign: text.XCenter, size: typeSize})
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
	return &Figure{Plot: p, Y: "energy of a step, dense = 1", Key: legend, Width: 17.5 * vg.Centimeter, Height: 7.5 * vg.Centimeter}, nil
}
