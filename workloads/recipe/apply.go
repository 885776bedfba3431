package recipe

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"satsim/internal/diag"
	"satsim/internal/nm"
	"satsim/workloads"
)

// Apply gives the dense step the recipe's pruned operands and, if updates are deferred, moves them to its end. The step
// that it is given stays as it is.
func (r Recipe) Apply(step workloads.Step) (workloads.Step, error) {
	if err := r.Validate(); err != nil {
		return workloads.Step{}, fmt.Errorf("recipe %s: %w", r.Name, err)
	}
	dense := step
	step.Items = slices.Clone(step.Items)
	for i := range step.Items {
		it := &step.Items[i]
		if err := r.unmixed(r.rule(it, workloads.FF), r.rule(it, workloads.BP), r.wuRule(it)); err != nil {
			return workloads.Step{}, fmt.Errorf("recipe %s, layer %s: %w", r.Name, it.Layer, err)
		}
		if err := r.oneM(r.rule(it, workloads.FF), r.rule(it, workloads.BP)); err != nil {
			return workloads.Step{}, fmt.Errorf("recipe %s, layer %s: %w; both copies are made from blocks of M x M weights", r.Name, it.Layer, err)
		}
		it.Products = slices.Clone(it.Products)
		for k := range it.Products {
			r.prune(&it.Products[k], it)
		}
	}
	r.faded(&step)
	r.drawn(&step)
	r.masked(&step)
	r.ordered(&step)
	r.keptAlone(&step)
	r.adapted(&dense, &step)
	r.learned(&step)
	r.taught(&dense, &step)
	if err := distinct(&dense, &step); err != nil {
		return workloads.Step{}, fmt.Errorf("recipe %s: %w", r.Name, err)
	}
	if r.Update().Deferred {
		deferUpdates(&step)
	}
	return step, nil
}

func (r Recipe) prune(p *workloads.Product, it *workloads.Item) {
	if ff := r.rule(it, workloads.FF); ff.Mask == Transposable && ff.Prune == Weights {
		if rule := r.rule(it, p.Stage); p.Stage == workloads.FF || rule.Prune == FFWeights {
			r.pruneBlocks(p, it, r.ratio(ff))
			return
		}
	}
	rule := r.rule(it, p.Stage)
	ratio := r.ratio(rule)
	if p.Stage == workloads.WU {
		switch {
		case rule.Prune == Weights: // keptAlone
		case ratio.IsDense() || !prunesPositions(p, ratio):
		case rule.Prune == Gradients:
			p.Sparse = workloads.Sparsity{Ratio: ratio}
		case rule.Prune == Activations:
			exchange(p)
			p.Sparse = workloads.Sparsity{Ratio: ratio, Again: r.activations(it)}
		}
		return
	}
	if !p.Prunable || ratio.IsDense() || p.Channels < int64(ratio.M) || rule.Mask == Decaying || rule.Mask == LateMask {
		return
	}
	p.Sparse = workloads.Sparsity{Ratio: ratio}
	p.Sparse.Permuted = rule.Mask == Permuted && p.Stage == workloads.BP
	if rule.Mask == SoftMask {
		p.Sparse.Search = nm.Soft
	}
	if rule.Prune == Gradients || rule.Prune == Activations {
		p.Sparse.Operand = workloads.West
	}
}

// distinct refuses a network that has a name of its own of which a recipe makes a layer, or something that it writes.
func distinct(dense, step *workloads.Step) error {
	taken := map[string]bool{}
	for _, t := range dense.Inputs {
		taken[t.Name] = true
	}
	for i := range dense.Items {
		taken[dense.Items[i].Layer] = true
		for _, name := range written(&dense.Items[i]) {
			taken[name] = true
		}
	}
	for i := range step.Items {
		it := &step.Items[i]
		if it.Of == "" {
			continue
		}
		for _, name := range append([]string{it.Layer}, written(it)...) {
			if taken[name] {
				return fmt.Errorf("it adds %s to layer %s, and network %s has a layer or an input of that name; another name there is accepted", name, it.Of, dense.Network)
			}
		}
	}
	return nil
}

// written names what an item's products and passes write.
func written(it *workloads.Item) (names []string) {
	for k := range it.Products {
		names = append(names, it.Products[k].Out.Name)
	}
	for k := range it.Passes {
		for _, t := range it.Passes[k].Writes {
			names = append(names, t.Name)
		}
	}
	return names
}

// prunesPositions reports whether WU's dY can be pruned along positions: they are one dimension, of M at least, of one product.
func prunesPositions(p *workloads.Product, ratio nm.Ratio) bool {
	return p.North.Role == workloads.Gradient && p.Count == 1 && p.Plain() && p.Channels >= int64(ratio.M)
}

// pruneBlocks prunes weights by a mask that is N:M along both axes; where one of them is shorter than M, the weight stays dense in both products.
func (r Recipe) pruneBlocks(p *workloads.Product, it *workloads.Item, ratio nm.Ratio) {
	if !p.Prunable || p.Stage == workloads.WU || ratio.IsDense() || min(it.Weight.In, it.Weight.Out) < int64(ratio.M) {
		return
	}
	p.Sparse = workloads.Sparsity{Ratio: ratio, Search: nm.Greedy}
	if r.Search == Exact {
		p.Sparse.Search = nm.Exact
	}
}

// Fits says which exceptions name layers of which a dense step has none that could be pruned: names are not the same in all networks, and
// what an exception should have spared would be pruned in silence. A role that no layer has is no mistake.
func (r Recipe) Fits(step workloads.Step) error {
	var names []string
	prunable := map[string]bool{}
	for _, it := range step.Items {
		for _, p := range it.Products {
			if p.Prunable && !prunable[it.Layer] {
				prunable[it.Layer] = true
				names = append(names, it.Layer)
			}
		}
	}
	var errs []error
	for i, e := range r.Exceptions {
		if e.Role != "" || slices.ContainsFunc(names, func(n string) bool { return Matches(e.Layers, n) }) {
			continue
		}
		list := names
		if len(list) > shownNames {
			list = append(slices.Clone(names[:shownNames-1]), "...", names[len(names)-1])
		}
		errs = append(errs, &diag.Error{
			Path: fmt.Sprintf("recipe %s: exceptions[%d].layers", r.Name, i), Problem: fmt.Sprintf("%s has no layer %q that could be pruned", step.Network, e.Layers),
			Accepted: strings.Join(list, ", ") + ", or role: classifier, activated or activating", Nearest: diag.Nearest(e.Layers, names),
		})
	}
	return errors.Join(errs...)
}

// shownNames bounds a list of layers in a message.
const shownNames = 12

// deferUpdates moves all updates behind the last item. The check of a gradient (are all finite, what is their norm) stands
// beside its making.
func deferUpdates(step *workloads.Step) {
	var late, kept []workloads.Item
	for _, it := range step.Items {
		if len(it.Updates) == 0 {
			kept = append(kept, it)
			continue
		}
		it.Passes = slices.Clone(it.Passes)
		for _, u := range it.Updates {
			d := workloads.Tensor{
				Name: "d(" + u.Weight.Name + ")", Role: workloads.WeightGradient, Elements: u.Parameters, Format: nm.FP32,
			}
			norm := workloads.Tensor{Name: "norm(" + u.Weight.Name + ")", Role: workloads.WeightGradient, Elements: 1, Format: nm.FP32}
			it.Passes = append(it.Passes, workloads.Pass{
				Kind: workloads.GradCheck, Elements: u.Parameters, Row: checked, Reads: []workloads.Tensor{d}, Writes: []workloads.Tensor{norm},
				Layer: it.Layer, Fused: made(it, d.Name), Added: it.Of != "",
			})
		}
		late = append(late, workloads.Item{Layer: it.Layer, Op: it.Op, Stage: it.Stage, Weight: it.Weight, Kept: it.Kept, Of: it.Of, Updates: it.Updates})
		it.Updates = nil
		kept = append(kept, it)
	}
	step.Items = append(kept, late...)
}

// checked gradients are a row: assumption, whoever asks for the check joins the numbers of rows.
const checked = 2048

// made reports whether a product of the item makes an array.
func made(it workloads.Item, name string) bool {
	return slices.ContainsFunc(it.Products, func(p workloads.Product) bool { return p.Out.Name == name })
}

// Copies are what the FF and BP copies of a layer's weights are pruned to: Dense where nothing is pruned or the stage has no product. A search of transposable
// masks makes one copy and one mask, whichever products read it.
type Copies struct {
	FF, BP nm.Ratio
	Search nm.Search
	// Permuted: BP's groups are in an order of outputs that is searched for among FF's masks.
	Permuted bool
}

// Pruned is how many copies are pruned, and stored.
func (c Copies) Pruned() (n int64) {
	for _, r := range []nm.Ratio{c.FF, c.BP} {
		if !r.IsDense() {
			n++
		}
	}
	if c.Search != nm.TopN {
		n = min(n, 1)
	}
	return n
}

// Pruned are the weights of a step of which a copy is pruned, by name.
type Pruned map[string]Copies

// PrunedOf a step.
func PrunedOf(step *workloads.Step) Pruned {
	out := Pruned{}
	for i := range step.Items {
		for k := range step.Items[i].Products {
			p := &step.Items[i].Products[k]
			if p.Stage == workloads.WU || p.Sparse.Operand != workloads.North || p.Sparse.Ratio == (nm.Ratio{}) {
				continue
			}
			c := out.Of(p.North.Name)
			c.Search = p.Sparse.Search
			switch p.Stage {
			case workloads.FF:
				c.FF = p.Sparse.Ratio
			case workloads.BP:
				c.BP, c.Permuted = p.Sparse.Ratio, p.Sparse.Permuted
			case workloads.WU: // has no weight among its operands
			}
			out[p.North.Name] = c
		}
	}
	return out
}

// Of is the copies of a weight.
func (p Pruned) Of(weight string) Copies {
	if c, ok := p[weight]; ok {
		return c
	}
	return Copies{FF: nm.Dense, BP: nm.Dense}
}
