package plot

import (
	"testing"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
	"pgregory.net/rapid"
)

// Of marks anywhere, many of them at one place, each has its name, once; no two names meet, none lies on a mark or leaves the paper.
func TestNamesDoNotMeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlot("")
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 10, 0, 10
		var l named
		for range rapid.IntRange(1, 20).Draw(t, "marks") {
			x, y := float64(rapid.IntRange(0, 10).Draw(t, "x")), float64(rapid.IntRange(4, 6).Draw(t, "y"))
			l.of = append(l.of, note{x: x, y: y, text: "a name", colour: blue, dx: 4, dy: -2})
			l.marks = append(l.marks, plotter.XY{X: x, Y: y})
		}
		const side = 400
		var r recorder.Canvas
		l.Plot(draw.NewCanvas(&r, side, side), p)
		size := typed(0, nil).Rectangle("a name").Size()
		var names []vg.Rectangle
		for _, a := range r.Actions {
			s, is := a.(*recorder.FillString)
			if !is {
				continue
			}
			// The baseline of a text lies above its lowest point, by as much in each.
			low := s.Point
			name := vg.Rectangle{Min: low, Max: low.Add(size)}
			for _, n := range names {
				if meet(n, name) {
					t.Fatalf("names at %v and %v", n.Min, name.Min)
				}
			}
			names = append(names, name)
			for _, m := range l.marks {
				at := vg.Point{X: vg.Length(m.X) * side / 10, Y: vg.Length(m.Y) * side / 10}
				if low.X < at.X && at.X < low.X+size.X && low.Y < at.Y && at.Y < low.Y+size.Y/2 {
					t.Fatalf("a name at %v lies on the mark at %v", low, at)
				}
			}
			if low.X < 0 || low.X+size.X > side || low.Y < 0 || low.Y > side {
				t.Fatalf("a name at %v leaves the paper", low)
			}
		}
		if len(names) != len(l.of) {
			t.Fatalf("%d names of %d", len(names), len(l.of))
		}
	})
}

func meet(a, b vg.Rectangle) bool {
	const rounding = 1e-6
	return a.Min.X < b.Max.X-rounding && b.Min.X < a.Max.X-rounding && a.Min.Y < b.Max.Y-rounding && b.Min.Y < a.Max.Y-rounding
}
