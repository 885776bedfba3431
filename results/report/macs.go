package report

import (
	"satsim/internal/ratio"
	"satsim/results/query"
	"satsim/results/table"
)

// macs lists the work of a step by stage, and what recipes leave of it. Nothing here depends on the machine.
func macs(t *table.Table, in *Input) error {
	rows := query.Compared(in.Rows)
	if len(rows) == 0 {
		return errNothing
	}
	if err := query.AlikeByNetwork(rows, append(query.Designs(rows), "recipe", "sparsity")...); err != nil {
		return err
	}
	type recipe struct{ name, sparsity string }
	var order []recipe
	kept := map[string]map[recipe]float64{}
	first := map[string]*query.NamedPoint{}
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
		kept[network][rec] = ratio.Of(r.Point.Run.Total.PerformedMACs, r.Base.Run.Total.PerformedMACs)
	}
	t.Columns = []table.Column{
		table.Words("network"), table.Scaled("parameters", "M", -6, 3), table.Numbers("batch", "", 0), table.Scaled("FF", "GMAC", -9, 1), table.Scaled("BP", "GMAC", -9, 1), table.Scaled("WU", "GMAC", -9, 1),
		table.Scaled("step", "GMAC", -9, 1), table.Scaled("image", "GMAC", -9, 3),
	}
	for _, o := range order {
		t.Columns = append(t.Columns, table.Scaled(o.name+" "+o.sparsity, "% of dense", 2, 1))
	}
	for _, network := range query.Distinct(rows, "network") {
		r := first[network]
		base := r.Base.Run
		cells := []table.Cell{table.Text(network), table.Whole(r.Point.Parameters), table.Whole(r.Point.Batch)}
		for _, s := range base.Stages {
			cells = append(cells, table.Whole(s.DenseMACs))
		}
		cells = append(cells, table.Whole(base.Total.DenseMACs), table.Real(ratio.Of(base.Total.DenseMACs, r.Point.Batch)))
		for _, o := range order {
			share, ok := kept[network][o]
			if !ok {
				cells = append(cells, table.Cell{})
				continue
			}
			cells = append(cells, table.Real(share))
		}
		t.Add(cells...)
	}
	t.Notes = append(t.Notes, "One MAC is two operations. Groups that a layer's channels do not fill keep min(N, rest) of their rest; layers with fewer than M channels along a reduction are dense in it; attention products are dense.")
	return nil
}
