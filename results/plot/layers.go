package plot

import (
	"context"
	"fmt"
	"image/color"
	"maps"
	"math"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"satsim/internal/ratio"
	"satsim/results/query"
	"satsim/results/record"
)

// both reads the runs of a comparison, with layers.
func both(ctx context.Context, d *query.Data, r *query.NamedPoint) (dense, own *record.Run, err error) {
	if dense, err = d.Detail(ctx, r.Point.Baseline); err != nil {
		return nil, nil, err
	}
	own, err = d.Detail(ctx, r.Key)
	return dense, own, err
}

// stageColour and stageGlyph tell stages apart.
var (
	stageColour = map[string]color.Color{"FF": blue, "BP": red, "WU": green}
	stageGlyph  = map[string][2]draw.GlyphDrawer{ // dense, recipe
		"FF": {draw.RingGlyph{}, draw.CircleGlyph{}}, "BP": {draw.SquareGlyph{}, draw.BoxGlyph{}}, "WU": {draw.TriangleGlyph{}, draw.PyramidGlyph{}},
	}
)

// roofline draws what layers perform over what they move, under what the array and the memory allow.
func roofline(ctx context.Context, d *query.Data, r *query.NamedPoint) (*Figure, error) {
	dense, own, err := both(ctx, d, r)
	if err != nil {
		return nil, err
	}
	p := newPlot(fmt.Sprintf("%s, batch %d, %s", r.Text("network"), r.Point.Batch, r.Text("arch")))
	p.X.Scale, p.X.Tick.Marker = gonum.LogScale{}, decades{}
	p.Y.Scale, p.Y.Tick.Marker = gonum.LogScale{}, decades{}
	var legend key
	low, high, least := math.Inf(1), 0.0, math.Inf(1)
	for k, run := range []*record.Run{dense, own} {
		for _, s := range run.Stages {
			var pts plotter.XYs
			for i := range run.Layers {
				l := &run.Layers[i]
				if bytes := l.ReadBytes + l.WriteBytes; l.Stage == s.Stage && l.PerformedMACs > 0 && bytes > 0 {
					pts = append(pts, plotter.XY{X: 2 * ratio.Of(l.PerformedMACs, bytes), Y: l.EffectiveGFLOPS})
				}
			}
			if len(pts) == 0 {
				continue
			}
			for _, q := range pts {
				low, high, least = min(low, q.X), max(high, q.X), min(least, q.Y)
			}
			dots, err := plotter.NewScatter(pts)
			if err != nil {
				return nil, err
			}
			dots.Color, dots.Shape, dots.Radius = stageColour[s.Stage], stageGlyph[s.Stage][k], 2.4
			p.Add(dots)
			name := "dense"
			if k == 1 {
				name = r.Label()
			}
			legend = append(legend, entry{name: s.Stage + ", " + name, glyph: &dots.GlyphStyle})
		}
	}
	rows, _ := r.Float("stce.rows")
	cols, _ := r.Float("stce.cols")
	clock, _ := r.Float("clock")
	peak, bandwidth := 2*rows*cols*clock/1e9, query.Bandwidth(r)/1e9
	low, high = low/2, high*4
	ink := draw.LineStyle{Color: black, Width: 1}
	floor := min(least, low*bandwidth) / 1.5
	p.Add(segments{{peak / bandwidth, peak, high, peak, ink}, {floor / bandwidth, floor, peak / bandwidth, peak, ink}})
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = min(low, floor/bandwidth)*0.8, high, floor, peak*1.4
	p.Add(notes{
		{x: high, y: peak, text: fmt.Sprintf("array: %.0f × %.0f at %.0f MHz, %.1f GFLOPS", rows, cols, clock/1e6, peak), xAlign: text.XRight, dx: -2, dy: 3},
		{x: floor * 1.2 / bandwidth, y: floor * 1.2, text: fmt.Sprintf("memory ports: %.1f GB/s", bandwidth), dx: 6},
	})
	return &Figure{Plot: p, X: "performed operations per off-chip byte", Y: "effective GFLOPS", Key: legend, Width: 12 * vg.Centimeter, Height: 8.5 * vg.Centimeter}, nil
}

// layers draws the cycles of each layer with products, stage over stage, dense beside the recipe. Layers without products are on the one
// before them, as time in which no product ran.
func layers(ctx context.Context, d *query.Data, r *query.NamedPoint) (*Figure, error) {
	dense, own, err := both(ctx, d, r)
	if err != nil {
		return nil, err
	}
	var order []string
	owner := map[string]int{}
	for i := range dense.Layers {
		l := &dense.Layers[i]
		if _, ok := owner[l.Layer]; ok {
			continue
		}
		if l.DenseMACs > 0 || len(order) == 0 {
			owner[l.Layer] = len(order)
			order = append(order, l.Layer)
			continue
		}
		owner[l.Layer] = len(order) - 1
	}
	const alone = "other work alone"
	parts := []string{"FF", "BP", "WU", alone}
	colours := map[string]color.Color{alone: grey}
	maps.Copy(colours, stageColour)
	p := newPlot(fmt.Sprintf("%s, batch %d: dense (left) and %s (right)", r.Text("network"), r.Point.Batch, r.Label()))
	grid(p)
	var bars boxes
	for k, run := range []*record.Run{dense, own} {
		heights := make([]map[string]float64, len(order))
		for i := range heights {
			heights[i] = map[string]float64{}
		}
		for i := range run.Layers {
			l := &run.Layers[i]
			part := l.Stage
			if l.DenseMACs == 0 {
				part = alone
			}
			heights[owner[l.Layer]][part] += float64(l.Cycles) / 1e6
		}
		for i := range heights {
			x, y := float64(i)-0.42+0.43*float64(k), 0.0
			for s, part := range parts {
				if h := heights[i][part]; h > 0 {
					bars = append(bars, box{x, x + 0.41, y, y + h, colours[part], s == 1})
					y += h
				}
			}
		}
	}
	var legend key
	for s, part := range parts {
		legend = append(legend, entry{name: part, fill: colours[part], hatched: s == 1})
	}
	p.Add(bars)
	at := make([]float64, len(order))
	for i := range at {
		at[i] = float64(i)
	}
	p.X.Min, p.X.Max, p.Y.Min = -0.6, float64(len(order))-0.4, 0
	names(p, at, order)
	turn(p)
	return &Figure{Plot: p, Y: "Mcycles", Key: legend, Width: 17.5 * vg.Centimeter, Height: 8 * vg.Centimeter}, nil
}
