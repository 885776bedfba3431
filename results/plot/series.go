package plot

import (
	"cmp"
	"errors"
	"math"
	"slices"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Mark is a figure at a place, with its deviation and a name, if it has them.
type Mark struct {
	X, Y, Deviation float64
	Name            string
}

// Series is marks of one look, with a line of the key.
type Series struct {
	Name  string
	Marks []Mark
}

// Axes name what a figure of series shows, with units.
type Axes struct{ Title, X, Y string }

var errEmpty = errors.New("there is nothing to draw")

// Lines draws a line a series over whole numbers, such as epochs, from zero on.
func Lines(a Axes, of []Series) (*Figure, error) {
	p, legend, err := marked(a, of, true)
	if err != nil {
		return nil, err
	}
	var places []float64
	for _, m := range of[0].Marks {
		places = append(places, m.X)
	}
	if len(places) <= most {
		p.X.Tick.Marker = at(places)
	}
	p.Y.Min, p.Y.Max = 0, max(p.Y.Max, math.SmallestNonzeroFloat32)*1.05
	return &Figure{Plot: p, X: a.X, Y: a.Y, Key: legend, Width: 12 * vg.Centimeter, Height: 7 * vg.Centimeter}, nil
}

// Courses draws a line a series over a quantity that goes on, such as images seen, with deviations, and a line at zero. The axis has room for marks; what deviations
// have beyond it is cut off.
func Courses(a Axes, of []Series) (*Figure, error) {
	left, right, low, high := math.Inf(1), math.Inf(-1), 0.0, 0.0
	for _, s := range of {
		for _, m := range s.Marks {
			left, right, low, high = min(left, m.X), max(right, m.X), min(low, m.Y), max(high, m.Y)
		}
	}
	room := max((high-low)/3, math.SmallestNonzeroFloat32)
	low, high = low-room, high+room
	beside := make([]Series, len(of)) // so that deviations at one place are seen
	var bars segments
	for i, s := range of {
		beside[i].Name = s.Name
		for _, m := range s.Marks {
			m.X += 0.004 * (right - left) * (float64(i) - float64(len(of)-1)/2)
			if m.Deviation > 0 {
				bars = append(bars, segment{m.X, max(m.Y-m.Deviation, low), m.X, min(m.Y+m.Deviation, high), draw.LineStyle{Color: palette[i%len(palette)], Width: 0.8}})
			}
			m.Deviation = 0
			beside[i].Marks = append(beside[i].Marks, m)
		}
	}
	p, legend, err := marked(a, beside, true)
	if err != nil {
		return nil, err
	}
	p.Add(bars, segments{{p.X.Min, 0, p.X.Max, 0, draw.LineStyle{Color: black, Width: thin}}})
	p.Y.Min, p.Y.Max = low, high
	return &Figure{Plot: p, X: a.X, Y: a.Y, Key: legend, Width: 17.5 * vg.Centimeter, Height: 9 * vg.Centimeter}, nil
}

// most is how many places of an axis have a label each.
const most = 12

// Trades draws what is gained over what it costs, with the name of each mark beside it or where there is room, and a line through the marks of the front, if there are any.
func Trades(a Axes, of []Series, front []Mark) (*Figure, error) {
	p, legend, err := marked(a, of, false)
	if err != nil {
		return nil, err
	}
	front = slices.Clone(front)
	slices.SortFunc(front, func(a, b Mark) int { return cmp.Compare(a.X, b.X) })
	var through segments
	ink := draw.LineStyle{Color: grey, Width: lineWidth}
	for i := 1; i < len(front); i++ {
		through = append(through, segment{front[i-1].X, front[i-1].Y, front[i].X, front[i].Y, ink})
	}
	var texts named
	for i := range of {
		for _, m := range of[i].Marks {
			n := note{x: m.X, y: m.Y, text: m.Name, colour: palette[i%len(palette)], dx: 4, dy: -2, size: typeSize - 2}
			if slices.Contains(front, m) { // on the side where nothing is
				n.dx, n.dy = -4, 3
			}
			texts.of = append(texts.of, n)
			texts.marks = append(texts.marks, plotter.XY{X: m.X, Y: m.Y})
		}
	}
	p.Add(through, texts)
	if len(front) > 0 {
		legend = append(legend, entry{name: "Pareto front", line: &ink})
	}
	room := 0.04 * (p.X.Max - p.X.Min) // for the first and the last name
	p.X.Min, p.X.Max = p.X.Min-room, p.X.Max+room
	return &Figure{Plot: p, X: a.X, Y: a.Y, Key: legend, Width: 17.5 * vg.Centimeter, Height: 9 * vg.Centimeter}, nil
}

// Ranks draws marks above names, which their places count from zero; series stand beside one another.
func Ranks(a Axes, of []Series, labels []string) (*Figure, error) {
	apart := make([]Series, len(of))
	for i, s := range of {
		apart[i] = Series{Name: s.Name, Marks: slices.Clone(s.Marks)}
		for k := range s.Marks {
			apart[i].Marks[k].X += 0.5 * (float64(i+1)/float64(len(of)+1) - 0.5)
		}
	}
	p, legend, err := marked(a, apart, false)
	if err != nil {
		return nil, err
	}
	places := make([]float64, len(labels))
	for i := range places {
		places[i] = float64(i)
	}
	p.X.Min, p.X.Max = -0.5, float64(len(labels))-0.5
	names(p, places, labels)
	turn(p)
	return &Figure{Plot: p, X: a.X, Y: a.Y, Key: legend, Width: 17.5 * vg.Centimeter, Height: 8 * vg.Centimeter}, nil
}

// marked is a plot of marks and their deviations, joined or not, with room around them.
func marked(a Axes, of []Series, joined bool) (*gonum.Plot, key, error) {
	p := newPlot(a.Title)
	grid(p)
	var legend key
	low, high := Mark{X: math.Inf(1), Y: math.Inf(1)}, Mark{X: math.Inf(-1), Y: math.Inf(-1)}
	for i := range of {
		colour := palette[i%len(palette)]
		var pts plotter.XYs
		var bars segments
		for _, m := range of[i].Marks {
			pts = append(pts, plotter.XY{X: m.X, Y: m.Y})
			low.X, high.X, low.Y, high.Y = min(low.X, m.X), max(high.X, m.X), min(low.Y, m.Y-m.Deviation), max(high.Y, m.Y+m.Deviation)
			if m.Deviation > 0 {
				bars = append(bars, segment{m.X, m.Y - m.Deviation, m.X, m.Y + m.Deviation, draw.LineStyle{Color: colour, Width: 0.8}})
			}
		}
		if len(pts) == 0 {
			return nil, nil, errEmpty
		}
		line, dots, err := plotter.NewLinePoints(pts)
		if err != nil {
			return nil, nil, err
		}
		dots.Color, dots.Shape, dots.Radius = colour, glyphs[i%len(glyphs)], 2.4
		line.Color, line.Width, line.Dashes = colour, lineWidth, dashes[i%len(dashes)]
		e := entry{name: of[i].Name, glyph: &dots.GlyphStyle}
		if joined {
			e.line = &line.LineStyle
			p.Add(line)
		}
		p.Add(bars, dots)
		legend = append(legend, e)
	}
	if len(of) == 0 {
		return nil, nil, errEmpty
	}
	p.X.Min, p.X.Max = around(low.X, high.X)
	p.Y.Min, p.Y.Max = around(low.Y, high.Y)
	return p, legend, nil
}

// around gives a range room at both ends, also one of a single value.
func around(low, high float64) (from, to float64) {
	room := 0.05 * (high - low)
	if room == 0 {
		room = max(0.05*math.Abs(high), 0.05)
	}
	return low - room, high + room
}
