package training

import (
	"fmt"
	"image/color"
	"io"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// colours of series, told apart by the colour-blind too (Okabe and Ito's palette).
var colours = []color.Color{
	color.RGBA{0, 114, 178, 255}, color.RGBA{213, 94, 0, 255}, color.RGBA{0, 158, 115, 255}, color.RGBA{204, 121, 167, 255},
	color.RGBA{230, 159, 0, 255}, color.RGBA{86, 180, 233, 255}, color.RGBA{0, 0, 0, 255},
}

// Ticks are gonum's, with labels of as many digits as they need: its own are rounded to fewer.
type Ticks struct{ plot.DefaultTicks }

// Ticks implements plot.Ticker.
func (t Ticks) Ticks(low, high float64) []plot.Tick {
	out := t.DefaultTicks.Ticks(low, high)
	for i := range out {
		if out[i].Label != "" {
			out[i].Label = strconv.FormatFloat(out[i].Value, 'g', 6, 64)
		}
	}
	return out
}

const margin = 5 * vg.Millimeter

// write draws a plot as SVG.
func write(w io.Writer, p *plot.Plot, width, height vg.Length) error {
	c := vgsvg.New(width, height)
	p.Draw(draw.Crop(draw.New(c), 0, -margin, 0, -margin)) // names at the edge have room
	if _, err := c.WriteTo(w); err != nil {
		return fmt.Errorf("drawing a figure: %w", err)
	}
	return nil
}

// WriteCurveFigure draws loss and accuracy over epochs.
func (r *Run) WriteCurveFigure(w io.Writer) error {
	p := plot.New()
	p.Title.Text = fmt.Sprintf("%s, %s %s, seed %d", r.Network, r.Recipe, r.Sparsity, r.Options.Seed)
	p.X.Label.Text = "epoch"
	p.Y.Label.Text = "loss; accuracy"
	p.Y.Min = 0
	p.X.Tick.Marker, p.Y.Tick.Marker = Ticks{}, Ticks{}
	p.Add(plotter.NewGrid())
	for i, s := range []struct {
		name string
		of   func(i int) float64
	}{
		{"training loss", func(i int) float64 { return r.Curve[i].TrainLoss }},
		{"test loss", func(i int) float64 { return r.Curve[i].TestLoss }},
		{"training accuracy", func(i int) float64 { return r.Curve[i].TrainAccuracy }},
		{"test accuracy", func(i int) float64 { return r.Curve[i].TestAccuracy }},
	} {
		points := make(plotter.XYs, len(r.Curve))
		for k := range points {
			points[k] = plotter.XY{X: float64(r.Curve[k].Epoch), Y: s.of(k)}
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return fmt.Errorf("drawing the curves of a training: %w", err)
		}
		line.Color, dots.Color, dots.Shape = colours[i], colours[i], draw.CircleGlyph{}
		p.Add(line, dots)
		p.Legend.Add(s.name, line, dots)
	}
	p.Legend.Top = true
	p.X.Max += 0.4 * max(p.X.Max-p.X.Min, 1) // beside the legend
	return write(w, p, 18*vg.Centimeter, 10*vg.Centimeter)
}

// WriteFigure draws the accuracy of groups, with their deviations, beside each other; a colour a network.
func WriteFigure(w io.Writer, groups []SeedGroup) error {
	p := plot.New()
	p.Title.Text = "Test accuracy, mean and standard deviation over seeds"
	p.Y.Label.Text = "test accuracy (%)"
	p.Y.Tick.Marker = Ticks{}
	p.Add(plotter.NewGrid())
	var names []string
	place := map[string]int{}
	for i := range groups {
		name := groups[i].Recipe + " " + groups[i].Sparsity
		if groups[i].Sparsity == noSparsity {
			name = groups[i].Recipe
		}
		if _, ok := place[name]; !ok {
			place[name] = len(names)
			names = append(names, name)
		}
	}
	var order []string
	series := map[string]plotter.XYs{}
	bars := map[string]plotter.YErrors{}
	for i := range groups {
		g := &groups[i]
		if series[g.setting()] == nil {
			order = append(order, g.setting())
		}
		name := g.Recipe + " " + g.Sparsity
		if g.Sparsity == noSparsity {
			name = g.Recipe
		}
		at := float64(place[name]) + 0.15*float64(len(order)-1)
		series[g.setting()] = append(series[g.setting()], plotter.XY{X: at, Y: 100 * g.Accuracy.Mean})
		d := 100 * g.Accuracy.Deviation
		bars[g.setting()] = append(bars[g.setting()], struct{ Low, High float64 }{-d, d})
	}
	for i, s := range order {
		c := colours[i%len(colours)]
		dots, err := plotter.NewScatter(series[s])
		if err != nil {
			return fmt.Errorf("drawing the summary of trainings: %w", err)
		}
		dots.Color, dots.Shape = c, draw.CircleGlyph{}
		errorBars, err := plotter.NewYErrorBars(struct {
			plotter.XYs
			plotter.YErrors
		}{series[s], bars[s]})
		if err != nil {
			return fmt.Errorf("drawing the summary of trainings: %w", err)
		}
		errorBars.Color = c
		p.Add(dots, errorBars)
		for k := range groups {
			if groups[k].setting() == s {
				p.Legend.Add(groups[k].Network, dots)
				break
			}
		}
	}
	p.NominalX(names...)
	p.X.Min, p.X.Max = -0.5, float64(len(names))-0.3
	p.Y.Min, p.Y.Max = p.Y.Min-1, p.Y.Max+1
	p.X.Tick.Label.Rotation = 0.6
	p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = draw.XRight, draw.YTop
	p.Legend.Left = true
	return write(w, p, 24*vg.Centimeter, 12*vg.Centimeter)
}
