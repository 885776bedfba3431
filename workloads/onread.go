package workloads

import (
	"fmt"
	"slices"
)

// Foldable is a batch norm that may be applied where its result is read.
type Foldable struct {
	Layer    string
	Channels int64
}

// foldable is a batch norm whose pass may be left out, and where it is.
type foldable struct {
	layer    string
	item     int    // with the pass, and the clip behind it
	passes   int    // how many these are: the first ones of the item
	result   string // array that they make
	input    Tensor
	norm     Norm
	products []place
}

// place is a product of a step.
type place struct{ item, product int }

// Foldable lists the batch norms that may be applied where their result is read: whose every reader is a product of a layer that takes it as it is, from the west,
// so that no sum, pool or loss reads it, nor anything of the backward pass but such products. Behind the norm may be a clip, whose mask some forward product
// has to write: one that reads all of the result.
func (s *Step) Foldable() []Foldable {
	var out []Foldable
	for _, f := range s.foldables() {
		out = append(out, Foldable{Layer: f.layer, Channels: f.norm.Stats.Elements / 2})
	}
	return out
}

func (s *Step) foldables() (out []foldable) {
	for i := range s.Items {
		if f, ok := s.foldable(i); ok {
			out = append(out, f)
		}
	}
	return out
}

func (s *Step) foldable(i int) (f foldable, ok bool) {
	passes := s.Items[i].Passes
	if len(s.Items[i].Products) > 0 || len(passes) == 0 || passes[0].Kind != BatchNormApply {
		return f, false
	}
	apply := &passes[0]
	stats, x, vector, y := apply.Reads[0], apply.Reads[1], apply.Reads[2], apply.Writes[0]
	f = foldable{layer: apply.Layer, item: i, passes: 1, result: y.Name, input: x, norm: Norm{Layer: apply.Layer, Stats: stats, Vector: vector}}
	masked := len(passes) > 1 && passes[1].Kind == Activate && passes[1].Reads[0].Name == y.Name && passes[1].Writes[0].Name == y.Name
	if masked {
		f.passes = 2
		if len(passes[1].Writes) > 1 {
			f.norm.Mask = passes[1].Writes[1]
		}
	}
	if len(passes) > f.passes || y.Part != 0 || x.Part != 0 || x.Name == y.Name || x.Elements != y.Elements {
		return f, false
	}
	whole := false
	for k := range s.Items {
		it := &s.Items[k]
		for j := range it.Passes {
			if p := &it.Passes[j]; (k != i || j >= f.passes) && slices.ContainsFunc(slices.Concat(p.Reads, p.Writes), func(t Tensor) bool { return t.Name == y.Name }) {
				return f, false
			}
		}
		for j := range it.Products {
			p := &it.Products[j]
			switch {
			case p.North.Name == y.Name || p.Out.Name == y.Name:
				return f, false
			case p.West.Name != y.Name:
				continue
			case !(p.Stage == FF && p.North.Role == Weight || p.Stage == WU) || p.West.Part&^Reached != 0 ||
				p.Sparse.Operand == West && !p.Sparse.Ratio.IsDense() && p.Sparse.Ratio.M > 0:
				return f, false
			}
			whole = whole || p.Stage == FF && p.West.Part == 0
			f.products = append(f.products, place{k, j})
		}
	}
	return f, len(f.products) > 0 && (whole || f.norm.Mask.Elements == 0)
}

// OnRead is the step with some of its foldable batch norms applied where their result is read: the passes are gone, readers read what the passes read, and the
// first that reads all of it in the forward pass writes the mask. Nothing keeps the result.
func (s Step) OnRead(layers []string) (Step, error) {
	s.Items, s.Saved = slices.Clone(s.Items), slices.Clone(s.Saved)
	all := s.foldables()
	for _, layer := range layers {
		k := slices.IndexFunc(all, func(f foldable) bool { return f.layer == layer })
		if k < 0 {
			return s, fmt.Errorf("batch norm %q cannot be applied where its result is read: not every reader is a product of a layer", layer)
		}
		f := &all[k]
		it := &s.Items[f.item]
		it.Passes = it.Passes[f.passes:]
		mask := f.norm.Mask
		for _, at := range f.products {
			it := &s.Items[at.item]
			it.Products = slices.Clone(it.Products)
			p := &it.Products[at.product]
			n := f.norm
			n.Mask = Tensor{}
			if p.Stage == FF && p.West.Part == 0 {
				n.Mask, mask = mask, Tensor{}
			}
			p.Norm, p.West.Name = &n, f.input.Name
		}
		s.Saved = slices.DeleteFunc(s.Saved, func(t Tensor) bool { return t.Name == f.result })
	}
	return s, nil
}
