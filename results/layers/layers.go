// Package layers sums a network's training step up, layer by layer: shapes, parameters, MACs of each stage under a recipe, what may be
// pruned, and what is saved from the forward pass to the backward one.
package layers

import (
	"cmp"
	"fmt"
	"strings"

	"satsim/results/experiment/models"
	"satsim/workloads"
	"satsim/workloads/network"
)

// Network is a network under a recipe.
type Network struct {
	Name   string  `json:"network"`
	Note   string  `json:"note"`
	Images int64   `json:"images"` // samples a step
	Recipe string  `json:"recipe"`
	Layers []Layer `json:"layers"` // inputs first, then in topological order
	Total  Figures `json:"total"`
}

// Layer is a layer or an input.
type Layer struct {
	Layer  string        `json:"layer"`
	Op     string        `json:"op"`
	Output network.Shape `json:"output_shape"`
	Figures
}

// Figures are sums of a layer or of the network.
type Figures struct {
	Parameters int64 `json:"parameters"`
	FF         MACs  `json:"ff"`
	BP         MACs  `json:"bp"`
	WU         MACs  `json:"wu"`
	SavedBytes int64 `json:"saved_bytes"` // from its forward to its backward pass
}

// MACs are the products of a layer in a stage.
type MACs struct {
	Dense     int64  `json:"dense_macs"`
	Performed int64  `json:"performed_macs"` // under the recipe
	Products  int64  `json:"products"`
	Prunable  int64  `json:"prunable_products"`
	Sparsity  string `json:"sparsity,omitempty"` // of the pruned products
}

// Stages are the products of each stage, in order.
func (f *Figures) Stages() [3]*MACs { return [...]*MACs{&f.FF, &f.BP, &f.WU} }

// New sums a network's step up, layer by layer.
func New(m *models.Models) (*Network, error) {
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
	t := &Network{Name: m.Network.Name, Note: step.Note, Images: step.Images, Recipe: m.Recipe.Name}
	at := map[string]int{}
	add := func(r Layer) {
		at[r.Layer] = len(t.Layers)
		t.Layers = append(t.Layers, r)
	}
	for _, in := range graph.Inputs {
		add(Layer{Layer: in.Name, Op: "input", Output: in.Shape})
	}
	for _, l := range layers {
		add(Layer{Layer: l.Name, Op: string(l.Op), Output: l.Out, Figures: Figures{Parameters: l.Parameters}})
	}
	for i := range step.Items {
		it := &step.Items[i]
		k, ok := at[cmp.Or(it.Of, it.Layer)]
		if !ok && len(it.Products) > 0 {
			return nil, fmt.Errorf("network %s: the products of %s belong to no layer", t.Name, it.Layer)
		}
		if ok {
			t.Layers[k].Stages()[it.Stage].add(it.Products)
		}
	}
	for _, s := range step.Saved {
		k, ok := owner(at, s.Name)
		if !ok {
			return nil, fmt.Errorf("network %s: the saved tensor %s belongs to no layer", t.Name, s.Name)
		}
		t.Layers[k].SavedBytes += s.Bytes()
	}
	for i := range t.Layers {
		t.Total.add(&t.Layers[i].Figures)
	}
	if t.Total.Parameters != step.Parameters {
		return nil, fmt.Errorf("network %s: layers have %d parameters, the network %d", t.Name, t.Total.Parameters, step.Parameters)
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

func (s *MACs) add(products []workloads.Product) {
	for i := range products {
		p := &products[i]
		s.Dense += p.OfNetwork()
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

func (f *Figures) add(o *Figures) {
	f.Parameters += o.Parameters
	f.SavedBytes += o.SavedBytes
	from := o.Stages()
	for i, s := range f.Stages() {
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

// Sum is the MACs of all stages.
func (f *Figures) Sum() (dense, performed int64) {
	for _, s := range f.Stages() {
		dense += s.Dense
		performed += s.Performed
	}
	return dense, performed
}

// Pruned names the stages in which products may be pruned, with what the recipe makes of them.
func (f *Figures) Pruned() string {
	var out []string
	for i, s := range f.Stages() {
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

// NetworkLine is a network in a list.
type NetworkLine struct {
	Name       string `json:"name"`
	Note       string `json:"note"`
	Images     int64  `json:"images"`
	Parameters int64  `json:"parameters"`
	Forward    int64  `json:"forward_macs"` // of a batch
}

// LineOf sums a dense step up under a name.
func LineOf(name string, s *workloads.Step) NetworkLine {
	l := NetworkLine{Name: name, Note: s.Note, Images: s.Images, Parameters: s.Parameters}
	for i := range s.Items {
		if it := &s.Items[i]; it.Stage == workloads.FF {
			for k := range it.Products {
				l.Forward += it.Products[k].MACs()
			}
		}
	}
	return l
}

// Shipped are the shipped networks at their own parameters.
func Shipped() (List, error) {
	names, err := models.Shipped("network")
	if err != nil {
		return nil, err
	}
	loader := models.NewLoader()
	var out List
	for _, n := range names {
		m, err := loader.Network(n, 0, nil)
		if err != nil {
			return nil, err
		}
		out = append(out, LineOf(n, &m.Step))
	}
	return out, nil
}
