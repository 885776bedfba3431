package plot

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Figure is a plot with its key and its size on paper.
type Figure struct {
	Name          string
	Plot          *gonum.Plot
	X, Y          string // what the axes show, with units
	Key           key
	Width, Height vg.Length
}

const margin = 4 // points around all

// Form is how a figure is written.
type Form struct {
	Name  string
	Write func(*Figure, io.Writer) error
}

// Formats lists all.
func Forms() []Form {
	return []Form{{"svg", (*Figure).SVG}, {"pdf", (*Figure).PDF}, {"png", (*Figure).PNG}}
}

// resolution of PNG files in dots an inch: what journals ask for.
const resolution = 300

// SVG writes the figure as SVG.
func (f *Figure) SVG(w io.Writer) error { return f.write(w, vgsvg.New(f.Width, f.Height)) }

// PNG writes the figure as PNG.
func (f *Figure) PNG(w io.Writer) error {
	c := vgimg.NewWith(vgimg.UseWH(f.Width, f.Height), vgimg.UseDPI(resolution))
	return f.write(w, vgimg.PngCanvas{Canvas: c})
}

var dates = regexp.MustCompile(`/(CreationDate|ModDate) \(D:\d{14}\)`)

// PDF writes the figure as PDF. The writer's dates are replaced by one of equal length, so that no offset moves.
func (f *Figure) PDF(w io.Writer) error {
	var b bytes.Buffer
	if err := f.write(&b, vgpdf.New(f.Width, f.Height)); err != nil {
		return err
	}
	if _, err := w.Write(dates.ReplaceAll(b.Bytes(), []byte("/$1 (D:20000101000000)"))); err != nil {
		return fmt.Errorf("writing figure %s: %w", f.Name, err)
	}
	return nil
}

func (f *Figure) write(w io.Writer, c vg.CanvasWriterTo) error {
	paper := draw.New(c)
	paper.FillPolygon(white, []vg.Point{paper.Min, {X: paper.Max.X, Y: paper.Min.Y}, paper.Max, {X: paper.Min.X, Y: paper.Max.Y}})
	f.draw(draw.Crop(paper, margin, -margin, margin, -margin))
	if _, err := c.WriteTo(w); err != nil {
		return fmt.Errorf("writing figure %s: %w", f.Name, err)
	}
	return nil
}

// draw draws the key, the plot, and the names of its axes: gonum puts those of logarithmic axes where they take room from the data.
func (f *Figure) draw(c draw.Canvas) {
	x, y := f.X, f.Y
	var left, below vg.Length
	if x != "" {
		below = labelRoom
	}
	if y != "" {
		left = labelRoom
	}
	inner := draw.Crop(c, left, 0, below, -f.Key.draw(c))
	f.Plot.Draw(inner)
	data := f.Plot.DataCanvas(inner)
	style := typed(typeSize, nil)
	style.XAlign, style.YAlign = text.XCenter, text.YBottom
	c.FillText(style, vg.Point{X: data.Center().X, Y: c.Min.Y}, x)
	style.Rotation, style.YAlign = math.Pi/2, text.YTop
	c.FillText(style, vg.Point{X: c.Min.X, Y: data.Center().Y}, y)
}

const labelRoom = 14 // points for an axis' name

// short prints a number for an axis or a label, without an exponent.
func short(v float64) string {
	s, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	if err != nil {
		s = v
	}
	return strconv.FormatFloat(s, 'f', -1, 64)
}
