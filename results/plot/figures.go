package plot

import (
	"context"
	"errors"
	"math"
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"satsim/results/query"
)

// Drawer draws a figure of points.
type Drawer func(ctx context.Context, d *query.Data) (*Figure, error)

var errNothing = errors.New("no point is compared with a baseline")

// Roofline draws every layer's stages under the roofline.
func Roofline(ctx context.Context, d *query.Data) (*Figure, error) { return one(roofline)(ctx, d) }

// Layers draws the cycles of every layer, dense and under a recipe.
func Layers(ctx context.Context, d *query.Data) (*Figure, error) { return one(layers)(ctx, d) }

// one makes a figure of one comparison, and refuses to choose among several.
func one(draw func(ctx context.Context, d *query.Data, r *query.NamedPoint) (*Figure, error)) Drawer {
	return func(ctx context.Context, d *query.Data) (*Figure, error) {
		rows := query.Compared(d.Rows)
		if len(rows) == 0 {
			return nil, errNothing
		}
		if err := query.Alike(rows); err != nil {
			return nil, err
		}
		return draw(ctx, d, &rows[0])
	}
}

// byNetwork groups rows that recipe and N:M tell apart in each network, and refuses others.
func byNetwork(rows []query.NamedPoint) ([][]query.NamedPoint, error) {
	if len(rows) == 0 {
		return nil, errNothing
	}
	if err := query.AlikeByNetwork(rows, "recipe", "sparsity"); err != nil {
		return nil, err
	}
	networks := query.Distinct(rows, "network")
	groups := make([][]query.NamedPoint, len(networks))
	for i := range rows {
		n := slices.Index(networks, rows[i].Text("network"))
		groups[n] = append(groups[n], rows[i])
	}
	return groups, nil
}

// spread turns the names below bars, and the numbers on them, if they would stand on one another. Headings have the type size.
func spread(f *Figure, labels []string, texts notes) {
	var widest vg.Length
	for _, l := range labels {
		widest = max(widest, typed(0, nil).Width(l))
	}
	for _, t := range texts {
		if t.size == 0 {
			widest = max(widest, typed(0, nil).Width(t.text))
		}
	}
	p := f.Plot
	if widest < 0.9*f.Width/vg.Length(p.X.Max-p.X.Min) {
		return
	}
	turn(p)
	room := 0.25 * (p.Y.Max - p.Y.Min)
	p.Y.Max += room
	for i := range texts {
		t := &texts[i]
		if t.size == typeSize {
			t.y += room
			continue
		}
		t.rotation, t.xAlign, t.yAlign = math.Pi/2, text.XLeft, text.YCenter
	}
}
