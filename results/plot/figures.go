package plot

import (
	"context"
	"errors"

	"satsim/results/query"
)

// Drawer draws a figure of points.
type Drawer func(ctx context.Context, d *query.Data) (*Figure, error)

var errNothing = errors.New("no point is compared with a baseline")

// shownAlone is the network of figures that show one step, if there are several.
const shownAlone = "resnet18-tiny"

// Roofline draws every layer's stages under the roofline.
func Roofline(ctx context.Context, d *query.Data) (*Figure, error) { return one(roofline)(ctx, d) }

// Layers draws the cycles of every layer, dense and under a recipe.
func Layers(ctx context.Context, d *query.Data) (*Figure, error) { return one(layers)(ctx, d) }

// one makes a figure of one comparison: BDWP on one network, or else the last that there is.
func one(draw func(ctx context.Context, d *query.Data, r *query.NamedPoint) (*Figure, error)) Drawer {
	return func(ctx context.Context, d *query.Data) (*Figure, error) {
		rows := query.Compared(d.Rows)
		if len(rows) == 0 {
			return nil, errNothing
		}
		r := &rows[len(rows)-1]
		for i := range rows {
			if rows[i].Text("network") == shownAlone && rows[i].Text("recipe") == "bdwp" {
				r = &rows[i]
			}
		}
		return draw(ctx, d, r)
	}
}

// label of a recipe with its ratio.
func label(r *query.NamedPoint) string {
	if s := r.Text("sparsity"); s != "1:1" {
		return r.Text("recipe") + " " + s
	}
	return r.Text("recipe")
}
