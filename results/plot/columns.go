package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"satsim/results/query"
)

// The widths of a figure in a paper of two columns, as IEEE's journals have them: one column, or both.
const (
	oneColumn  = 3.5 * vg.Inch
	twoColumns = 7.16 * vg.Inch
)

// few is how many values of a logarithmic axis have a tick each at most.
const few = 8

// wide is how many times the least value the largest is where an axis becomes logarithmic.
const wide = 20

// Columns draws an expression of points over another, a line for each value of a third (nil: one line). Points without one of them are left out. X may be words: then
// they stand side by side in the order of the points. Where a line would have two points at a place it has none, and marks alone. Bounds, if they are given, are the low and the high end of y: a line at each point. The figure is as wide as both columns of a paper, or as one. left is how many points were left out.
func Columns(rows []query.NamedPoint, x, y, by *query.Column, bounds [2]*query.Column, both bool) (f *Figure, left int, err error) {
	var words []string
	var of []Series
	var ends segments
	twice := false
	for i := range rows {
		v, ok := query.Number(y.Values[i])
		at, number := query.Number(x.Values[i])
		if text, is := x.Values[i].(string); is {
			if !slices.Contains(words, text) {
				words = append(words, text)
			}
			at, number = float64(slices.Index(words, text)), true
		}
		if !ok || !number || math.IsNaN(at) || math.IsNaN(v) {
			left++
			continue
		}
		name := ""
		if by != nil {
			name = by.Text(i, 4)
		}
		k := slices.IndexFunc(of, func(s Series) bool { return s.Name == name })
		if k < 0 {
			k, of = len(of), append(of, Series{Name: name})
		}
		twice = twice || slices.ContainsFunc(of[k].Marks, func(m Mark) bool { return m.X == at })
		of[k].Marks = append(of[k].Marks, Mark{X: at, Y: v})
		if bounds[0] == nil || bounds[1] == nil {
			continue
		}
		low, is := query.Number(bounds[0].Values[i])
		high, are := query.Number(bounds[1].Values[i])
		if is && are && low <= high {
			ends = append(ends, segment{at, low, at, high, draw.LineStyle{Color: palette[k%len(palette)], Width: 0.8}})
		}
	}
	if len(of) == 0 {
		return nil, left, fmt.Errorf("no point has both %s and %s as numbers", x.Source, y.Source)
	}
	if len(of) > len(palette) {
		return nil, left, fmt.Errorf("%s has %d values; %d lines are told apart at most", by.Source, len(of), len(palette))
	}
	for k := range of {
		slices.SortStableFunc(of[k].Marks, func(a, b Mark) int { return cmp.Compare(a.X, b.X) })
	}
	p, legend, err := marked(Axes{}, of, !twice)
	if err != nil {
		return nil, left, err
	}
	if by == nil {
		legend = nil
	}
	if words == nil {
		widen(&p.X, of, func(m Mark) float64 { return m.X })
	} else {
		places := make([]float64, len(words))
		for i := range places {
			places[i] = float64(i)
		}
		p.X.Min, p.X.Max = -0.5, float64(len(words))-0.5
		names(p, places, words)
		if len(words) > 6 {
			turn(p)
		}
	}
	for _, e := range ends {
		p.Y.Min, p.Y.Max = min(p.Y.Min, e.y0), max(p.Y.Max, e.y1)
	}
	if ends == nil {
		widen(&p.Y, of, func(m Mark) float64 { return m.Y })
	}
	p.Add(ends)
	width := vg.Length(oneColumn)
	if both {
		width = twoColumns
	}
	return &Figure{Name: "points", Plot: p, X: titled(x.Source), Y: titled(y.Source), Key: legend, Width: width, Height: max(width*5/12, 6.5*vg.Centimeter)}, left, nil
}

// widen makes an axis logarithmic where its values are above 0 and span much.
func widen(a *gonum.Axis, of []Series, value func(Mark) float64) {
	var all plotter.Values
	for i := range of {
		for _, m := range of[i].Marks {
			all = append(all, value(m))
		}
	}
	if low, high := slices.Min(all), slices.Max(all); low > 0 && high > wide*low {
		a.Scale, a.Tick.Marker = gonum.LogScale{}, decades{}
		a.Min, a.Max = low/1.15, high*1.15
		slices.Sort(all)
		if values := slices.Compact(all); len(values) <= few { // a tick a value
			a.Tick.Marker = at(values)
		}
	}
}

// titled is a column with its unit, where it is one that is described.
func titled(source string) string {
	if d := query.NewDictionary().Of(source); d.Unit != "" {
		return fmt.Sprintf("%s (%s)", source, d.Unit)
	}
	return source
}
