package plot

import (
	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sample is values of one figure, ascending, and the one that is its default.
type Sample struct {
	Name    string
	Values  []float64
	Default float64
}

// Distributions draws the share of each sample that is no more than a value, its default as a mark on it, and a value to hold them against.
func Distributions(a Axes, of []Sample, against float64, called string) (*Figure, error) {
	p := newPlot(a.Title)
	grid(p)
	var legend key
	for i, s := range of {
		if len(s.Values) == 0 {
			return nil, errEmpty
		}
		n := float64(len(s.Values))
		share := func(x float64) (y float64) {
			for _, v := range s.Values {
				if v <= x {
					y += 100 / n
				}
			}
			return y
		}
		pts := plotter.XYs{{X: s.Values[0], Y: 0}}
		for k, v := range s.Values {
			pts = append(pts, plotter.XY{X: v, Y: 100 * float64(k+1) / n})
		}
		line, err := plotter.NewLine(pts)
		if err != nil {
			return nil, err
		}
		line.Color, line.Width, line.Dashes, line.StepStyle = palette[i%len(palette)], lineWidth, dashes[i%len(dashes)], plotter.PreStep
		mark, err := plotter.NewScatter(plotter.XYs{{X: s.Default, Y: share(s.Default)}})
		if err != nil {
			return nil, err
		}
		mark.Color, mark.Shape, mark.Radius = line.Color, draw.CircleGlyph{}, 2.6
		p.Add(line, mark)
		legend = append(legend, entry{name: s.Name, line: &line.LineStyle, glyph: &mark.GlyphStyle})
	}
	p.X.Min, p.X.Max = around(min(p.X.Min, against), max(p.X.Max, against))
	p.Y.Min, p.Y.Max = 0, 100
	p.Y.Tick.Marker = gonum.ConstantTicks(at([]float64{0, 5, 25, 50, 75, 95, 100}))
	p.Add(segments{{against, 0, against, 100, dashed(black)}}, notes{{x: against, y: 100, text: called, xAlign: text.XRight, yAlign: text.YTop, dx: -3, dy: -3, patch: true}})
	return &Figure{Plot: p, X: a.X, Y: a.Y, Key: legend, Width: 12 * vg.Centimeter, Height: 8 * vg.Centimeter}, nil
}
