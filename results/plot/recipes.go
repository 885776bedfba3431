package plot

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"satsim/internal/ratio"
	"satsim/results/query"
)

// Recipes draws a group of bars a network, a bar a recipe, with their bounds; beside the paper's average those of BDWP, which it is about.
func Recipes(_ context.Context, d *query.Data) (*Figure, error) {
	rows := query.Compared(d.Rows)
	if len(rows) == 0 {
		return nil, errNothing
	}
	if err := query.AlikeByNetwork(rows, "recipe", "sparsity"); err != nil {
		return nil, err
	}
	networks := query.Distinct(rows, "network")
	var kinds []string
	for i := range rows {
		if l := rows[i].Label(); !slices.Contains(kinds, l) {
			kinds = append(kinds, l)
		}
	}
	bounded, whose := "", ""
	if query.PapersOwn(rows) {
		bounded, whose = "bdwp", "BDWP "
	}
	speedups := make([][]float64, len(kinds)) // by kind, network
	for k := range speedups {
		speedups[k] = slices.Repeat([]float64{math.NaN()}, len(networks))
	}
	p := newPlot("")
	grid(p)
	var legend key
	var bars boxes
	var texts notes
	var bounds segments
	ranged := false
	width := 0.84 / float64(len(kinds))
	left := func(n, k int) float64 { return float64(n) - 0.42 + width*float64(k) }
	for i := range rows {
		r := &rows[i]
		n, k := slices.Index(networks, r.Text("network")), slices.Index(kinds, r.Label())
		v, _ := r.Float("speedup")
		speedups[k][n] = v
		if bounded != "" && r.Text("recipe") != bounded {
			continue
		}
		c := query.CompanionsOf(d.Rows, r)
		x0, x1 := left(n, k), left(n, k)+width
		mid := (x0 + x1) / 2
		ink := draw.LineStyle{Color: black, Width: 0.8}
		bounds = append(bounds, segment{x0, c.MACs, x1, c.MACs, draw.LineStyle{Color: black, Width: 1.6}})
		if !math.IsNaN(c.Serial) {
			ranged = true
			bounds = append(bounds, segment{mid, c.Serial, mid, c.Overlapped, ink},
				segment{mid - width/5, c.Serial, mid + width/5, c.Serial, ink}, segment{mid - width/5, c.Overlapped, mid + width/5, c.Overlapped, ink})
		}
	}
	groups := networks
	if len(networks) > 1 {
		groups = append(slices.Clone(networks), "mean")
	}
	top := 0.0
	for k := range kinds {
		values := speedups[k]
		if len(networks) > 1 {
			sum := 0.0
			for _, v := range values {
				sum += v
			}
			values = append(slices.Clone(values), sum/float64(len(values)))
		}
		for n, v := range values {
			if math.IsNaN(v) {
				continue
			}
			bars = append(bars, box{left(n, k), left(n, k) + width, 0, v, palette[k%len(palette)], k%2 == 1})
			texts = append(texts, note{x: left(n, k) + width/2, y: 0.06, text: fmt.Sprintf("%.2f", v), xAlign: text.XLeft, yAlign: text.YCenter, rotation: math.Pi / 2, patch: true})
			top = max(top, v)
		}
		legend = append(legend, entry{name: kinds[k], fill: palette[k%len(palette)], hatched: k%2 == 1})
	}
	last := float64(len(groups)) - 0.5
	paper, bound, ends := dashed(black), draw.LineStyle{Color: black, Width: 1.6}, draw.LineStyle{Color: black, Width: 0.8}
	guides := segments{{-0.5, 1, last, 1, dashed(grey)}}
	if query.PapersOwn(rows) {
		guides = append(guides, segment{-0.5, query.PaperSpeedup, last, query.PaperSpeedup, paper})
		legend = append(legend, entry{name: fmt.Sprintf("the paper's average of BDWP, %.2f", query.PaperSpeedup), line: &paper})
	}
	legend = append(legend, entry{name: whose + "by MACs alone", line: &bound})
	if ranged {
		legend = append(legend, entry{
			name: strings.TrimPrefix(strings.TrimSpace(whose)+", vector work all hidden to none hidden", ", "), line: &ends, glyph: &draw.GlyphStyle{Color: black, Radius: 3, Shape: draw.PlusGlyph{}},
		})
	}
	p.Add(bars, guides, bounds, texts)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, last, 0, max(top, 2)+0.1
	at := make([]float64, len(groups))
	for i := range at {
		at[i] = float64(i)
	}
	names(p, at, groups)
	return &Figure{Plot: p, Y: "speed-up over dense (×)", Key: legend, Width: 17.5 * vg.Centimeter, Height: 7 * vg.Centimeter}, nil
}

// Stages draws the time of a step, stage over stage, for the baseline and every recipe of every network, the baseline being 1.
func Stages(_ context.Context, d *query.Data) (*Figure, error) {
	rows := query.Compared(d.Rows)
	groups, err := byNetwork(rows)
	if err != nil {
		return nil, err
	}
	p := newPlot("")
	grid(p)
	var bars boxes
	var texts notes
	var at []float64
	var labels []string
	colours := palette[:3]
	ratios := len(query.Distinct(rows, "sparsity")) > 1
	x := 0.0
	stack := func(r *query.NamedPoint, of *query.NamedPoint, name string) {
		y := 0.0
		for s := range r.Point.Run.Stages {
			h := ratio.Of(r.Point.Run.Stages[s].Cycles, of.Base.Run.Total.Cycles)
			bars = append(bars, box{x - 0.4, x + 0.4, y, y + h, colours[s], s == 1})
			y += h
		}
		texts = append(texts, note{x: x, y: y, text: fmt.Sprintf("%.2f", y), xAlign: text.XCenter, dy: 2, size: typeSize - 2})
		at, labels = append(at, x), append(labels, name)
		x++
	}
	for g, group := range groups {
		if g > 0 {
			x += 0.7
		}
		from := x
		base := query.NamedPoint{Point: group[0].Base}
		stack(&base, &group[0], group[0].Text("baseline"))
		for i := range group {
			name := group[i].Text("recipe")
			if ratios {
				name = group[i].Label()
			}
			stack(&group[i], &group[i], name)
		}
		texts = append(texts, note{x: (from + x - 1) / 2, y: 1.14, text: group[0].Text("network"), xAlign: text.XCenter, size: typeSize})
	}
	var legend key
	for s, st := range rows[0].Point.Run.Stages {
		legend = append(legend, entry{name: st.Stage, fill: colours[s], hatched: s == 1})
	}
	p.Add(bars, texts)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.6, x-0.4, 0, 1.25
	names(p, at, labels)
	turn(p)
	return &Figure{Plot: p, Y: "cycles of a step, " + rows[0].Text("baseline") + " = 1", Key: legend, Width: 17.5 * vg.Centimeter, Height: 7 * vg.Centimeter}, nil
}
