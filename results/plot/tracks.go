package plot

import (
	"gonum.org/v1/plot/vg"

	gonum "gonum.org/v1/plot"
)

// Bar is a stretch of a track.
type Bar struct {
	Track      int
	From, To   float64
	Repetition bool // of what repeats: in another colour
}

// Tracks draws bars along an axis, a track above the other, the first on top.
func Tracks(a Axes, tracks []string, of []Bar, repetition string) (*Figure, error) {
	if len(of) == 0 || len(tracks) == 0 {
		return nil, errEmpty
	}
	p := newPlot(a.Title)
	var bars boxes
	var legend key
	for _, b := range of {
		y, fill := float64(len(tracks)-1-b.Track), blue
		if b.Repetition {
			fill = orange
			if legend == nil {
				legend = key{{name: repetition, fill: orange, hatched: true}}
			}
		}
		bars = append(bars, box{b.From, b.To, y - 0.35, y + 0.35, fill, b.Repetition})
	}
	p.Add(bars)
	ticks := make([]gonum.Tick, len(tracks))
	for i, name := range tracks {
		ticks[i] = gonum.Tick{Value: float64(len(tracks) - 1 - i), Label: name}
	}
	p.Y.Tick.Marker, p.Y.Tick.Length = gonum.ConstantTicks(ticks), 0
	p.Y.Min, p.Y.Max = -0.6, float64(len(tracks))-0.4
	p.X.Min = 0
	return &Figure{Plot: p, X: a.X, Y: a.Y, Key: legend, Width: 17.5 * vg.Centimeter, Height: vg.Length(2.4+0.45*float64(len(tracks))) * vg.Centimeter}, nil
}
