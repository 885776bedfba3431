package codesign

import (
	"cmp"
	"fmt"
	"image/color"
	"io"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
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

// WriteFigure draws accuracy over the time of a step, with a line through the front. Points without a training are left out.
func WriteFigure(w io.Writer, points []Point) error {
	p := plot.New()
	if len(points) > 0 {
		p.Title.Text = fmt.Sprintf("%s: what a step costs and what is learned", points[0].Network)
	}
	p.X.Label.Text = "time of a training step (ms)"
	p.Y.Label.Text = "test accuracy (%)"
	p.X.Tick.Marker, p.Y.Tick.Marker = training.Ticks{}, training.Ticks{}
	p.Add(plotter.NewGrid())
	var all cloud
	var front plotter.XYs
	for i := range points {
		q := &points[i]
		if q.Training == nil {
			continue
		}
		at := plotter.XY{X: 1e3 * q.TimeS, Y: 100 * q.Training.Accuracy.Mean}
		d := 100 * q.Training.Accuracy.Deviation
		all.XYs, all.Labels = append(all.XYs, at), append(all.Labels, q.Recipe+" "+q.Sparsity)
		all.YErrors = append(all.YErrors, struct{ Low, High float64 }{-d, d})
		if q.Front {
			front = append(front, at)
		}
	}
	if len(all.XYs) == 0 {
		return fmt.Errorf("drawing the co-design figure: no point has a training")
	}
	slices.SortFunc(front, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
	dots, err := plotter.NewScatter(all.XYs)
	if err != nil {
		return fmt.Errorf("drawing the co-design figure: %w", err)
	}
	dots.Shape = draw.CircleGlyph{}
	bars, err := plotter.NewYErrorBars(all)
	if err != nil {
		return fmt.Errorf("drawing the co-design figure: %w", err)
	}
	bars.Color = color.Gray{160}
	names, err := plotter.NewLabels(all.XYLabels)
	if err != nil {
		return fmt.Errorf("drawing the co-design figure: %w", err)
	}
	names.Offset = vg.Point{X: vg.Points(5), Y: vg.Points(-3)}
	line, err := plotter.NewLine(front)
	if err != nil {
		return fmt.Errorf("drawing the co-design figure: %w", err)
	}
	line.Color = color.RGBA{213, 94, 0, 255}
	p.Add(bars, line, dots, names)
	p.Legend.Add("Pareto front", line)
	p.Legend.Top, p.Legend.Left = true, true
	wide := max(p.X.Max-p.X.Min, 0.01*p.X.Max)
	p.X.Min, p.X.Max = p.X.Min-0.05*wide, p.X.Max+0.2*wide // room for names
	p.Y.Max += 0.1 * (p.Y.Max - p.Y.Min)                   // and the legend
	c := vgsvg.New(20*vg.Centimeter, 13*vg.Centimeter)
	p.Draw(draw.Crop(draw.New(c), 0, -5*vg.Millimeter, 0, -5*vg.Millimeter))
	if _, err := c.WriteTo(w); err != nil {
		return fmt.Errorf("drawing the co-design figure: %w", err)
	}
	return nil
}
