package recipe

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"satsim/internal/diag"
	"satsim/internal/nm"
	"satsim/internal/param"
	"satsim/workloads"
)

// Recipe is how a network is trained.
type Recipe struct {
	Name     string        `yaml:"name" config:"required"`
	Paper    string        `yaml:"paper,omitempty"`
	Note     string        `yaml:"note,omitempty"`
	Sparsity OptionalRatio `yaml:"sparsity,omitempty"` // of rules that have none of their own
	FF       Rule          `yaml:"ff,omitempty"`
	BP       Rule          `yaml:"bp,omitempty"`
	WU       WURule        `yaml:"wu,omitempty"`
	// Masks are searched anew every so many steps.
	Masks      Refresh     `yaml:"masks,omitempty"`
	Search     Search      `yaml:"search,omitempty"` // of transposable masks
	Exceptions []Exception `yaml:"exceptions,omitempty"`

	Optimiser   Optimiser `yaml:"optimiser,omitempty"`
	WeightDecay float64   `yaml:"weight_decay,omitempty"`
	SRSTELambda float64   `yaml:"sr_ste_lambda,omitempty" config:"was=mask_decay"` // adds lambda * (1 - mask) * W to the gradient
	LossScale   LossScale `yaml:"loss_scale,omitempty"`
	Extra       []Extra   `yaml:"extra,omitempty"`     // element-wise work beside the update, which is costed and not trained
	ClipNorm    float64   `yaml:"clip_norm,omitempty"` // largest norm of all gradients together; 0: no clipping

	Epochs   int64   `yaml:"epochs,omitempty"`
	Schedule []Phase `yaml:"schedule,omitempty"` // in order; what they leave of Epochs follows the recipe itself
}

// Rule says what a stage prunes.
type Rule struct {
	Prune    Operand       `yaml:"prune,omitempty"`
	Sparsity OptionalRatio `yaml:"sparsity,omitempty"`
	Mask     Mask          `yaml:"mask,omitempty"` // of weights that FF prunes
}

// WURule says what WU prunes, of its incoming gradients or of its activations. The zero value is nothing, or in exceptions and phases no change.
type WURule struct {
	Prune     Operand       `yaml:"prune,omitempty"` // Dense, Gradients, Activations, or Weights: dW is made where FF's frozen masks keep alone
	Sparsity  OptionalRatio `yaml:"sparsity,omitempty"`
	Estimator Estimator     `yaml:"estimator,omitempty"`
	Positions Positions     `yaml:"positions,omitempty"`
}

// Positions says which positions are a group of what WU prunes.
type Positions string

// The groups of positions; the zero value is Near, except in exceptions and phases, where it means no change.
const (
	Near  Positions = "near"  // M neighbours
	Apart Positions = "apart" // M that are as far from each other as can be: a fixed permutation of tokens
)

// Estimator is what stands for a group of gradients.
type Estimator string

// The estimators; the zero value is Largest, except in exceptions and phases, where it means no change.
const (
	Largest Estimator = "top-n"  // the N largest, as they are
	Uniform Estimator = "random" // N that are drawn, each as likely, and scaled likewise: without bias, of larger variance, and without a look at their sizes
	MVUE    Estimator = "mvue"   // N that are drawn, and scaled so that their mean is the group: the minimum-variance unbiased estimate
)

// or is a rule, or another where it says nothing.
func (w WURule) or(other WURule) WURule {
	r := or(Rule{Prune: w.Prune, Sparsity: w.Sparsity}, Rule{Prune: other.Prune, Sparsity: other.Sparsity})
	e := w.Estimator
	if e == "" && r.Prune == other.Prune {
		e = other.Estimator
	}
	p := w.Positions
	if p == "" && r.Prune == other.Prune {
		p = other.Positions
	}
	return WURule{r.Prune, r.Sparsity, e, p}
}

// draws reports whether gradients are drawn where they are made, without bias.
func (w WURule) draws() bool { return w.Estimator == MVUE || w.Estimator == Uniform }

// drawing is what an estimate does to an element.
func (w WURule) drawing(r nm.Ratio) nm.Looks {
	if w.Estimator == Uniform {
		return r.DrawingUniform()
	}
	return r.Drawing()
}

// prunes reports whether it prunes something.
func (w WURule) prunes() bool { return w.Prune == Gradients || w.Prune == Activations }

// rule is what it prunes.
func (w WURule) rule() Rule {
	if w.Prune == "" {
		return Rule{Prune: Dense}
	}
	return Rule{Prune: w.Prune, Sparsity: w.Sparsity}
}

// Exception replaces the rules for layers whose name matches or that have a role; a rule without prune stays. Of several the last wins.
type Exception struct {
	Layers string `yaml:"layers,omitempty"` // * stands for any characters
	Role   Role   `yaml:"role,omitempty"`
	FF     Rule   `yaml:"ff,omitempty"`
	BP     Rule   `yaml:"bp,omitempty"`
	WU     WURule `yaml:"wu,omitempty"`
}

// Role is what a layer is to its network, whatever its name.
type Role string

// The roles.
const (
	Classifier Role = "classifier" // the layers with a weight that the loss depends on through no other one
	Activated  Role = "activated"  // those that read what an activation made, as it is or squared: the second layers of feed-forward blocks
	Activating Role = "activating" // those whose outputs an activation reads, and nobody else: the first layers of feed-forward blocks
)

// holds reports whether the exception is for an item's layer.
func (e Exception) holds(it *workloads.Item) bool {
	switch e.Role {
	case Classifier:
		return it.Classifier
	case Activated:
		return it.Activated
	case Activating:
		return it.Activating
	}
	return Matches(e.Layers, it.Layer)
}

// Phase is a part of the training in which something differs from the recipe. Exceptions hold in all phases.
type Phase struct {
	Name     string        `yaml:"name" config:"required"`
	Epochs   int64         `yaml:"epochs" config:"required"`
	Sparsity OptionalRatio `yaml:"sparsity,omitempty"` // replaces the recipe's and those of its rules
	FF       Rule          `yaml:"ff,omitempty"`
	BP       Rule          `yaml:"bp,omitempty"`
	WU       WURule        `yaml:"wu,omitempty"`
	Masks    Refresh       `yaml:"masks,omitempty"`
}

// OptionalRatio is an N:M ratio or, as the zero value, none.
type OptionalRatio struct{ nm.Ratio }

// Validate accepts a ratio or none.
func (r OptionalRatio) Validate() error {
	if r == (OptionalRatio{}) {
		return nil
	}
	return r.Ratio.Validate()
}

// Form says what its text is.
func (OptionalRatio) Form() (noun, pattern string) { return "ratio N:M", `\+?[0-9]+:\+?[0-9]+` }

// Operand is what a rule prunes.
type Operand string

// The operands; the zero value is Dense, except in exceptions and phases, where it means no change. Dense is all of them, whatever the other
// stage prunes.
const (
	Dense     Operand = "dense"
	Weights   Operand = "weights"
	Gradients Operand = "gradients" // dY, in BP along output channels, in WU along positions
	// Activations are X, in FF along input channels, in WU along positions: of what FF pruned, if it does. BP gives what FF pruned no gradient.
	Activations Operand = "activations"
	FFWeights   Operand = "ff_weights" // in BP only: nothing of its own, the weights are those that FF used, as in SR-STE; N:M in BP if FF's mask is transposable
)

// Mask is along which axes of a weight a mask is N:M.
type Mask string

// The masks; the zero value is Own, except in exceptions and phases, where it means no change.
const (
	Own          Mask = "own"          // along the product's reduction, the N largest of each group
	Frozen       Mask = "frozen"       // of FF: drawn at random before the first step, along the product's reduction, and never changed
	Shared       Mask = "shared"       // of BP: the N largest, along its reduction, of what FF kept: the weight is pruned twice
	SoftMask     Mask = "soft"         // of FF: the N largest, made smaller by the largest of the others, times a factor of the tensor that stays
	Decaying     Mask = "decaying"     // of FF: what it prunes is multiplied by a factor that falls from 1 to 0 in the phase, so that the product is dense
	Transposable Mask = "transposable" // along both axes, inside blocks of M x M: it serves BP, too, where that has ff_weights
)

// Search is how transposable masks are found.
type Search string

// The searches; the zero value is Greedy.
const (
	Greedy Search = "greedy" // from the largest down
	Exact  Search = "exact"  // the best of all masks of a block
)

// Optimiser names the update's rule.
type Optimiser string

// The optimisers.
const (
	SGD      Optimiser = "sgd"
	Momentum Optimiser = "momentum"
	Adam     Optimiser = "adam"
	AdamW    Optimiser = "adamw"
)

// optimisers lists all of them as files name them.
func optimisers() []string {
	return []string{string(SGD), string(Momentum), string(Adam), string(AdamW)}
}

// ParseOptimiser reads what a file other than a recipe, which Validate checks, calls an optimiser.
func ParseOptimiser(text string) (Optimiser, error) {
	if names := optimisers(); !slices.Contains(names, text) {
		return "", fmt.Errorf("%q is no optimiser; %s are accepted", text, strings.Join(names, ", "))
	}
	return Optimiser(text), nil
}

// StateBytes is the optimiser's FP32 state of one parameter, beside the master weight.
func (o Optimiser) StateBytes() int64 {
	switch o {
	case SGD:
		return 0
	case Momentum:
		return 4 // velocity
	case Adam, AdamW:
		return 8 // two moments
	}
	return 0
}

// LossScale says how gradients are kept in the range of FP16.
type LossScale string

// The loss scales.
const (
	Static  LossScale = "static"
	Dynamic LossScale = "dynamic"
)

// Refresh is after how many steps masks are searched anew: 1 or more, or Never. 0 is "not given": every step.
type Refresh int64

// Never: masks are given and stay.
const Never Refresh = -1

// UnmarshalText reads a number of steps or "never".
func (r *Refresh) UnmarshalText(b []byte) error {
	if string(b) == "never" {
		*r = Never
		return nil
	}
	n, err := strconv.ParseInt(string(b), 10, 32)
	if err != nil || n < 1 {
		return fmt.Errorf("%q is no number of steps; 1 or more, or never, is accepted", b)
	}
	*r = Refresh(n)
	return nil
}

// MarshalText prints the number of steps or "never".
func (r Refresh) MarshalText() ([]byte, error) {
	if r == Never {
		return []byte("never"), nil
	}
	return strconv.AppendInt(nil, int64(r), 10), nil
}

// Form says what its text is.
func (Refresh) Form() (noun, pattern string) {
	return "number of steps, or never", `never|\+?0*[1-9][0-9]*`
}

// Default is the dense recipe with momentum.
func Default() Recipe {
	out := param.Defaults[Recipe](Declared())
	out.Name = "dense"
	return out
}

// Update is what the weight update does in every step of a recipe.
type Update struct {
	Optimiser   Optimiser
	StateBytes  int64 // a parameter
	Unscale     bool  // gradients are multiplied by one number
	WeightDecay bool
	SRSTE       bool // SR-STE's lambda * (1 - mask) * W: reads the FF copy's mask
	MasksFixed  bool // masks of the step before are kept: nothing is sorted
	MasksKept   bool // later steps keep the masks of this one
	Deferred    bool // all gradients are written and checked before the first update
	Extra       Work // of the vector unit, beside the update of every weight matrix
}

// Update is what the weight update does.
func (r Recipe) Update() Update {
	return Update{
		Optimiser: r.Optimiser, StateBytes: r.Optimiser.StateBytes(), Unscale: true, WeightDecay: r.WeightDecay != 0,
		SRSTE: r.SRSTELambda != 0, MasksFixed: r.Masks == Never, MasksKept: r.Masks > 1, Deferred: r.LossScale == Dynamic || r.ClipNorm != 0, Extra: r.extra(),
	}
}

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
		if bp.Mask == Shared && (ff.Prune != Weights || ff.Mask == Transposable || ff.Mask == SoftMask || ff.Mask == Decaying) {
			bad(key+"bp.mask", "shared is of weights that FF kept, by masks along its own reduction", "ff: {prune: weights}")
		}
		if err := of.oneSort(ff, bp, wu); err != nil {
			bad(key+"wu.prune", err.Error(), "estimator: mvue or random, which the vector unit draws; or FF and BP with dense, ff_weights, gradients or a transposable mask; or masks: never")
		}
		if err := oneMask(ff, bp); err != nil {
			bad(key+"bp.prune", err.Error(), "ff_weights, dense, gradients")
		}
		if ff.Mask != Transposable {
			return
		}
		if m := of.ratio(ff).M; of.Search == Exact && m > nm.MaxExact {
			bad("search", fmt.Sprintf("exact tries all masks of a block, and those of FF are %d x %d", m, m), fmt.Sprintf("greedy, or groups of up to %d", nm.MaxExact))
		}
	}
	rules("", r, r.FF, r.BP, r.WU)
	transposable := r.transposable()
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
	if r.SRSTELambda != 0 && r.FF.Prune != Weights {
		bad("sr_ste_lambda", "no mask without pruned FF weights", "ff.prune: weights")
	}
	left := r.Epochs
	for i, p := range r.Schedule {
		key := fmt.Sprintf("schedule[%d].", i)
		left -= p.Epochs
		in := r.during(p)
		rules(key, in, in.FF, in.BP, in.WU)
		transposable = transposable || p.FF.Mask == Transposable
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

// oneMask reports rules that give a weight a mask of its own in BP beside a transposable one.
func oneMask(ff, bp Rule) error {
	if ff.Prune == Weights && ff.Mask == Transposable && bp.Prune == Weights {
		return errors.New("weights have a mask of their own in BP beside a transposable one of FF, which would serve it")
	}
	return nil
}

// transposable: some mask is, outside of the schedule.
func (r Recipe) transposable() bool {
	return r.FF.Mask == Transposable || slices.ContainsFunc(r.Exceptions, func(e Exception) bool { return e.FF.Mask == Transposable })
}

// oneSort reports rules by which SORE would have to sort updated weights in the word group in which it prunes gradients or activations for WU: it has one ratio a group, and takes its
// work in one order, so that either could wait for the other forever.
func (r Recipe) oneSort(ff, bp Rule, wu WURule) error {
	own := ff.Prune == Weights && (ff.Mask == "" || ff.Mask == Own || ff.Mask == Frozen) && !r.ratio(ff).IsDense() || bp.Prune == Weights && !r.ratio(bp).IsDense()
	if wu.prunes() && !wu.draws() && !r.ratio(wu.rule()).IsDense() && own && r.Masks != Never {
		return errors.New(string(wu.Prune) + " are sorted in the word group in which SORE sorts updated weights, and it has one ratio there")
	}
	return nil
}

const maxEpochs = 1_000_000

// ratio of a rule that prunes; Dense of one that does not.
func (r Recipe) ratio(rule Rule) nm.Ratio {
	switch {
	case rule.Prune != Weights && rule.Prune != Gradients && rule.Prune != Activations:
		return nm.Dense
	case rule.Sparsity != (OptionalRatio{}):
		return rule.Sparsity.Ratio
	}
	return r.Sparsity.Ratio
}

// or is a rule, or another where it says nothing. A rule with a ratio alone changes the ratio.
func or(rule, other Rule) Rule {
	if rule.Prune == "" {
		rule.Prune = other.Prune
	}
	if rule.Sparsity == (OptionalRatio{}) && rule.Prune == other.Prune {
		rule.Sparsity = other.Sparsity
	}
	if rule.Mask == "" && rule.Prune == other.Prune {
		rule.Mask = other.Mask
	}
	return rule
}

// Sparsify gives the recipe another ratio: its own and that of its rules and exceptions. Phases keep what they say.
func (r Recipe) Sparsify(ratio nm.Ratio) Recipe {
	r.Sparsity = OptionalRatio{ratio}
	r.FF.Sparsity, r.BP.Sparsity, r.WU.Sparsity = OptionalRatio{}, OptionalRatio{}, OptionalRatio{}
	exceptions := make([]Exception, len(r.Exceptions))
	for i, e := range r.Exceptions {
		e.FF.Sparsity, e.BP.Sparsity, e.WU.Sparsity = OptionalRatio{}, OptionalRatio{}, OptionalRatio{}
		exceptions[i] = e
	}
	if r.Exceptions != nil {
		r.Exceptions = exceptions
	}
	return r
}

// Frozen reports whether FF's mask of a layer is drawn at random and stays. Shared: BP's is of what FF kept. KeptAlone: WU's gradient and the update are, too.
func (r Recipe) Frozen(it *workloads.Item) (frozen, shared, kept bool) {
	return r.rule(it, workloads.FF).Mask == Frozen, r.rule(it, workloads.BP).Mask == Shared, it.Kept
}

// UsesFFWeights reports whether BP of a layer uses the weights as FF prunes them. They are groups along its reduction if their mask is transposable; else its product is dense.
func (r Recipe) UsesFFWeights(it *workloads.Item) bool {
	return r.rule(it, workloads.BP).Prune == FFWeights
}

// DrawsUniformly reports whether WU of a layer draws its gradients whatever their sizes.
func (r Recipe) DrawsUniformly(it *workloads.Item) bool { return r.wuRule(it).Estimator == Uniform }

// PositionsApart reports whether the positions of a group of what WU of a layer prunes are apart.
func (r Recipe) PositionsApart(it *workloads.Item) bool { return r.wuRule(it).Positions == Apart }

// wuRule is what WU of a layer prunes.
func (r Recipe) wuRule(it *workloads.Item) WURule {
	wu := r.WU
	for _, e := range r.Exceptions {
		if e.holds(it) {
			wu = e.WU.or(wu)
		}
	}
	return wu
}

// rule for a layer in a stage.
func (r Recipe) rule(it *workloads.Item, stage workloads.Stage) Rule {
	ff, bp := r.FF, r.BP
	for _, e := range r.Exceptions {
		if e.holds(it) {
			ff, bp = or(e.FF, ff), or(e.BP, bp)
		}
	}
	switch stage {
	case workloads.FF:
		return ff
	case workloads.BP:
		return bp
	case workloads.WU:
		return r.wuRule(it).rule()
	}
	return Rule{Prune: Dense}
}
