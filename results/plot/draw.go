package plot

import (
	"fmt"
	"image/color"
	"math"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The palette of Okabe and Ito (2008), without its yellow, which print loses, in an order of falling contrast.
var (
	blue    = color.RGBA{0, 114, 178, 255}
	red     = color.RGBA{213, 94, 0, 255}
	green   = color.RGBA{0, 158, 115, 255}
	purple  = color.RGBA{204, 121, 167, 255}
	orange  = color.RGBA{230, 159, 0, 255}
	sky     = color.RGBA{86, 180, 233, 255}
	black   = color.RGBA{0, 0, 0, 255}
	grey    = color.RGBA{150, 150, 150, 255}
	light   = color.RGBA{222, 222, 222, 255}
	palette = []color.Color{blue, red, green, purple, orange, sky, black}
	dashes  = [][]vg.Length{nil, {4, 2}, {1, 2}, {6, 2, 1, 2}, {8, 3}, {3, 1}, nil}
	glyphs  = []draw.GlyphDrawer{
		draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.RingGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.CrossGlyph{},
	}
)

const (
	typeSize  = 8 // points
	lineWidth = 1.2
	thin      = 0.5
)

// sans is the one font of all figures.
func sans(size vg.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// newPlot is an empty plot in the house's style.
func newPlot(title string) *gonum.Plot {
	p := gonum.New()
	p.Title.Text = title
	p.Title.TextStyle.Font, p.Title.Padding = sans(typeSize), 4
	for _, a := range []*gonum.Axis{&p.X, &p.Y} {
		a.Tick.Label.Font = sans(typeSize - 1)
		a.LineStyle.Width, a.Tick.LineStyle.Width, a.Tick.Length = thin, thin, 3
		a.Padding = 0
		a.Tick.Marker = steps{}
	}
	return p
}

// grid draws horizontal lines behind the data.
func grid(p *gonum.Plot) {
	g := plotter.NewGrid()
	g.Vertical.Width = 0
	g.Horizontal.Color, g.Horizontal.Width = light, thin
	p.Add(g)
}

// box is a rectangle in the plot's coordinates.
type box struct {
	x0, x1, y0, y1 float64
	fill           color.Color
	hatched        bool
}

// boxes draws bars and their parts.
type boxes []box

// Plot implements gonum's Plotter.
func (b boxes) Plot(c draw.Canvas, p *gonum.Plot) {
	x, y := p.Transforms(&c)
	for _, r := range b {
		left, right, low, high := x(r.x0), x(r.x1), y(max(r.y0, p.Y.Min)), y(r.y1)
		if high < low {
			continue
		}
		pts := []vg.Point{{X: left, Y: low}, {X: right, Y: low}, {X: right, Y: high}, {X: left, Y: high}}
		c.FillPolygon(r.fill, pts)
		if r.hatched {
			hatch(c, left, right, low, high)
		}
		c.StrokeLines(draw.LineStyle{Color: color.White, Width: 0.3}, append(pts, pts[0]))
	}
}

// DataRange implements gonum's DataRanger.
func (b boxes) DataRange() (x0, x1, y0, y1 float64) {
	x0, x1, y0, y1 = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, r := range b {
		x0, x1, y0, y1 = min(x0, r.x0), max(x1, r.x1), min(y0, r.y0), max(y1, r.y1)
	}
	return x0, x1, y0, y1
}

// note is a text at a place in the plot's coordinates.
type note struct {
	x, y     float64
	text     string
	colour   color.Color
	xAlign   text.XAlignment
	yAlign   text.YAlignment
	dx, dy   vg.Length // away from the place
	rotation float64
	size     vg.Length // 0: one less than the type size
	patch    bool      // white behind it
}

type notes []note

// Plot implements gonum's Plotter.
func (n notes) Plot(c draw.Canvas, p *gonum.Plot) {
	x, y := p.Transforms(&c)
	for _, t := range n {
		style := typed(t.size, t.colour)
		style.XAlign, style.YAlign, style.Rotation = t.xAlign, t.yAlign, t.rotation
		at := vg.Point{X: x(t.x) + t.dx, Y: y(t.y) + t.dy}
		if t.patch {
			r := style.Rectangle(t.text)
			r.Min, r.Max = r.Min.Add(at), r.Max.Add(at)
			c.FillPolygon(white, []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}})
		}
		c.FillText(style, at, t.text)
	}
}

// labels are notes that may be left out: each stands to the right above its place, or where there is room for it beside the others, the marks and on the paper: below, to the left, or nowhere.
type labels struct {
	of    []note
	marks plotter.XYs
}

// rooms are the places that marks take on paper.
func rooms(marks plotter.XYs, x, y func(float64) vg.Length) (taken []vg.Rectangle) {
	for _, m := range marks {
		at, room := vg.Point{X: x(m.X), Y: y(m.Y)}, vg.Point{X: markRoom, Y: markRoom}
		taken = append(taken, vg.Rectangle{Min: at.Sub(room), Max: at.Add(room)})
	}
	return taken
}

// Plot implements gonum's Plotter.
func (l labels) Plot(c draw.Canvas, p *gonum.Plot) {
	x, y := p.Transforms(&c)
	taken := rooms(l.marks, x, y)
	for _, n := range l.of {
		style := typed(n.size, n.colour)
		size := style.Rectangle(n.text).Size()
		for _, corner := range []vg.Point{{X: n.dx, Y: n.dy}, {X: n.dx, Y: -n.dy - size.Y}, {X: -n.dx - size.X, Y: -n.dy - size.Y}, {X: -n.dx - size.X, Y: n.dy}} {
			low := vg.Point{X: x(n.x), Y: y(n.y)}.Add(corner)
			r := vg.Rectangle{Min: low, Max: low.Add(size)}
			if !free(r, taken, c.Rectangle) {
				continue
			}
			taken = append(taken, r)
			style.XAlign, style.YAlign = text.XLeft, text.YBottom
			c.FillText(style, low, n.text)
			break
		}
	}
}

// markRoom is half of the room that a mark takes from labels, in points.
const markRoom = 2

// typed is the style of a text: of size one less than the type size, and black, unless said otherwise.
func typed(size vg.Length, colour color.Color) text.Style {
	if size == 0 {
		size = typeSize - 1
	}
	if colour == nil {
		colour = black
	}
	return text.Style{Color: colour, Font: sans(size), Handler: text.Plain{Fonts: font.DefaultCache}}
}

// segment is a straight line in the plot's coordinates.
type segment struct {
	x0, y0, x1, y1 float64
	style          draw.LineStyle
}

type segments []segment

// Plot implements gonum's Plotter.
func (s segments) Plot(c draw.Canvas, p *gonum.Plot) {
	x, y := p.Transforms(&c)
	for _, l := range s {
		c.StrokeLine2(l.style, x(l.x0), y(l.y0), x(l.x1), y(l.y1))
	}
}

// dashed is the style of guides.
func dashed(colour color.Color) draw.LineStyle {
	return draw.LineStyle{Color: colour, Width: 0.8, Dashes: []vg.Length{4, 2}}
}

// names puts texts under places on the x axis.
func names(p *gonum.Plot, at []float64, texts []string) {
	ticks := make([]gonum.Tick, len(at))
	for i := range at {
		ticks[i] = gonum.Tick{Value: at[i], Label: texts[i]}
	}
	p.X.Tick.Marker = gonum.ConstantTicks(ticks)
	p.X.Tick.Length, p.X.Tick.LineStyle.Color = 3, color.Transparent // a gap instead of a tick
}

// decades are ticks of a logarithmic axis: labelled at 1, 2 and 5 of a short range, else at powers of ten.
type decades struct{}

// Ticks implements gonum's Ticker.
func (decades) Ticks(low, high float64) []gonum.Tick {
	var out []gonum.Tick
	for e := math.Floor(math.Log10(low)); math.Pow(10, e) <= high; e++ {
		for k := 1.0; k < 10; k++ {
			v := k * math.Pow(10, e)
			if v < low*0.9999 || v > high*1.0001 {
				continue
			}
			t := gonum.Tick{Value: v}
			if k == 1 || high/low < 200 && (k == 2 || k == 5) {
				t.Label = short(v)
			}
			out = append(out, t)
		}
	}
	return out
}

// steps are ticks of a linear axis: 4 to 8, at multiples of 1, 2, 2.5 or 5 times a power of ten.
type steps struct{}

// Ticks implements gonum's Ticker.
func (steps) Ticks(low, high float64) []gonum.Tick {
	unit := math.Pow(10, math.Floor(math.Log10((high-low)/4)))
	step := unit
	for _, k := range []float64{1, 2, 2.5, 5} {
		if (high-low)/(k*unit) >= 4 {
			step = k * unit
		}
	}
	var out []gonum.Tick
	for k := math.Ceil(low/step - 1e-9); k*step <= high*(1+1e-9); k++ {
		v := k*step + 0 // no negative zero
		out = append(out, gonum.Tick{Value: v, Label: short(v)})
	}
	return out
}

// at are ticks at given values.
func at(values []float64) gonum.ConstantTicks {
	ticks := make([]gonum.Tick, len(values))
	for i, v := range values {
		ticks[i] = gonum.Tick{Value: v, Label: short(v)}
	}
	return ticks
}

var white = color.RGBA{255, 255, 255, 255}

// turn writes the names at the x axis upwards.
func turn(p *gonum.Plot) {
	p.X.Tick.Label.Rotation, p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = math.Pi/2, text.XRight, text.YCenter
	p.X.Tick.Length = 7
}

// Palette is the colours of series as #rrggbb, in the order in which they are used; the last is black, for ink.
func Palette() []string {
	out := make([]string, len(palette))
	for i, c := range palette {
		r, g, b, _ := c.RGBA()
		out[i] = fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
	}
	return out
}
