package recipe

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"satsim/internal/diag"
)

// mix is what two rules of one layer, or a rule and something beside the update, cannot be together.
type mix struct{ key, problem, accepted string }

// mixes of rules that each are possible by themselves. A unit that makes a copy stands between update and copies: SORE, or the vector unit in its place.
func (r Recipe) mixes(ff, bp Rule, wu WURule) (out []mix) {
	add := func(key, problem, accepted string) { out = append(out, mix{key, problem, accepted}) }
	if r.sortsTwice(ff, bp, wu) {
		add("wu.prune", string(wu.Prune)+" are sorted in the word group in which SORE sorts updated weights, and it has one ratio there", "estimator: mvue or random, which the vector unit draws; or FF and BP with dense, ff_weights, gradients or a transposable mask; or masks: never")
	}
	both := ff.Prune == Weights && bp.Prune == Weights
	const others = "ff_weights, dense, gradients"
	switch {
	case both && ff.Mask == Transposable:
		add("bp.prune", "weights have a mask of their own in BP beside a transposable one of FF, which would serve it", others)
	case both && ff.Mask == SoftMask:
		add("bp.prune", "weights have a mask of their own in BP, which SORE would make, beside a soft one of FF, which the vector unit makes in SORE's place", others)
	case both && ff.Mask == Decaying:
		add("bp.prune", "weights have a mask of their own in BP, which SORE would make, beside a decaying one of FF, whose factor the vector unit applies in SORE's place", others)
	case both && ff.Mask == LateMask:
		add("bp.prune", "weights have a mask of their own in BP, which SORE would make, beside a late one of FF, by which the vector unit decays weights in SORE's place", others)
	case len(r.Extra) == 0 || r.Masks == Never: // nothing is sorted where extra work is
	case r.sorts(ff):
		add("ff.prune", "weights, which SORE sorts after their update, where the vector unit does the recipe's extra work in its place", "dense, activations, mask: soft, transposable, decaying or late, or masks: never; or no extra")
	case r.sorts(bp):
		add("bp.prune", "weights, which SORE sorts after their update, where the vector unit does the recipe's extra work in its place", others+", or masks: never; or no extra")
	}
	if wu.Prune == Weights && ff.Mask == Frozen && !r.ratio(ff).IsDense() {
		if what := cmp.Or(bp.Prune, Dense); what != FFWeights && !(what == Weights && bp.Mask == Shared) {
			rule := fmt.Sprintf("prune: %s", what)
			if what == Weights {
				rule += fmt.Sprintf(", mask: %s", cmp.Or(bp.Mask, Own))
			}
			add("bp.prune", "BP has all of W ("+rule+"), and with wu.prune: weights what FF's masks prune has no master", "ff_weights, or weights with mask: shared")
		}
		if r.SRSTELambda != 0 {
			add("wu.prune", fmt.Sprintf("weights: what FF's masks prune has no master, and sr_ste_lambda is %g, a pull on it", r.SRSTELambda), "dense, or no sr_ste_lambda")
		}
	}
	if r.SRSTELambda != 0 && ff.Prune == Weights && ff.Mask == Decaying {
		add("ff.mask", fmt.Sprintf("decaying masks of weights have a factor for what they prune, and no pull beside it, and sr_ste_lambda is %g", r.SRSTELambda), "another mask, or no sr_ste_lambda")
	}
	if r.SRSTELambda != 0 && ff.Prune == Weights && ff.Mask == LateMask {
		add("ff.mask", fmt.Sprintf("late masks of weights have a pull of their own, and sr_ste_lambda is %g", r.SRSTELambda), "another mask, or l1_decay and no sr_ste_lambda")
	}
	return out
}

// mixesOfPhase are those of a phase with exceptions, that neither has by itself.
func (r Recipe) mixesOfPhase(in Recipe) (out []mix) {
	known := in.mixes(in.FF, in.BP, in.WU)
	for i, e := range r.Exceptions {
		known := append(slices.Clone(known), r.mixes(or(e.FF, r.FF), or(e.BP, r.BP), e.WU.or(r.WU))...)
		for _, m := range in.mixes(or(e.FF, in.FF), or(e.BP, in.BP), e.WU.or(in.WU)) {
			if !slices.Contains(known, m) {
				m.problem += fmt.Sprintf(" (with exceptions[%d])", i)
				out = append(out, m)
			}
		}
	}
	return out
}

// unmixed reports what rules of a layer cannot be together: several exceptions may have made them.
func (r Recipe) unmixed(ff, bp Rule, wu WURule) error {
	var errs []error
	for _, m := range r.mixes(ff, bp, wu) {
		errs = append(errs, diag.Field(m.key, m.problem, m.accepted))
	}
	return errors.Join(errs...)
}

// sorts reports whether SORE sorts weights for a rule, after their update, unless masks stay.
func (r Recipe) sorts(rule Rule) bool {
	return rule.Prune == Weights && rule.Mask != Transposable && rule.Mask != SoftMask && rule.Mask != Decaying && rule.Mask != LateMask && !r.ratio(rule).IsDense()
}

// sortsTwice reports rules by which SORE would have to sort updated weights in the word group in which it prunes gradients or activations for WU: it has one ratio a group, and takes its
// work in one order, so that either could wait for the other forever.
func (r Recipe) sortsTwice(ff, bp Rule, wu WURule) bool {
	return wu.prunes() && !wu.draws() && !r.ratio(wu.rule()).IsDense() && (r.sorts(ff) || r.sorts(bp)) && r.Masks != Never
}
