package plot

import (
	"context"
	"fmt"
	"image/color"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"satsim/internal/ratio"
	"satsim/results/query"
	"satsim/results/record"
)

// cause of the array's time.
type cause struct {
	name    string
	of      func(l *record.Lane) int64
	fill    color.Color
	hatched bool
}

// looks of the waits for units that have one; those for others are drawn as well, in one of their own.
var looks = []struct {
	units   []string
	name    string
	fill    color.Color
	hatched bool
}{
	{[]string{"memory"}, "waits for memory", red, false},
	{[]string{"sore"}, "waits for SORE", orange, true},
	{[]string{"wuve", "stce"}, "waits for WUVE", purple, true},
	{[]string{"vector"}, "waits for the vector unit", orange, false},
}

// causesOf is where the time of arrays went, in the order of the stack.
func causesOf(lanes []*record.Lane) []cause {
	out := []cause{
		{"computing", func(l *record.Lane) int64 { return l.Computing }, blue, false},
		{"filling", func(l *record.Lane) int64 { return l.Filling }, sky, false},
		{"draining", func(l *record.Lane) int64 { return l.Draining }, sky, true},
	}
	known := map[string]bool{}
	wait := func(name string, fill color.Color, hatched bool, units ...string) {
		for _, u := range units {
			known[u] = true
		}
		out = append(out, cause{name, func(l *record.Lane) (n int64) {
			for _, u := range units {
				n += l.Wait(u)
			}
			return n
		}, fill, hatched})
	}
	for _, k := range looks {
		wait(k.name, k.fill, k.hatched, k.units...)
	}
	for _, l := range lanes {
		for i := range l.Waits {
			if u := l.Waits[i].Unit; !known[u] {
				wait("waits for "+u, green, len(out)%2 == 0, u)
			}
		}
	}
	return append(out,
		cause{"other units work alone", func(l *record.Lane) int64 { return l.NoWord }, grey, false},
		cause{"reconfigures", func(l *record.Lane) int64 { return l.Reconfigure }, black, false},
	)
}

// Stalls draws where the array's time goes in a step, the baseline beside the recipes of each network, the baseline being 1.
func Stalls(ctx context.Context, d *query.Data) (*Figure, error) {
	groups, err := byNetwork(query.Compared(d.Rows))
	if err != nil {
		return nil, err
	}
	type bar struct {
		name  string
		lane  *record.Lane
		total int64
	}
	var bars boxes
	bands := make([][]bar, len(groups)) // of each network, its baseline first
	var lanes []*record.Lane
	for g, group := range groups {
		first := &group[0]
		add := func(name, key string) error {
			run, err := d.Detail(ctx, key)
			if err != nil {
				return err
			}
			lane := array(run)
			if lane == nil {
				return fmt.Errorf("the run of %s says nothing about the array's time", first.Text("network"))
			}
			bands[g], lanes = append(bands[g], bar{name, lane, run.Total.Cycles}), append(lanes, lane)
			return nil
		}
		if err := add(first.Text("baseline"), first.Point.Baseline); err != nil {
			return nil, err
		}
		for i := range group {
			if err := add(group[i].Label(), group[i].Key); err != nil {
				return nil, err
			}
		}
	}
	p := newPlot("")
	grid(p)
	var texts notes
	var at []float64
	var labels []string
	causes := causesOf(lanes)
	used := make([]bool, len(causes))
	x := 0.0
	for g, group := range groups {
		from, whole := x, float64(bands[g][0].total)
		for _, b := range bands[g] {
			y := 0.0
			for c := range causes {
				h := float64(causes[c].of(b.lane)) / whole
				if h == 0 {
					continue
				}
				used[c] = used[c] || h > 0.001
				bars = append(bars, box{x - 0.42, x + 0.42, y, y + h, causes[c].fill, causes[c].hatched})
				y += h
			}
			texts = append(texts, note{x: x, y: y, text: fmt.Sprintf("%.0f%%", ratio.Percent(b.lane.Computing, b.total)), xAlign: text.XCenter, dy: 2})
			at, labels = append(at, x), append(labels, b.name)
			x++
		}
		texts = append(texts, note{x: (from + x - 1) / 2, y: 1.1, text: group[0].Text("network"), xAlign: text.XCenter, size: typeSize})
		x += 0.6
	}
	var legend key
	for c := range causes {
		if used[c] {
			legend = append(legend, entry{name: causes[c].name, fill: causes[c].fill, hatched: causes[c].hatched})
		}
	}
	p.Add(bars, texts)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.6, x-1, 0, 1.2
	names(p, at, labels)
	legend = append(legend, entry{name: "numbers: share of the step in which the array computes"})
	f := &Figure{Plot: p, Y: "array cycles of a step, " + groups[0][0].Text("baseline") + " = 1", Key: legend, Width: 17.5 * vg.Centimeter, Height: 7 * vg.Centimeter}
	spread(f, labels, texts)
	return f, nil
}

// array is where the array's time went in the whole step: the last entry of a run's stalls.
func array(run *record.Run) *record.Lane {
	if len(run.Stalls) == 0 {
		return nil
	}
	lanes := run.Stalls[len(run.Stalls)-1].Lanes
	for i := range lanes {
		if lanes[i].Lane == "array" {
			return &lanes[i]
		}
	}
	return nil
}
