package plot

import (
	"image/color"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// entry of a key: a filled swatch, a line, a glyph, or a text alone.
type entry struct {
	name    string
	fill    color.Color
	hatched bool
	line    *draw.LineStyle
	glyph   *draw.GlyphStyle
}

// key is the legend of a figure, in rows above the plot.
type key []entry

const (
	keyRow    = 11 // points from row to row
	keySample = 14 // width of a sample
	keyGap    = 12 // between entries
)

// draw draws the key at the top of a canvas and gives the height that it took.
func (k key) draw(c draw.Canvas) vg.Length {
	if len(k) == 0 {
		return 0
	}
	style := typed(0, nil)
	style.YAlign = text.YCenter
	x, y := c.Min.X, c.Max.Y-keyRow/2
	for _, e := range k {
		width := style.Width(e.name)
		sample := vg.Length(keySample + 3)
		if e.fill == nil && e.line == nil && e.glyph == nil {
			sample = 0
		}
		if x > c.Min.X && x+sample+width > c.Max.X {
			x, y = c.Min.X, y-keyRow
		}
		e.sample(c, x, y)
		c.FillText(style, vg.Point{X: x + sample, Y: y}, e.name)
		x += sample + width + keyGap
	}
	return c.Max.Y - y + keyRow/2 + 2
}

func (e *entry) sample(c draw.Canvas, x, y vg.Length) {
	if e.fill != nil {
		low, high := y-3.5, y+3.5
		c.FillPolygon(e.fill, []vg.Point{{X: x, Y: low}, {X: x + keySample, Y: low}, {X: x + keySample, Y: high}, {X: x, Y: high}})
		if e.hatched {
			hatch(c, x, x+keySample, low, high)
		}
	}
	if e.line != nil {
		c.StrokeLine2(*e.line, x, y, x+keySample, y)
	}
	if e.glyph != nil {
		c.DrawGlyph(*e.glyph, vg.Point{X: x + keySample/2, Y: y})
	}
}

// hatch draws white lines that rise at 45 degrees over a rectangle.
func hatch(c draw.Canvas, left, right, low, high vg.Length) {
	style := draw.LineStyle{Color: white, Width: 0.7}
	for at := left - (high - low); at < right; at += 4 {
		x0, y0, x1, y1 := at, low, at+(high-low), high
		if x0 < left {
			x0, y0 = left, low+(left-at)
		}
		if x1 > right {
			x1, y1 = right, high-(at+(high-low)-right)
		}
		if x0 < x1 {
			c.StrokeLine2(style, x0, y0, x1, y1)
		}
	}
}
