package recipe

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"satsim/internal/diag"
	"satsim/internal/nm"
	"satsim/internal/param"
)

// Validate names every key that does not fit.
func (r Recipe) Validate() error {
	errs := []error{param.Validate(r, Declared())}
	bad := func(key, problem, accepted string) { errs = append(errs, diag.Field(key, problem, accepted)) }
	rules := func(key string, of Recipe, ff, bp Rule, wu WURule) {
		for _, s := range []struct {
			key  string
			rule Rule
		}{{"ff", ff}, {"bp", bp}, {"wu", wu.rule()}} {
			prunes := s.rule.Prune == Weights && s.key != "wu" || s.rule.Prune == Gradients || s.rule.Prune == Activations
			if prunes && s.rule.Sparsity == (OptionalRatio{}) && of.Sparsity == (OptionalRatio{}) {
				bad(key+s.key+".sparsity", "neither the rule nor the recipe has one", "N:M such as 2:8")
			}
			if s.rule.Mask != "" && s.rule.Prune != Weights {
				bad(key+s.key+".mask", fmt.Sprintf("%s is of weights that the stage prunes, and it has prune: %s", s.rule.Mask, s.rule.Prune), "prune: weights, or no mask")
			}
		}
		if wu.Estimator != "" && wu.Prune != Gradients {
			bad(key+"wu.estimator", fmt.Sprintf("%s is of gradients that WU prunes, and it prunes none", wu.Estimator), "prune: gradients, or no estimator")
		}
		if wu.Positions != "" && !wu.prunes() {
			bad(key+"wu.positions", fmt.Sprintf("%s is of what WU prunes, and it prunes nothing", wu.Positions), "prune: gradients or activations, or no positions")
		}
		if wu.Prune == Activations && ff.Prune == Activations && of.ratio(wu.rule()) != of.ratio(ff) {
			bad(key+"wu.sparsity", fmt.Sprintf("%v of activations that FF prunes to %v; SORE has one ratio in a word group, in which it prunes them as FF did, and then along positions", of.ratio(wu.rule()), of.ratio(ff)), "FF's")
		}
		if (ff.Mask == SoftMask || ff.Mask == Decaying) && of.Masks != 0 && of.Masks != 1 {
			bad(key+"ff.mask", fmt.Sprintf("%s masks are of every step, and masks are %s", ff.Mask, of.Masks.words()), "masks: 1")
		}
		if wu.Prune == Weights && (ff.Mask != Frozen || of.Masks != Never) {
			bad(key+"wu.prune", fmt.Sprintf("weights are those that masks keep for good, and FF has prune: %s, mask: %s, masks: %s", ff.Prune, cmp.Or(ff.Mask, Own), of.Masks.words()), "ff: {prune: weights, mask: frozen} and masks: never")
		}
		if wu.Prune == Weights && wu.Sparsity != (OptionalRatio{}) {
			bad(key+"wu.sparsity", "of weights that FF's masks keep it is FF's", "none")
		}
		if ff.Mask == Frozen && of.Masks != Never {
			bad(key+"ff.mask", fmt.Sprintf("frozen masks never change, and masks are %s", of.Masks.words()), "masks: never")
		}
		if (bp.Mask == Shared || bp.Mask == Permuted) && (ff.Prune != Weights || slices.Contains([]Mask{Transposable, SoftMask, Decaying, LateMask}, ff.Mask)) {
			bad(key+"bp.mask", string(bp.Mask)+" is of weights that FF kept, by masks along its own reduction", "ff: {prune: weights}")
		}
		if bp.Mask == Permuted && (ff.Mask == Frozen || of.Masks != 0 && of.Masks != 1) {
			bad(key+"bp.mask", fmt.Sprintf("permuted is of masks of every step, whose order alone stays for some steps, and masks are %s", of.Masks.words()), "masks: 1")
		}
		if bp.Mask == Permuted && of.Permutation.Orders == 0 {
			bad("permutation.orders", "not given: how many random orders BP's permuted masks are the best of", fmt.Sprintf("1 to %d", maxOrders))
		}
		for _, m := range of.mixes(ff, bp, wu) {
			bad(key+m.key, m.problem, m.accepted)
		}
		if ff.Mask != Transposable {
			return
		}
		if m := of.ratio(ff).M; of.Search == Exact && m > nm.MaxExact {
			bad("search", fmt.Sprintf("exact tries all masks of a block, and those of FF are %d x %d", m, m), fmt.Sprintf("greedy, or groups of up to %d", nm.MaxExact))
		}
	}
	rules("", r, r.FF, r.BP, r.WU)
	transposable, permuted, fades, late := r.transposable(), r.permutes(), r.fades(), r.late()
	if err := r.oneM(r.FF, r.BP); err != nil {
		bad("bp.sparsity", err.Error(), "one M: both copies are made from blocks of M x M weights")
	}
	for i, e := range r.Exceptions {
		key := fmt.Sprintf("exceptions[%d].", i)
		if (e.Layers == "") == (e.Role == "") {
			bad(key+"layers", "it and role are both given, or neither", "layers: a pattern such as layer1.*, or role: classifier, activated or activating")
		}
		rules(key, r, or(e.FF, r.FF), or(e.BP, r.BP), e.WU.or(r.WU))
	}
	had := Adapters(0) // in the part of the training before
	adapters := func(key string, of Recipe) {
		switch a := max(of.Adapters, 0); {
		case a > 0 && of.FF.Prune != Weights:
			bad(key+"adapters", fmt.Sprintf("of rank %d, beside weights that FF prunes, and it has prune: %s", a, of.FF.Prune), "none, or ff: {prune: weights}")
		case had > 0 && a != had:
			bad(key+"adapters", fmt.Sprintf("what those of rank %d learned in the part before would be lost", had), fmt.Sprint(int64(had)))
		default:
			had = a
		}
	}
	ended := false // a part of the training before had late masks
	factors := func(key string, of Recipe) {
		if r.Scales != 0 && ended && !of.late() {
			bad(key+"ff.mask", fmt.Sprintf("no mask is late, and the %d factors that those in the part before have would be left out", r.Scales), "late, or no scales")
		}
		ended = ended || of.late()
	}
	r.learning(bad)
	if r.SRSTELambda != 0 && !r.masksFF() {
		bad("sr_ste_lambda", "no mask without pruned FF weights", "ff.prune: weights, in the recipe or an exception")
	}
	left := r.Epochs
	for i, p := range r.Schedule {
		key := fmt.Sprintf("schedule[%d].", i)
		left -= p.Epochs
		in := r.During(p)
		rules(key, in, in.FF, in.BP, in.WU)
		for _, m := range r.mixesOfPhase(in) {
			bad(key+m.key, m.problem, m.accepted)
		}
		permuted, fades, late = permuted || in.permutes(), fades || in.fades(), late || in.late()
		adapters(key, in)
		factors(key, in)
		transposable = transposable || p.FF.Mask == Transposable
	}
	if left > 0 || len(r.Schedule) == 0 {
		adapters("", r)
		factors("", r)
	}
	r.ofLate(late, bad)
	if (r.Permutation != Permutation{}) && !permuted {
		bad("permutation", "no mask has its groups in an order that is searched for", "bp.mask: permuted")
	}
	if !fades && r.Decay != "" {
		bad("decay", fmt.Sprintf("%s is of decaying masks, and there is none", r.Decay), "ff.mask: decaying, in the recipe, an exception or a phase, or no decay")
	}
	if r.Decay == Exponential && (r.DecayLeft <= 0 || r.DecayLeft >= 1) {
		bad("decay_left", fmt.Sprintf("an exponential never comes to 0, and %g is what it leaves at the end of its phase", r.DecayLeft), "more than 0 and less than 1")
	}
	if r.Decay != Exponential && r.DecayLeft != 0 {
		bad("decay_left", "a factor that falls in a line leaves nothing at the end of its phase", "decay: exponential")
	}
	if r.Search != "" && !transposable {
		bad("search", "no mask is searched in blocks", "ff.mask: transposable")
	}
	if left < 0 && r.Epochs >= 0 {
		bad("epochs", fmt.Sprintf("%d, of which the schedule takes %d", r.Epochs, r.Epochs-left), "as many as the schedule takes")
	}
	return errors.Join(errs...)
}

// oneM reports rules that prune the two copies of a weight in groups of different sizes.
func (r Recipe) oneM(ff, bp Rule) error {
	f, b := r.ratio(ff), r.ratio(bp)
	if ff.Prune == Weights && bp.Prune == Weights && f.M != b.M && !f.IsDense() && !b.IsDense() {
		return fmt.Errorf("groups of %d in BP and of %d in FF", b.M, f.M)
	}
	return nil
}

// masksFF: FF prunes the weights of some layer, outside of the schedule.
func (r Recipe) masksFF() bool {
	return r.FF.Prune == Weights || slices.ContainsFunc(r.Exceptions, func(e Exception) bool { return e.FF.Prune == Weights })
}

// transposable: some mask is, outside of the schedule.
func (r Recipe) transposable() bool {
	return r.FF.Mask == Transposable || slices.ContainsFunc(r.Exceptions, func(e Exception) bool { return e.FF.Mask == Transposable })
}

// fades: some mask decays, outside of the schedule.
func (r Recipe) fades() bool {
	return r.FF.Mask == Decaying || slices.ContainsFunc(r.Exceptions, func(e Exception) bool { return e.FF.Mask == Decaying })
}
