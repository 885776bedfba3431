package codesign

import (
	"cmp"
	"errors"
	"fmt"
	"image/color"
	"io"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"satsim/results/training"
)

// cloud is points with their deviations and names, as gonum's plotters take them.
type cloud struct {
	plotter.XYLabels
	plotter.YErrors
}

// WriteFigure draws accuracy over the time of a step: a colour a recipe, the ratio beside each point, and a line through the front.
// Points without a training are left out.
func WriteFigure(w io.Writer, points []Point) error {
	fail := func(err error) error { return fmt.Errorf("drawing the co-design figure: %w", err) }
	var recipes []string
	series := map[string]*cloud{}
	var front plotter.XYs
	for i := range points {
		q := &points[i]
		if q.Training == nil {
			continue
		}
		c := series[q.Recipe]
		if c == nil {
			c = &cloud{}
			series[q.Recipe] = c
			recipes = append(recipes, q.Recipe)
		}
		at := plotter.XY{X: 1e3 * q.TimeS, Y: 100 * q.Training.Accuracy.Mean}
		d := 100 * q.Training.Accuracy.Deviation
		c.XYs, c.Labels = append(c.XYs, at), append(c.Labels, q.Sparsity)
		c.YErrors = append(c.YErrors, struct{ Low, High float64 }{-d, d})
		if q.Front {
			front = append(front, at)
		}
	}
	if len(recipes) == 0 {
		return fail(errors.New("no point has a training"))
	}
	p := plot.New()
	p.Title.Text = points[0].Network + ": what a step costs and what is learned"
	p.X.Label.Text = "time of a training step (ms)"
	p.Y.Label.Text = "test accuracy (%)"
	p.X.Tick.Marker, p.Y.Tick.Marker = training.Ticks{}, training.Ticks{}
	slices.SortFunc(front, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
	line, err := plotter.NewLine(front)
	if err != nil {
		return fail(err)
	}
	line.Color = color.Gray{160}
	p.Add(plotter.NewGrid(), line)
	p.Legend.Add("Pareto front", line)
	for i, r := range recipes {
		c := series[r]
		dots, err := plotter.NewScatter(c.XYs)
		if err != nil {
			return fail(err)
		}
		bars, err := plotter.NewYErrorBars(c)
		if err != nil {
			return fail(err)
		}
		names, err := plotter.NewLabels(c)
		if err != nil {
			return fail(err)
		}
		dots.Shape, dots.Color, bars.Color = draw.CircleGlyph{}, plotutil.Color(i), plotutil.Color(i)
		names.Offset = vg.Point{X: vg.Points(5), Y: vg.Points(-3)}
		p.Add(bars, dots, names)
		p.Legend.Add(r, dots)
	}
	wide := max(p.X.Max-p.X.Min, 0.01*p.X.Max)
	p.X.Min, p.X.Max = p.X.Min-0.05*wide, p.X.Max+0.4*wide // room for the legend
	p.Legend.Top = true
	c := vgsvg.New(20*vg.Centimeter, 13*vg.Centimeter)
	p.Draw(draw.Crop(draw.New(c), 0, -5*vg.Millimeter, 0, -5*vg.Millimeter))
	if _, err := c.WriteTo(w); err != nil {
		return fail(err)
	}
	return nil
}
