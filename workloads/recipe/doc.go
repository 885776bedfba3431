// Package recipe says how a training recipe changes a dense training step: which operand of which product is pruned, at
// which N:M, in which steps of the training, and what the weight update does besides.
//
// A recipe has a rule for FF, one for BP, and one for WU:
//
//	FF  weights (groups of M along input channels), or X (activations, likewise)
//	BP  weights (along output channels), its incoming gradients dY (likewise), or the weights as FF has them (ff_weights)
//	WU  dY or X along positions, or dW where FF's frozen masks keep alone (weights)
//
// Weights have masks: own ones, the largest of each group, are the default. FF's may be transposable (N:M along both axes), soft (what stays is made smaller by the largest that does not), decaying (what is pruned is
// multiplied by a factor that falls, so that the product is dense), late (pruned at the end alone) or frozen (random, for good); BP's are shared or permuted if they prune what FF kept, permuted ones in an order of outputs that is searched for. Beside the rules a
// recipe may add to the step: adapters of low rank, SR-STE's pull, extra work of the vector unit, logits of masks that are learned over frozen weights, a teacher. What no machine step can have together is refused
// with the stage, the operand and what is possible (mixes).
//
// Groups are of M consecutive channels inside a tap and a convolution group; a product whose reduction channels are fewer
// than M stays dense, decided product by product. Only weights of convolutions and linear layers are pruned: never
// depthwise ones, attention products or embeddings. Exceptions change the rules for layers whose name matches a pattern, or that have a
// role (classifier, activated, activating); a pattern that fits no layer is an error.
//
// Which copies of a weight exist follows from the products: a compressed FF copy if an FF product prunes it, a compressed BP
// copy if a BP product does, a dense one for the others. SR-STE and fixed masks prune FF alone; their BP uses the same
// pruned weights (ff_weights), but these are no N:M groups along its reduction, so it is a dense product and reads a dense copy (of
// which some values are zero; that costs the same). A rule that says dense uses all weights, whatever FF prunes.
//
// A transposable mask (FF's rule has mask: transposable) is N:M along both axes of a weight, inside blocks of M x M. BP with ff_weights is then pruned, too, at the same
// ratio, and both read one copy. It prunes layers with at least M inputs and M outputs, and leaves others dense in both products.
//
// With the estimator mvue, WU's gradients are drawn without bias where they are made, by passes of the vector unit, and stored pruned beside all of dY; without it SORE
// prunes them at each fetch.
//
// Loss scale: static (the default) unscales in the weight update, so the update is fused with WU layer by layer; dynamic,
// or clipping by the global norm, defers all updates to the end of the step: every gradient is written, checked
// (gradient_check, beside its making), and read again.
//
// Training over time: phases of epochs change rules, ratio, or how often masks are searched. A step that keeps its masks
// runs no sorter: the update reads the old masks, which the step that searched them wrote beside its copies, and selects. Variants lists the kinds of steps of a training with their
// numbers; the cost of a training is the sum of their costs. The recipe by itself, as Apply takes it, is the step
// outside of all phases, with new masks unless they never change.
package recipe
