package plot

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"satsim/results/query"
)

// curves draws speed-ups over a number, a line a network, with the network's name at its end. Points of a network differ in what they are drawn
// along and in nothing else.
func curves(d *query.Data, x string, of func(r *query.NamedPoint) float64, along ...string) (*Figure, error) {
	rows := query.Compared(d.Rows)
	if len(rows) == 0 {
		return nil, errNothing
	}
	if err := query.AlikeByNetwork(rows, along...); err != nil {
		return nil, err
	}
	p := newPlot("")
	grid(p)
	var ends notes
	for n, network := range query.Distinct(rows, "network") {
		var pts plotter.XYs
		for i := range rows {
			if v, ok := rows[i].Float("speedup"); ok && rows[i].Text("network") == network {
				pts = append(pts, plotter.XY{X: of(&rows[i]), Y: v})
			}
		}
		slices.SortStableFunc(pts, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
		line, dots, err := plotter.NewLinePoints(pts)
		if err != nil {
			return nil, err
		}
		line.Color, line.Width, line.Dashes = palette[n%len(palette)], lineWidth, dashes[n%len(dashes)]
		dots.Color, dots.Shape, dots.Radius = palette[n%len(palette)], glyphs[n%len(glyphs)], 2
		p.Add(line, dots)
		last := pts[len(pts)-1]
		ends = append(ends, note{x: last.X, y: last.Y, text: network, colour: palette[n%len(palette)], yAlign: text.YCenter, dx: 5})
	}
	p.Y.Max += 0.05 * (p.Y.Max - p.Y.Min)
	p.Y.Min = min(1, p.Y.Min)
	apart(ends, (p.Y.Max-p.Y.Min)/20)
	p.Add(ends)
	return &Figure{Plot: p, X: x, Y: "speed-up over dense (×)", Width: 8.8 * vg.Centimeter, Height: 6.5 * vg.Centimeter}, nil
}

// apart moves texts that would stand on one another, so that each is at least so far from the next.
func apart(n notes, least float64) {
	order := make([]int, len(n))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(n[a].y, n[b].y) })
	for range 50 {
		for k := 1; k < len(order); k++ {
			low, high := &n[order[k-1]], &n[order[k]]
			if gap := high.y - low.y; gap < least {
				low.y -= (least - gap) / 2
				high.y += (least - gap) / 2
			}
		}
	}
}

// logarithmic makes the x axis one, with ticks where the points are and room for names at its end.
func logarithmic(p *gonum.Plot, values []float64) {
	p.X.Scale, p.X.Tick.Marker = gonum.LogScale{}, at(values)
	p.X.Max *= math.Pow(p.X.Max/p.X.Min, 0.3)
}

func overLogarithm(x string, of func(r *query.NamedPoint) float64, along ...string) func(context.Context, *query.Data) (*Figure, error) {
	return func(_ context.Context, d *query.Data) (*Figure, error) {
		f, err := curves(d, x, of, along...)
		if err != nil {
			return nil, err
		}
		var values []float64
		for _, r := range query.Compared(d.Rows) {
			if v := of(&r); !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		logarithmic(f.Plot, values)
		return f, nil
	}
}

func value(name string) func(r *query.NamedPoint) float64 {
	return func(r *query.NamedPoint) float64 { v, _ := r.Float(name); return v }
}

func Lanes(ctx context.Context, d *query.Data) (*Figure, error) {
	return overLogarithm("lanes of the vector unit", value("vector.lanes"), "vector.lanes")(ctx, d)
}

func Bandwidths(ctx context.Context, d *query.Data) (*Figure, error) {
	return overLogarithm("bandwidth of the memory's ports (GB/s)", func(r *query.NamedPoint) float64 { return query.Bandwidth(r) / 1e9 }, "board.memory.")(ctx, d)
}

func Arrays(ctx context.Context, d *query.Data) (*Figure, error) {
	return overLogarithm("processing elements of the array", func(r *query.NamedPoint) float64 { return value("stce.rows")(r) * value("stce.cols")(r) }, "stce.rows", "stce.cols")(ctx, d)
}

// Ratios draws a line a network over ratios, the densest first, and how far MACs alone would take the first network.
func Ratios(_ context.Context, d *query.Data) (*Figure, error) {
	ratios := query.Distinct(query.Compared(d.Rows), "sparsity")
	key := func(s string) float64 {
		var n, m float64
		if _, err := fmt.Sscanf(strings.ReplaceAll(s, ":", " "), "%g %g", &n, &m); err != nil {
			return math.Inf(1)
		}
		return m/n*1000 + m
	}
	slices.SortFunc(ratios, func(a, b string) int { return cmp.Compare(key(a), key(b)) })
	at := func(r *query.NamedPoint) float64 { return float64(slices.Index(ratios, r.Text("sparsity"))) }
	f, err := curves(d, "N:M", at, "sparsity")
	if err != nil {
		return nil, err
	}
	places := make([]float64, len(ratios))
	for i := range places {
		places[i] = float64(i)
	}
	names(f.Plot, places, ratios)
	x := &f.Plot.X
	x.Min -= 0.3
	x.Max += 0.28 * (x.Max - x.Min)
	return f, nil
}

// Ablation draws the cycles of a recipe with optimisations off, those with all on being 1.
func Ablation(_ context.Context, d *query.Data) (*Figure, error) {
	rows := query.Compared(d.Rows)
	if len(rows) == 0 {
		return nil, errNothing
	}
	if err := query.AlikeByNetwork(rows, query.Switches()...); err != nil {
		return nil, err
	}
	networks := query.Distinct(rows, "network")
	p := newPlot("")
	grid(p)
	all := map[string]float64{}
	for i := range rows {
		if query.Off(&rows[i]) == "all on" {
			all[rows[i].Text("network")] = float64(rows[i].Point.Run.Total.Cycles)
		}
	}
	var groups []string
	var bars boxes
	var texts notes
	width := 0.84 / float64(len(networks))
	for i := range rows {
		r := &rows[i]
		off := query.Off(r)
		base, ok := all[r.Text("network")]
		if off == "all on" || !ok {
			continue
		}
		if !slices.Contains(groups, off) {
			groups = append(groups, off)
		}
		g, n := slices.Index(groups, off), slices.Index(networks, r.Text("network"))
		v := float64(r.Point.Run.Total.Cycles) / base
		x := float64(g) - 0.42 + width*float64(n)
		bars = append(bars, box{x, x + width, 0, v, palette[n%len(palette)], n%2 == 1})
		texts = append(texts, note{x: x + width/2, y: v, text: times(v), xAlign: text.XLeft, yAlign: text.YCenter, rotation: math.Pi / 2, dy: 2})
	}
	if len(groups) == 0 {
		return nil, fmt.Errorf("no optimisation is off in any point")
	}
	var legend key
	for n, network := range networks {
		legend = append(legend, entry{name: network, fill: palette[n%len(palette)], hatched: n%2 == 1})
	}
	p.Add(bars, segments{{-0.5, 1, float64(len(groups)) - 0.5, 1, draw.LineStyle{Color: black, Width: thin}}}, texts)
	p.X.Min, p.X.Max, p.Y.Min = -0.5, float64(len(groups))-0.5, 0
	p.Y.Max *= 1.15
	places := make([]float64, len(groups))
	for i := range places {
		places[i] = float64(i)
	}
	names(p, places, groups)
	return &Figure{Plot: p, Y: "cycles of " + rows[0].Text("recipe") + ", all on = 1", Key: legend, Width: 17.5 * vg.Centimeter, Height: 6.5 * vg.Centimeter}, nil
}

// times prints a factor with three digits.
func times(v float64) string {
	if v < 10 {
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.1f", v)
}
