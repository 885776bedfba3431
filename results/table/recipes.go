package table

import (
	"errors"
	"fmt"
	"math"

	"satsim/results/query"
)

// PaperSpeedup is the average of BDWP 2:8 over dense on SAT that the paper's abstract states (Fang et al., IEEE TCAD 2023, arXiv 2309.13015).
const PaperSpeedup = 1.75

func recipes(t *Table, in *Input) error {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return errors.New("no point is compared with a baseline")
	}
	differing := query.Differing(rows)
	designs := query.Design(differing, &rows[0]) != ""
	t.Columns = []Column{
		{"network", "", true}, {"batch", "", false}, {"recipe", "", true}, {"N:M", "", true}, {"dense", "Mcycles", false}, {"recipe", "Mcycles", false},
		{"FF", "×", false}, {"BP", "×", false}, {"WU", "×", false}, {"step", "×", false}, {"MAC bound", "×", false}, {"overlapped", "×", false}, {"serial", "×", false},
	}
	if designs {
		t.Columns = append(t.Columns, Column{"architecture", "", true})
	}
	type group struct{ recipe, sparsity, design string }
	var order []group
	sums := map[group][][]float64{}
	network := ""
	for i := range rows {
		r := &rows[i]
		c := query.CompanionsOf(in.Rows, r)
		figures := make([]float64, 0, 7)
		for _, name := range []string{"ff.speedup", "bp.speedup", "wu.speedup", "speedup"} {
			v, ok := r.Float(name)
			if !ok {
				v = math.NaN()
			}
			figures = append(figures, v)
		}
		figures = append(figures, c.MACs, c.Overlapped, c.Serial)
		g := group{r.Text("recipe"), r.Text("sparsity"), query.Design(differing, r)}
		if sums[g] == nil {
			order = append(order, g)
		}
		sums[g] = append(sums[g], figures)
		cells := []Cell{
			Text(r.Text("network")), Number(float64(r.Point.Batch), 0), Text(g.recipe), Text(g.sparsity),
			Number(float64(r.Base.Run.Total.Cycles)/1e6, 1), Number(float64(r.Point.Run.Total.Cycles)/1e6, 1),
		}
		for _, v := range figures {
			cells = append(cells, Number(v, 3))
		}
		if designs {
			cells = append(cells, Text(g.design))
		}
		if r.Text("network") != network {
			t.rule(cells...)
		} else {
			t.add(cells...)
		}
		network = r.Text("network")
	}
	networks := len(query.Distinct(rows, "network"))
	for i, g := range order {
		if len(sums[g]) != networks || networks < 2 {
			continue
		}
		cells := []Cell{Text(fmt.Sprintf("mean of %d", networks)), {}, Text(g.recipe), Text(g.sparsity), {}, {}}
		for k := range sums[g][0] {
			v := make([]float64, networks)
			for n := range v {
				v[n] = sums[g][n][k]
			}
			cells = append(cells, Number(mean(v), 3))
		}
		if designs {
			cells = append(cells, Text(g.design))
		}
		if i == 0 {
			t.rule(cells...)
		} else {
			t.add(cells...)
		}
	}
	paper := make([]Cell, len(t.Columns))
	paper[0], paper[2], paper[3], paper[9] = Text("paper, average"), Text("bdwp"), Text("2:8"), Number(PaperSpeedup, 2)
	t.rule(paper...)
	t.Notes = append(t.Notes,
		"Speed-up: cycles of dense over cycles of the recipe, on the same accelerator and under the same optimiser. Means are arithmetic.",
		"MAC bound: dense MACs over performed MACs. overlapped, serial: vector work hidden as far as it can be, or not at all. What vector lanes and bandwidth do to it is in the tables lanes and bandwidth.",
		"paper: the average over its networks that its abstract states (Fang et al., IEEE TCAD 2023, arXiv 2309.13015); no parameter here is fitted to it.")
	return nil
}
