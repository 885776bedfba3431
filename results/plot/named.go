package plot

import (
	"cmp"
	"math"
	"slices"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// named are names of marks, of which none is left out: each stands where it is nearest to its mark and meets no other name, no mark and no edge of the paper, with a thin line to its mark
// if it is not beside it. Where there is no such place it stands beside its mark.
type named struct {
	of    []note // dx and dy point to where a name stands first
	marks plotter.XYs
}

// How far names go from their marks, in steps of so many points.
const (
	nameStep   = 4
	nameAcross = 30 // steps to the left and to the right
	nameAlong  = 25 // steps up and down
)

// Plot implements gonum's Plotter.
func (l named) Plot(c draw.Canvas, p *gonum.Plot) {
	x, y := p.Transforms(&c)
	taken := rooms(l.marks, x, y)
	shifts := shifts()
	for _, n := range l.of {
		if n.text == "" {
			continue
		}
		style := typed(n.size, n.colour)
		style.XAlign, style.YAlign = text.XLeft, text.YBottom
		size, at := style.Rectangle(n.text).Size(), vg.Point{X: x(n.x), Y: y(n.y)}
		place := func(s vg.Point) vg.Rectangle {
			low := at.Add(vg.Point{X: n.dx + s.X, Y: n.dy + s.Y})
			if n.dx+s.X < 0 {
				low.X -= size.X
			}
			if n.dy+s.Y < 0 {
				low.Y -= size.Y
			}
			return vg.Rectangle{Min: low, Max: low.Add(size)}
		}
		r := place(vg.Point{})
		for _, s := range shifts {
			if to := place(s); free(to, taken, c.Rectangle) {
				r = to
				break
			}
		}
		taken = append(taken, r)
		end := vg.Point{X: min(max(at.X, r.Min.X), r.Max.X), Y: min(max(at.Y, r.Min.Y), r.Max.Y)}
		if away := end.Sub(at); math.Hypot(float64(away.X), float64(away.Y)) > 2*nameStep {
			c.StrokeLine2(draw.LineStyle{Color: n.colour, Width: thin / 2}, at.X, at.Y, end.X, end.Y)
		}
		c.FillText(style, r.Min, n.text)
	}
}

// shifts are steps away from the first place of a name, the nearest first.
func shifts() []vg.Point {
	var out []vg.Point
	for i := -nameAcross; i <= nameAcross; i++ {
		for k := -nameAlong; k <= nameAlong; k++ {
			out = append(out, vg.Point{X: vg.Length(i) * nameStep, Y: vg.Length(k) * nameStep})
		}
	}
	slices.SortStableFunc(out, func(a, b vg.Point) int {
		return cmp.Compare(math.Hypot(float64(a.X), float64(a.Y)), math.Hypot(float64(b.X), float64(b.Y)))
	})
	return out
}

// free reports a rectangle on the paper that meets none of those that are taken.
func free(r vg.Rectangle, taken []vg.Rectangle, paper vg.Rectangle) bool {
	return r.Min.X >= paper.Min.X && r.Max.X <= paper.Max.X && r.Min.Y >= paper.Min.Y && r.Max.Y <= paper.Max.Y && !slices.ContainsFunc(taken, func(t vg.Rectangle) bool {
		return r.Min.X < t.Max.X && t.Min.X < r.Max.X && r.Min.Y < t.Max.Y && t.Min.Y < r.Max.Y
	})
}
