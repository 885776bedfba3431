package plot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"satsim/results/query"
)

// Definition is a figure that can be made.
type Definition struct {
	Name  string
	Title string
	Sweep string // the shipped sweep whose points the figure is made of
	// Networks, if there are any, are the only ones whose points are used.
	build func(ctx context.Context, d *query.Data) (*Figure, error)
}

// Definitions lists all figures.
func Definitions() []Definition {
	return []Definition{
		{"recipes", "Speed-up of recipes over dense, with the bounds of BDWP", "recipes", recipes},
		{"stages", "Time of a step by stage, dense and recipes", "recipes", stages},
		{"roofline", "Every layer's stages under the roofline", "recipes", one(roofline)},
		{"stalls", "Where the array's time goes", "recipes", stalls},
		{"layers", "Cycles of every layer, dense and BDWP", "recipes", one(layers)},
		{"energy", "Energy of a step by unit, dense and BDWP", "recipes", byUnit},
		{"ablation", "Time of BDWP without the dataflow's optimisations", "ablation", ablation},
		{"nm", "Speed-up of BDWP by N:M ratio", "nm", byRatio},
		{"array", "Speed-up of BDWP by size of the array", "array", byElements},
		{"lanes", "Speed-up of BDWP by lanes of the vector unit", "lanes", byLanes},
		{"bandwidth", "Speed-up of BDWP by off-chip bandwidth", "bandwidth", byBandwidth},
		{"front", "Time against DSP slices, and the Pareto front", "design-space", front},
	}
}

// Find looks a definition up.
func Find(name string) (Definition, error) {
	var names []string
	for _, d := range Definitions() {
		if d.Name == name {
			return d, nil
		}
		names = append(names, d.Name)
	}
	return Definition{}, fmt.Errorf("no figure is named %q; %s and all are accepted", name, strings.Join(names, ", "))
}

// Build draws the figure.
func (d Definition) Build(ctx context.Context, data *query.Data) (*Figure, error) {
	f, err := d.build(ctx, data)
	if err != nil {
		return nil, fmt.Errorf("drawing figure %s: %w", d.Name, err)
	}
	f.Name = d.Name
	return f, nil
}

var errNothing = errors.New("no point is compared with a baseline")

// shownAlone is the network of figures that show one step, if there are several.
const shownAlone = "resnet18-tiny"

// one makes a figure of one comparison: BDWP on one network, or else the last that there is.
func one(draw func(ctx context.Context, d *query.Data, r *query.Row) (*Figure, error)) func(context.Context, *query.Data) (*Figure, error) {
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
func label(r *query.Row) string {
	if s := r.Text("sparsity"); s != "1:1" {
		return r.Text("recipe") + " " + s
	}
	return r.Text("recipe")
}
