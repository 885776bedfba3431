package recipe

import (
	"fmt"
	"slices"

	"satsim/internal/param"
)

// Declared are the keys of a file of kind recipe, each once.
func Declared() []param.Param {
	const file = "the file"
	epochs := param.Between(1, maxEpochs, "so that the steps of a training fit 64 bits")
	forward := param.OneOf(string(Dense), string(Weights), string(Activations))
	forward.Why = "FF has no gradients"
	backward := param.OneOf(string(Dense), string(Weights), string(Gradients), string(FFWeights))
	blocks := param.OneOf(string(Own), string(Transposable), string(Frozen), string(SoftMask), string(Decaying), string(LateMask))
	own := param.OneOf(string(Own), string(Shared), string(Permuted))
	own.Why = "BP takes a transposable mask of FF by prune: ff_weights"
	rules := func(prefix string, prune any, source string) []param.Param {
		var out []param.Param
		for _, s := range []struct {
			stage         string
			prunes, masks param.Range
		}{
			{"ff", forward, blocks},
			{"bp", backward, own},
		} {
			out = append(out,
				param.Of(prefix+s.stage+".prune", prune, "word", s.prunes.OrNone(), "what the stage prunes", source),
				param.Of(prefix+s.stage+".sparsity", nil, "ratio", param.Says("N:M"), "of what is pruned; none: the recipe's", file),
				param.Of(prefix+s.stage+".mask", nil, "word", s.masks.OrNone(), "whose masks weights have: own, N:M along the product's reduction; transposable, along both axes, in blocks of M x M; frozen, random ones that stay; soft, what is kept is made smaller by the largest of what is not; decaying, what is pruned is multiplied by a factor that falls to 0 in the phase; late, nothing is pruned before the end of the phase; shared, N:M of what FF kept; permuted, likewise in an order of outputs that is the best of some random ones; none: own", file))
		}
		return out
	}
	gradients := param.OneOf(string(Dense), string(Gradients), string(Activations), string(Weights))
	gradients.Why = "weights: dW where FF's frozen masks keep; dY or X along positions; of layers whose positions are read one by one: linear ones, 1x1 convolutions of stride 1"
	positions := func(prefix string) []param.Param {
		return []param.Param{
			param.Of(prefix+"wu.prune", nil, "word", gradients.OrNone(), "what WU prunes; none: nothing", file),
			param.Of(prefix+"wu.estimator", nil, "word", param.OneOf(string(Largest), string(MVUE), string(Uniform)).OrNone(), "what stands for a group of gradients: top-n, the largest; mvue, some that are drawn and scaled, without bias and of least variance; random, likewise whatever their sizes; none: top-n", file),
			param.Of(prefix+"wu.positions", nil, "word", param.OneOf(string(Near), string(Apart)).OrNone(), "which positions are a group of what WU prunes: near, M neighbours; apart, M of equal distances, as far from each other as can be; none: near", file),
			param.Of(prefix+"wu.sparsity", nil, "ratio", param.Says("N:M"), "of what is pruned; none: the recipe's", file),
		}
	}
	return slices.Concat(
		[]param.Param{
			param.Of("name", nil, "name", param.Range{}, "of the recipe", file),
			param.Of("paper", nil, "text", param.Range{}, "what it is from", file),
			param.Of("note", nil, "text", param.Range{}, "what it prunes, and what was assumed", file),
			param.Of("sparsity", nil, "ratio", param.Says("N:M"), "of rules that have none of their own", file),
			param.Of("masks", "1", "steps", param.Says("1 or more, or never"), "after how many masks are searched anew", "the methods search in every step"),
			param.Of("search", nil, "word", param.OneOf(string(Greedy), string(Exact)).OrNone(), "how transposable masks are found: greedy, from the largest down, at least half of the optimum; exact, the best of all masks of a block, M up to 4; none: greedy", file),
			param.Of("permutation.orders", nil, "orders", param.Between(1, maxOrders, "small enough for any count").OrNone(), "random orders of outputs of which the one that keeps most serves BP's permuted masks", file),
			param.Of("permutation.steps", nil, "steps", param.Says("1 or more, or never"), "after how many an order is searched anew; never: it is found once, before the first; none: every step", file),
			param.Of("decay", nil, "word", param.OneOf(string(Linear), string(Exponential)).OrNone(), "how the factor of decaying masks falls in its phase: linear, from 1 to 0; exponential, from 1 to decay_left; none: linear", file),
			param.Of("decay_left", nil, "share", param.AtLeast(0, ""), "what an exponential decay leaves at the end of its phase, where weights are cut off", file),
			param.Of("exceptions[].layers", nil, "pattern", param.Says("names, * for any characters"), "layers that have other rules", file),
			param.Of("exceptions[].role", nil, "word", param.OneOf(string(Classifier), string(Activated), string(Activating)).OrNone(), "the layers by what they are, instead of by name: activated, that read what an activation made; activating, whose outputs go to one alone", file),
			param.Of("optimiser", string(Momentum), "word", param.OneOf(optimisers()...), "rule of the update", "what convolution networks are trained with").
				InDoubt(param.UpTo("what transformers are trained with; its state is twice as large", string(AdamW), string(Momentum))),
			param.Of("weight_decay", nil, "a step", param.AtLeast(0, ""), "pull of every weight to zero", "none"),
			param.Of("sr_ste_lambda", nil, "a step", param.AtLeast(0, ""), "pull of pruned weights to zero (lambda of SR-STE's sparse-refined term): lambda * (1 - mask) * W is added to the gradient", "none"),
			param.Of("loss_scale", string(Static), "word", param.OneOf(string(Static), string(Dynamic)), "how gradients are kept in the range of FP16", "assumption: no check of every gradient").
				InDoubt(param.UpTo("what training in FP16 is often done with, and nothing known of SAT says", string(Dynamic), string(Static))),
			param.Of("clip_norm", nil, "norm", param.AtLeast(0, ""), "largest of all gradients together; 0: no clipping", "none"),
			param.Of("extra[].name", nil, "name", param.Range{}, "of element-wise work of the vector unit beside the update of weights, which is costed and not trained", file),
			param.Of("extra[].operation", nil, "word", param.OneOf(extraOperations()...), "what it is, as the vector unit has programs for: function is one by table, such as an exponential", file),
			param.Of("extra[].times", nil, "operations", param.Between(1, maxExtra, "small enough for any count"), "for each weight", file),
			param.Of("adapters", nil, "rank", param.Says(fmt.Sprintf("1 to %d, or none", maxRank)), "of low-rank adapters beside pruned layers whose positions are read one by one: (X A) B over the rank is added to X W; not given: none", file),
			param.Of("schedule[].adapters", nil, "rank", param.Says(fmt.Sprintf("1 to %d, or none", maxRank)), "replaces the recipe's; once there they stay", file),
			param.Of("logits", nil, "switch", param.Range{}, "weights of layers are frozen, and masks of 2:4 are learned, six logits for each group of four", file),
			param.Of("gumbel.temperature", nil, "number", param.AtLeast(0, ""), "of the Gumbel softmax of a group's logits, in the first step; of masks that are learned more than 0", file),
			param.Of("gumbel.temperature_end", nil, "number", param.AtLeast(0, ""), "likewise, behind the last step; in between in a line", file),
			param.Of("gumbel.scale", nil, "number", param.AtLeast(0, ""), "by which logits are multiplied before it, in the first step; of masks that are learned more than 0", file),
			param.Of("gumbel.scale_end", nil, "number", param.AtLeast(0, ""), "likewise, behind the last step; in between in a line", file),
			param.Of("gumbel.prior", nil, "deviations", param.AtLeast(0, ""), "of the random logits that a training begins with, by which the mask of a group's two largest weights begins above one with one of them, and that above one with none; 0: random masks", file),
			param.Of("gumbel.pull", nil, "a step", param.AtLeast(0, ""), "times the sum of squares of masked weights is taken off the loss, so that large weights are kept; falls in a line to 0 behind the last step", file),
			param.Of("teacher", nil, "switch", param.Range{}, "a forward pass, in each step, of the network as the training begins with it, dense and frozen, whose results go into the loss", file),
			param.Of("distilled", nil, "share", param.AtLeast(0, ""), "of the loss that is the divergence of what the network says from what the teacher says, 1 at most; the rest is that from the labels", file),
			param.Of("l1_decay", nil, "a step", param.AtLeast(0, ""), "pull of what late masks prune to zero, of one size whatever the weight's (lambda of CAST's AdamS): for the mean gradient m Adam's step has (1 - a) m + a l1_decay sign(W), where a rises from 0 to 1 in the phase", file),
			param.Of("scales", nil, "factors", param.Between(1, maxScales, "small enough for any count").OrNone(), "of each output's weights with late masks, which are trained: each of as large a part of the inputs; none: none", file),
			param.Of("epochs", nil, "epochs", epochs.OrNone(), "of the whole training, with those of the schedule", file),
			param.Of("schedule[].name", nil, "name", param.Range{}, "of a part of the training", file),
			param.Of("schedule[].epochs", nil, "epochs", epochs, "of that part", file),
			param.Of("schedule[].sparsity", nil, "ratio", param.Says("N:M"), "replaces the recipe's and those of its rules", file),
			param.Of("schedule[].masks", nil, "steps", param.Says("1 or more, or never"), "replaces the recipe's", file),
		},
		rules("", string(Dense), "nothing is pruned unless the file says so"), rules("exceptions[].", nil, file), rules("schedule[].", nil, file),
		positions(""), positions("exceptions[]."), positions("schedule[]."),
	)
}
