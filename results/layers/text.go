package layers

import (
	"io"
	"strings"

	"satsim/internal/ratio"
	"satsim/results/table"
	"satsim/workloads"
)

// layerColumns are of layers, and of their sum.
var layerColumns = []table.Field[Layer]{
	{Column: table.Column{Name: "layer", Key: "layer", Left: true}, Of: func(l *Layer) table.Cell { return table.Text(l.Layer) }},
	{Column: table.Column{Name: "op", Key: "op", Left: true}, Of: func(l *Layer) table.Cell { return table.Text(l.Op) }},
	{Column: table.Column{Name: "output", Key: "output_shape", Left: true}, Of: func(l *Layer) table.Cell { return table.Text(l.Output.String()) }},
	{Column: table.Column{Name: "parameters", Key: "parameters", NumberFormat: table.NumberFormat{Hidden: true}}, Of: func(l *Layer) table.Cell { return table.Whole(l.Parameters) }},
	{Column: denseMACs("ff"), Of: func(l *Layer) table.Cell { return table.Whole(l.FF.Dense) }},
	{Column: performedMACs("FF"), Of: func(l *Layer) table.Cell { return table.Whole(l.FF.Performed) }},
	{Column: denseMACs("bp"), Of: func(l *Layer) table.Cell { return table.Whole(l.BP.Dense) }},
	{Column: performedMACs("BP"), Of: func(l *Layer) table.Cell { return table.Whole(l.BP.Performed) }},
	{Column: denseMACs("wu"), Of: func(l *Layer) table.Cell { return table.Whole(l.WU.Dense) }},
	{Column: performedMACs("WU"), Of: func(l *Layer) table.Cell { return table.Whole(l.WU.Performed) }},
	{Column: table.Key("prunable"), Of: func(l *Layer) table.Cell { return table.Text(l.Pruned()) }},
	{
		Column: table.Column{Name: "saved", Key: "saved_bytes", Unit: "MB", NumberFormat: table.NumberFormat{Shift: -6, Decimals: 2, Hidden: true}},
		Of:     func(l *Layer) table.Cell { return table.Whole(l.SavedBytes) },
	},
}

func denseMACs(stage string) table.Column {
	return table.Column{Key: stage + "_dense_macs", For: table.Programs}
}

func performedMACs(stage string) table.Column {
	return table.Column{Name: stage, Key: strings.ToLower(stage) + "_performed_macs", Unit: "MMACs", NumberFormat: table.NumberFormat{Shift: -6, Decimals: 1, Hidden: true}}
}

// Table has a row a layer; people see their sum, too.
func (n *Network) Table() *table.Table {
	t := table.Of(layerColumns, n.Layers)
	t.Name = n.Name
	t.AddFoot(table.Cells(layerColumns, &Layer{Layer: "total", Figures: n.Total})...)
	return t
}

// JSON writes everything.
func (n *Network) JSON(w io.Writer) error { return table.Indented(w, n) }

// Text writes what people read.
func (n *Network) Text(w io.Writer) error {
	p := table.NewPage(w)
	p.Printf("%s: %s\nbatch %d, recipe %s\n\n", n.Name, n.Note, n.Images, n.Recipe)
	p.Table(n.Table())
	dense, performed := n.Total.Sum()
	p.Printf("\n%.3f M parameters; saved for backward %.1f MB\n", float64(n.Total.Parameters)/1e6, float64(n.Total.SavedBytes)/1e6)
	if dense == 0 {
		p.Printf("no products\n")
		return p.Err()
	}
	p.Printf("a sample: %.3f GMACs forward, %.3f GMACs a training step, %.3f GMACs (%.1f %%) of it under %s\n",
		PerSample(n.Total.FF.Dense, n.Images), PerSample(dense, n.Images), PerSample(performed, n.Images), ratio.Percent(performed, dense), n.Recipe)
	for i, s := range n.Total.Stages() {
		if s.Dense > 0 {
			p.Printf("  %s %.3f of %.3f GMACs (%.1f %%)\n", workloads.Stages()[i], PerSample(s.Performed, n.Images), PerSample(s.Dense, n.Images), ratio.Percent(s.Performed, s.Dense))
		}
	}
	return p.Err()
}

// PerSample is MACs of a batch in billions a sample.
func PerSample(n, images int64) float64 { return ratio.Of(n, images) / 1e9 }

// List is networks, a line each.
type List []NetworkLine

// JSON writes everything.
func (s List) JSON(w io.Writer) error { return table.Indented(w, s) }

// Table has a row a network.
func (s List) Table() *table.Table {
	return table.Of([]table.Field[NetworkLine]{
		{Column: table.Column{Name: "network", Key: "name", Left: true}, Of: func(n *NetworkLine) table.Cell { return table.Text(n.Name) }},
		{Column: table.Column{Name: "what it is", Key: "note", Left: true}, Of: func(n *NetworkLine) table.Cell { return table.Text(n.Note) }},
		{Column: table.Column{Name: "batch", Key: "images"}, Of: func(n *NetworkLine) table.Cell { return table.Whole(n.Images) }},
		{
			Column: table.Column{Name: "M parameters", Key: "parameters", NumberFormat: table.NumberFormat{Shift: -6, Decimals: 3}},
			Of:     func(n *NetworkLine) table.Cell { return table.Whole(n.Parameters) },
		},
		{Column: table.Column{Key: "forward_macs", For: table.Programs}, Of: func(n *NetworkLine) table.Cell { return table.Whole(n.Forward) }},
		{
			Column: table.Column{Name: "GMACs forward, a sample", For: table.People, NumberFormat: table.NumberFormat{Shift: -9, Decimals: 3}},
			Of:     func(n *NetworkLine) table.Cell { return table.Real(ratio.Of(n.Forward, n.Images)) },
		},
	}, s)
}

// Text writes what people read.
func (s List) Text(w io.Writer) error { return s.Table().Terminal(w) }
