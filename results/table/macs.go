package table

import (
	"errors"

	"satsim/results/query"
)

// macs lists the work of a step by stage, and what recipes leave of it. Nothing here depends on the machine.
func macs(t *Table, in *Input) error {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return errors.New("no point is compared with a baseline")
	}
	type recipe struct{ name, sparsity string }
	var order []recipe
	kept := map[string]map[recipe]float64{}
	first := map[string]*query.Row{}
	for i := range rows {
		r := &rows[i]
		rec, network := recipe{r.Text("recipe"), r.Text("sparsity")}, r.Text("network")
		if first[network] == nil {
			first[network], kept[network] = r, map[recipe]float64{}
		}
		seen := false
		for _, o := range order {
			seen = seen || o == rec
		}
		if !seen {
			order = append(order, rec)
		}
		kept[network][rec] = float64(r.Point.Run.Total.PerformedMACs) / float64(r.Base.Run.Total.PerformedMACs)
	}
	t.Columns = []Column{
		{"network", "", true}, {"parameters", "M", false}, {"batch", "", false}, {"FF", "GMAC", false}, {"BP", "GMAC", false}, {"WU", "GMAC", false},
		{"step", "GMAC", false}, {"image", "GMAC", false},
	}
	for _, o := range order {
		t.Columns = append(t.Columns, Column{o.name + " " + o.sparsity, "% of dense", false})
	}
	for _, network := range query.Distinct(rows, "network") {
		r := first[network]
		base := r.Base.Run
		cells := []Cell{Text(network), Number(float64(r.Point.Parameters)/1e6, 3), Number(float64(r.Point.Batch), 0)}
		for _, s := range base.Stages {
			cells = append(cells, Number(float64(s.DenseMACs)/1e9, 1))
		}
		total := float64(base.Total.DenseMACs)
		cells = append(cells, Number(total/1e9, 1), Number(total/float64(r.Point.Batch)/1e9, 3))
		for _, o := range order {
			share, ok := kept[network][o]
			if !ok {
				cells = append(cells, Cell{})
				continue
			}
			cells = append(cells, Number(100*share, 1))
		}
		t.add(cells...)
	}
	t.Notes = append(t.Notes, "One MAC is two operations. Groups that a layer's channels do not fill keep min(N, rest) of their rest; layers with fewer than M channels along a reduction are dense in it; attention products are dense.")
	return nil
}
