package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"satsim/results/experiment/models"
	"satsim/workloads"
	"satsim/workloads/network"
)

func (a *app) network() *cobra.Command {
	m := modelFlags{arch: "sat-vcu1525"}
	var list bool
	cmd := &cobra.Command{
		Use:   "network NAME",
		Short: "Show a network layer by layer: shapes, parameters, MACs of each stage, what may be pruned, what is saved",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 == list {
				return usageError{fmt.Errorf("network takes one name or file, or --list; there are %d names", len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			format := a.settings.GetString("format")
			if err := checkFormat(format); err != nil {
				return err
			}
			if list {
				return listNetworks(a.out, format)
			}
			m.network = args[0]
			of, err := m.resolve()
			if err != nil {
				return err
			}
			t, err := newNetworkTable(of)
			if err != nil {
				return err
			}
			return t.print(a.out, format)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&list, "list", false, "list the shipped networks")
	f.StringVar(&m.recipe, "recipe", "dense", "recipe whose pruning is shown: a shipped name or a file")
	f.StringVar(&m.sparsity, "sparsity", "", "N:M of the recipe (default: the recipe's own)")
	f.Int64Var(&m.batch, "batch", 0, "samples a step (default: the network's own)")
	f.StringArrayVar(&m.set, "set", nil, "override path=value, such as network.image=32 or recipe.optimiser=adam; may be repeated")
	f.String("format", formatTable, "standard output: table, json or csv")
	return cmd
}

// networkTable is what the command shows of a network.
type networkTable struct {
	Network string       `json:"network"`
	Note    string       `json:"note"`
	Images  int64        `json:"images"` // samples a step
	Recipe  string       `json:"recipe"`
	Layers  []layerRow   `json:"layers"` // inputs first, then in topological order
	Total   layerFigures `json:"total"`
}

// layerRow is a layer or an input.
type layerRow struct {
	Layer  string        `json:"layer"`
	Op     string        `json:"op"`
	Output network.Shape `json:"output_shape"`
	layerFigures
}

// layerFigures are sums of a layer or of the network.
type layerFigures struct {
	Parameters int64     `json:"parameters"`
	FF         stageMACs `json:"ff"`
	BP         stageMACs `json:"bp"`
	WU         stageMACs `json:"wu"`
	SavedBytes int64     `json:"saved_bytes"` // from its forward to its backward pass
}

// stageMACs are the products of a layer in a stage.
type stageMACs struct {
	Dense     int64  `json:"dense_macs"`
	Performed int64  `json:"performed_macs"` // under the recipe
	Products  int64  `json:"products"`
	Prunable  int64  `json:"prunable_products"`
	Sparsity  string `json:"sparsity,omitempty"` // of the pruned products
}

func (f *layerFigures) stages() [3]*stageMACs { return [...]*stageMACs{&f.FF, &f.BP, &f.WU} }

func newNetworkTable(m *models.Models) (*networkTable, error) {
	graph, err := m.Network.Graph()
	if err != nil {
		return nil, fmt.Errorf("network %s: %w", m.Network.Name, err)
	}
	layers, err := graph.Layers()
	if err != nil {
		return nil, fmt.Errorf("network %s: %w", m.Network.Name, err)
	}
	step, err := m.Recipe.Apply(*m.Step)
	if err != nil {
		return nil, err
	}
	t := &networkTable{Network: m.Network.Name, Note: step.Note, Images: step.Images, Recipe: m.Recipe.Name}
	at := map[string]int{}
	add := func(r layerRow) {
		at[r.Layer] = len(t.Layers)
		t.Layers = append(t.Layers, r)
	}
	for _, in := range graph.Inputs {
		add(layerRow{Layer: in.Name, Op: "input", Output: in.Shape})
	}
	for _, l := range layers {
		add(layerRow{Layer: l.Name, Op: string(l.Op), Output: l.Out, layerFigures: layerFigures{Parameters: l.Parameters}})
	}
	for i := range step.Items {
		it := &step.Items[i]
		k, ok := at[it.Layer]
		if !ok && len(it.Products) > 0 {
			return nil, fmt.Errorf("network %s: the products of %s belong to no layer", t.Network, it.Layer)
		}
		if ok {
			t.Layers[k].stages()[it.Stage].add(it.Products)
		}
	}
	for _, s := range step.Saved {
		k, ok := owner(at, s.Name)
		if !ok {
			return nil, fmt.Errorf("network %s: the saved tensor %s belongs to no layer", t.Network, s.Name)
		}
		t.Layers[k].SavedBytes += s.Bytes()
	}
	for i := range t.Layers {
		t.Total.add(&t.Layers[i].layerFigures)
	}
	if t.Total.Parameters != step.Parameters {
		return nil, fmt.Errorf("network %s: layers have %d parameters, the network %d", t.Network, t.Total.Parameters, step.Parameters)
	}
	return t, nil
}

// owner is the layer that a saved tensor's name says: its own, or one followed by a dot and what it is.
func owner(at map[string]int, name string) (int, bool) {
	for {
		if i, ok := at[name]; ok {
			return i, true
		}
		dot := strings.LastIndexByte(name, '.')
		if dot < 0 {
			return 0, false
		}
		name = name[:dot]
	}
}

func (s *stageMACs) add(products []workloads.Product) {
	for i := range products {
		p := &products[i]
		s.Dense += p.MACs()
		s.Performed += p.KeptMACs()
		s.Products++
		if p.Prunable {
			s.Prunable++
		}
		if r := p.Sparse.Ratio; r.M > 1 && !r.IsDense() {
			s.Sparsity = r.String()
		}
	}
}

func (f *layerFigures) add(o *layerFigures) {
	f.Parameters += o.Parameters
	f.SavedBytes += o.SavedBytes
	from := o.stages()
	for i, s := range f.stages() {
		s.Dense += from[i].Dense
		s.Performed += from[i].Performed
		s.Products += from[i].Products
		s.Prunable += from[i].Prunable
		switch r := from[i].Sparsity; {
		case r == "" || r == s.Sparsity:
		case s.Sparsity == "":
			s.Sparsity = r
		default:
			s.Sparsity = "mixed"
		}
	}
}

// MACs of all stages.
func (f *layerFigures) macs() (dense, performed int64) {
	for _, s := range f.stages() {
		dense += s.Dense
		performed += s.Performed
	}
	return dense, performed
}

// prunable names the stages in which products may be pruned, with what the recipe makes of them.
func (f *layerFigures) prunable() string {
	var out []string
	for i, s := range f.stages() {
		name := workloads.Stages()[i].String()
		switch {
		case s.Sparsity != "":
			out = append(out, name+" "+s.Sparsity)
		case s.Prunable > 0:
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

func (t *networkTable) print(w io.Writer, format string) error {
	switch format {
	case formatJSON:
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(t)
	case formatCSV:
		return t.csv(w)
	}
	fmt.Fprintf(w, "%s: %s\nbatch %d, recipe %s\n\n", t.Network, t.Note, t.Images, t.Recipe)
	tb := newTable(w, 3, "layer", "op", "output", "parameters", "FF MMACs", "BP MMACs", "WU MMACs", "prunable", "saved MB")
	row := func(name, op, shape string, f *layerFigures) table.Row {
		r := table.Row{name, op, shape, blank(f.Parameters, "%d", 1)}
		for _, s := range f.stages() {
			r = append(r, blank(s.Performed, "%.1f", 1e6))
		}
		return append(r, f.prunable(), blank(f.SavedBytes, "%.2f", 1e6))
	}
	for i := range t.Layers {
		l := &t.Layers[i]
		tb.AppendRow(row(l.Layer, l.Op, l.Output.String(), &l.layerFigures))
	}
	tb.AppendFooter(row("total", "", "", &t.Total))
	tb.Render()
	dense, performed := t.Total.macs()
	fmt.Fprintf(w, "\n%.3f M parameters; saved for backward %.1f MB\n", float64(t.Total.Parameters)/1e6, float64(t.Total.SavedBytes)/1e6)
	fmt.Fprintf(w, "a sample: %.3f GMACs forward, %.3f GMACs a training step, %.3f GMACs (%.1f %%) of it under %s\n",
		perSample(t.Total.FF.Dense, t.Images), perSample(dense, t.Images), perSample(performed, t.Images), 100*float64(performed)/float64(dense), t.Recipe)
	for i, s := range t.Total.stages() {
		if s.Dense > 0 {
			fmt.Fprintf(w, "  %s %.3f of %.3f GMACs (%.1f %%)\n", workloads.Stages()[i], perSample(s.Performed, t.Images), perSample(s.Dense, t.Images), 100*float64(s.Performed)/float64(s.Dense))
		}
	}
	return nil
}

func perSample(n, images int64) float64 { return float64(n) / float64(images) / 1e9 }

// blank prints a number in a unit, nothing if it is zero.
func blank(v int64, format string, unit float64) string {
	switch {
	case v == 0:
		return ""
	case format == "%d":
		return strconv.FormatInt(v, 10)
	}
	return fmt.Sprintf(format, float64(v)/unit)
}

func (t *networkTable) csv(w io.Writer) error {
	lines := [][]string{{
		"layer", "op", "output_shape", "parameters", "ff_dense_macs", "ff_performed_macs", "bp_dense_macs", "bp_performed_macs",
		"wu_dense_macs", "wu_performed_macs", "prunable", "saved_bytes",
	}}
	number := func(v int64) string { return strconv.FormatInt(v, 10) }
	for i := range t.Layers {
		l := &t.Layers[i]
		line := []string{l.Layer, l.Op, l.Output.String(), number(l.Parameters)}
		for _, s := range l.stages() {
			line = append(line, number(s.Dense), number(s.Performed))
		}
		lines = append(lines, append(line, l.prunable(), number(l.SavedBytes)))
	}
	if err := csv.NewWriter(w).WriteAll(lines); err != nil {
		return fmt.Errorf("printing the layers: %w", err)
	}
	return nil
}

// networkLine is a line of the list.
type networkLine struct {
	Name       string `json:"name"`
	Note       string `json:"note"`
	Images     int64  `json:"images"`
	Parameters int64  `json:"parameters"`
	Forward    int64  `json:"forward_macs"` // of a batch
}

// listNetworks shows the shipped networks at their own parameters.
func listNetworks(w io.Writer, format string) error {
	names, err := models.Shipped("network")
	if err != nil {
		return err
	}
	loader := models.NewLoader()
	var lines []networkLine
	for _, n := range names {
		m, err := loader.Network(n, 0, nil)
		if err != nil {
			return err
		}
		l := networkLine{Name: n, Note: m.Step.Note, Images: m.Step.Images, Parameters: m.Step.Parameters}
		for i := range m.Step.Items {
			if it := &m.Step.Items[i]; it.Stage == workloads.FF {
				for k := range it.Products {
					l.Forward += it.Products[k].MACs()
				}
			}
		}
		lines = append(lines, l)
	}
	switch format {
	case formatJSON:
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(lines)
	case formatCSV:
		out := [][]string{{"name", "note", "images", "parameters", "forward_macs"}}
		for _, l := range lines {
			out = append(out, []string{l.Name, l.Note, strconv.FormatInt(l.Images, 10), strconv.FormatInt(l.Parameters, 10), strconv.FormatInt(l.Forward, 10)})
		}
		if err := csv.NewWriter(w).WriteAll(out); err != nil {
			return fmt.Errorf("printing the networks: %w", err)
		}
		return nil
	}
	tb := newTable(w, 2, "network", "what it is", "batch", "M parameters", "GMACs forward, a sample")
	for _, l := range lines {
		tb.AppendRow(table.Row{l.Name, l.Note, l.Images, fmt.Sprintf("%.3f", float64(l.Parameters)/1e6), fmt.Sprintf("%.3f", perSample(l.Forward, l.Images))})
	}
	tb.Render()
	return nil
}
