package recipe

import (
	"fmt"
	"slices"

	"satsim/internal/nm"
	"satsim/workloads"
)

// Permutation is how an order of outputs is found in which what FF kept is pruned again for BP: the one of some random orders by which most stays.
type Permutation struct {
	Orders int64   `yaml:"orders,omitempty"` // that are tried
	Steps  Refresh `yaml:"steps,omitempty"`  // that an order serves; 0: one
}

const maxOrders = 1000

// words say how long an order serves.
func (p Permutation) words() string {
	if p.Steps == Never {
		return "that was found and stays"
	}
	return fmt.Sprintf("that is the best of %d, %s", p.Orders, p.Steps.words())
}

// search says what finding one is.
func (p Permutation) search() string {
	return fmt.Sprintf("nothing for an order: the vector unit counts what BP would keep in %d random ones, in FF's masks %s", p.Orders, p.Steps.words())
}

// Permutes reports whether BP of a layer prunes what FF kept in an order of outputs that is searched for.
func (r Recipe) Permutes(it *workloads.Item) bool { return r.rule(it, workloads.BP).Mask == Permuted }

// permutes: some rule outside of the schedule does.
func (r Recipe) permutes() bool {
	return r.BP.Mask == Permuted || slices.ContainsFunc(r.Exceptions, func(e Exception) bool { return e.BP.Mask == Permuted })
}

// MaskOf is the name of FF's mask of a weight, which the update of the step before left for the search of an order.
func MaskOf(weight string) string { return weight + ".mask" }

// ordered makes the search of orders a pass of its own behind BP of each layer whose masks have one: it reads FF's mask, and what it finds serves from the update of this step on. The table of the order,
// a number an output, stays on chip. A weight that two layers share has one order.
func (r Recipe) ordered(step *workloads.Step) {
	if r.Permutation.Steps == Never {
		return
	}
	searched := map[string]bool{}
	for i := range step.Items {
		it := &step.Items[i]
		at := slices.IndexFunc(it.Products, func(p workloads.Product) bool { return p.Sparse.Permuted })
		if at < 0 || !prunedInFF(step, it.Layer) || searched[it.Products[at].North.Name] {
			continue
		}
		p := &it.Products[at]
		searched[p.North.Name] = true
		mask := workloads.Tensor{Name: MaskOf(p.North.Name), Role: workloads.Mask, Elements: it.Weight.Elements(), Format: nm.Bit}
		step.Inputs = append(slices.Clone(step.Inputs), mask)
		w := it.Weight
		it.Passes = append(slices.Clone(it.Passes), workloads.Pass{
			Kind: workloads.Pool, Elements: r.Permutation.Orders * w.Groups * w.Taps * w.In * p.Sparse.Ratio.Ordering(w.Out), Reads: []workloads.Tensor{mask}, Layer: it.Layer, Orders: true,
		})
	}
}

// ordered is the operations of the search of an order in an item.
func ordered(it *workloads.Item) (n int64) {
	for k := range it.Passes {
		if p := &it.Passes[k]; p.Orders {
			n += p.Elements
		}
	}
	return n
}
