package recipe

import (
	"fmt"
	"slices"

	"satsim/internal/nm"
	"satsim/workloads"
)

// What learned masks add, behind the name of a layer.
const (
	logitsOf = ".logits" // six for each group of four weights: one for each mask of 2:4
	softOf   = ".soft"   // the weight times its soft mask
	sharesOf = ".shares" // of each group's masks in it
)

// LogitsGroup are the weights of a group of learned masks, and MasksOfGroup the masks that 2:4 has of it.
const (
	LogitsGroup  = 4
	MasksOfGroup = 6
)

// Operations of the vector unit a weight: of a soft mask before FF, and of the gradient of the logits behind WU.
const (
	softTables, softSums, softProducts = 5, 7, 5
	ownSums                            = 3
	ownProducts                        = 3 // behind that with the weight, of which all else is made
)

// logitSums are the sums of the gradient of the logits, for each weight; of a pull that of the gradient and the masked weight.
func (r Recipe) logitSums() int64 {
	if r.Gumbel.Pull != 0 {
		return ownSums + 1
	}
	return ownSums
}

// logitProducts are its products, likewise.
func (r Recipe) logitProducts() int64 { return r.logitSums() - ownSums + 1 + ownProducts }

// learnedWords say what a product does with soft masks.
func (s Selection) learnedWords() string {
	const which = "layers of one group whose inputs are whole groups of four"
	switch s.Stage {
	case workloads.FF:
		return fmt.Sprintf("densely; before it the vector unit multiplies W of %s by a soft mask of six logits a group, %d operations a weight; of other layers all of W is used", which, s.Learns)
	case workloads.BP:
		return "densely, with what FF had: W times the soft mask, or all of W"
	case workloads.WU:
	}
	return fmt.Sprintf("nothing is pruned; of dW of %s the vector unit makes the gradient of the logits, %d operations a weight", which, s.Learns)
}

// learned freezes the weights of layers, and learns their masks: before FF of a layer the vector unit makes W times a soft mask of the logits, which FF and BP read; WU's dW goes to memory, and becomes the gradient of the logits, which
// are updated in the weight's place. Layers of one group whose inputs are whole groups of four have them (products of a grouped convolution are joined as copies of weights are stored, which soft weights are not), if their weight has one product in WU and is nobody else's; the others are trained as they are.
func (r Recipe) learned(step *workloads.Step) {
	if !r.Logits {
		return
	}
	owners := map[string]int{}
	for i := range step.Items {
		for _, p := range step.Items[i].Products {
			if p.Stage == workloads.FF && p.Prunable {
				owners[p.North.Name]++
			}
		}
	}
	soft := map[string]workloads.Tensor{} // by weight
	for i := range step.Items {
		it := &step.Items[i]
		if it.Stage != workloads.WU || len(it.Products) != 1 || it.Weight.Groups > 1 || it.Weight.In%LogitsGroup != 0 || r.spared(it) {
			continue
		}
		at := slices.IndexFunc(it.Updates, func(u workloads.Update) bool { return u.Matrix })
		if at < 0 || owners[it.Updates[at].Weight.Name] != 1 || len(it.Passes) > 0 && slices.ContainsFunc(it.Passes, func(p workloads.Pass) bool {
			return slices.ContainsFunc(p.Reads, func(t workloads.Tensor) bool { return t.Name == it.Products[0].Out.Name })
		}) {
			continue
		}
		u := it.Updates[at]
		w, n := u.Weight, u.Parameters
		w.Elements = n
		logits := tensorOf(it.Layer+logitsOf, workloads.Weight, n/LogitsGroup*MasksOfGroup, nm.FP16)
		d := tensorOf("d("+logits.Name+")", workloads.WeightGradient, logits.Elements, nm.FP32)
		pass := func(kind workloads.PassKind, times int64, fused bool, reads ...workloads.Tensor) workloads.Pass {
			return workloads.Pass{Kind: kind, Elements: times * n, Reads: reads, Writes: []workloads.Tensor{d}, Layer: it.Layer + logitsOf, Fused: fused, Added: true}
		}
		t := tensorOf(it.Layer+softOf, workloads.Activation, n, nm.FP16)
		reads := []workloads.Tensor{it.Products[0].Out, w, shares(it.Layer, n)}
		if r.Gumbel.Pull != 0 {
			reads = append(reads, t)
		}
		it.Passes = append(slices.Clone(it.Passes), pass(workloads.Mul, r.logitProducts()-ownProducts, false, reads...), pass(workloads.Add, r.logitSums(), true, d), pass(workloads.Mul, ownProducts, true, d))
		it.Updates = slices.Clone(it.Updates)
		it.Updates[at] = workloads.Update{Parameters: logits.Elements, Weight: logits}
		step.Frozen = append(slices.Clone(step.Frozen), w)
		step.Saved = append(slices.Clone(step.Saved), shares(it.Layer, n))
		soft[w.Name] = t
	}
	var items []workloads.Item
	for _, it := range step.Items {
		it.Products = slices.Clone(it.Products)
		for k := range it.Products {
			p := &it.Products[k]
			t, ok := soft[p.North.Name]
			if !ok || p.Stage == workloads.WU {
				continue
			}
			if p.Stage == workloads.FF {
				items = append(items, masks(it.Layer, it.Op, p.North, t))
			}
			t.Elements, t.Part = p.North.Elements, p.North.Part
			p.North, p.Prunable = t, false
		}
		items = append(items, it)
	}
	step.Items = items
}

// shares of the masks of each group in its soft one, of which the gradient of the logits is made.
func shares(layer string, weights int64) workloads.Tensor {
	return tensorOf(layer+sharesOf, workloads.Activation, weights/LogitsGroup*MasksOfGroup, nm.FP16)
}

// masks makes a weight times its soft mask: of six logits a group, 1.5 a weight and rounded up as in the other counts, noise (two logarithms of a random number each), scaled and added, a softmax, one over whose sum is a quotient a group, the mask
// that they expect, and the product. The shares of the softmax stay for the gradient of the logits.
func masks(layer string, op workloads.Operator, w, t workloads.Tensor) workloads.Item {
	logits := tensorOf(layer+logitsOf, workloads.Weight, w.Elements/LogitsGroup*MasksOfGroup, nm.FP16)
	pass := func(kind workloads.PassKind, times int64, fused bool, reads ...workloads.Tensor) workloads.Pass {
		return workloads.Pass{Kind: kind, Elements: times * t.Elements, Reads: reads, Writes: []workloads.Tensor{t}, Layer: layer + logitsOf, Fused: fused, Added: true}
	}
	once := func(kind workloads.PassKind, n, group int64) workloads.Pass {
		return workloads.Pass{Kind: kind, Elements: n, Row: group, Reads: []workloads.Tensor{t}, Writes: []workloads.Tensor{t}, Layer: layer + logitsOf, Fused: true, Added: true}
	}
	last := pass(workloads.Mul, softProducts, true, t)
	last.Writes = append(last.Writes, shares(layer, t.Elements))
	return workloads.Item{Layer: layer + logitsOf, Op: op, Stage: workloads.FF, Of: layer, Passes: []workloads.Pass{
		pass(workloads.Transcend, softTables, false, logits, w), once(workloads.Random, logits.Elements, 1), pass(workloads.Add, softSums, true, t), once(workloads.Divide, w.Elements, LogitsGroup), last,
	}}
}
