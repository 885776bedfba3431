package plot

import (
	"context"
	"fmt"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"satsim/results/query"
)

// Front draws designs by DSP slices and time, the front as a line, and the board's slices.
func Front(ctx context.Context, d *query.Data) (*Figure, error) {
	rows := query.Compared(d.Rows)
	if len(rows) == 0 {
		return nil, errNothing
	}
	if err := query.Alike(rows, query.Designs(rows)...); err != nil {
		return nil, err
	}
	ask := func(string, int, int) error { return ctx.Err() }
	best, err := query.Pareto(rows, query.Metrics(), ask)
	if err != nil {
		return nil, err
	}
	if best, err = query.Sort(best, query.Metrics(), ask); err != nil {
		return nil, err
	}
	place := func(r *query.NamedPoint) plotter.XY {
		dsp, _ := r.Float("dsp")
		return plotter.XY{X: dsp, Y: 1e3 * r.Point.Run.Total.TimeS}
	}
	var all, on plotter.XYs
	for i := range rows {
		all = append(all, place(&rows[i]))
	}
	var texts notes
	var shapes labels
	shape := ""
	for i := range best {
		r := &best[i]
		on = append(on, place(r))
		s := r.Text("stce.rows") + "×" + r.Text("stce.cols")
		if s != shape { // the fastest of a shape has its name
			shapes.of = append(shapes.of, note{x: place(r).X, y: place(r).Y, text: fmt.Sprintf("%s, %s lanes", s, r.Text("vector.lanes")), dx: 4, dy: 3})
		}
		shape = s
	}
	p := newPlot(fmt.Sprintf("%s, batch %d, %s", rows[0].Text("network"), rows[0].Point.Batch, rows[0].Label()))
	p.X.Scale, p.X.Tick.Marker = gonum.LogScale{}, decades{}
	p.Y.Scale, p.Y.Tick.Marker = gonum.LogScale{}, decades{}
	grid(p)
	dots, err := plotter.NewScatter(all)
	if err != nil {
		return nil, err
	}
	dots.Color, dots.Shape, dots.Radius = grey, draw.CircleGlyph{}, 1.6
	line, points, err := plotter.NewLinePoints(on)
	if err != nil {
		return nil, err
	}
	line.Color, line.Width = red, lineWidth
	points.Color, points.Shape, points.Radius = red, draw.CircleGlyph{}, 2.2
	p.Add(dots, line, points)
	p.X.Min, p.X.Max = p.X.Min*0.9, p.X.Max*2
	p.Y.Min, p.Y.Max = p.Y.Min*0.85, p.Y.Max*1.2
	if board, ok := rows[0].Float("board.device.dsps"); ok && board > p.X.Min && board < p.X.Max {
		p.Add(segments{{board, p.Y.Min, board, p.Y.Max, dashed(black)}})
		texts = append(texts, note{x: board, y: p.Y.Max, text: rows[0].Text("board.device.part") + " has " + short(board), xAlign: text.XLeft, yAlign: text.YTop, dx: 3, dy: -2})
	}
	shapes.marks = all
	p.Add(texts, shapes)
	legend := key{{name: "no other is better in both", line: &line.LineStyle, glyph: &points.GlyphStyle}, {name: "others", glyph: &dots.GlyphStyle}}
	return &Figure{Plot: p, X: "DSP slices (high end of the estimate)", Y: "time of a step (ms)", Key: legend, Width: 12 * vg.Centimeter, Height: 8 * vg.Centimeter}, nil
}
