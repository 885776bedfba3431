package recipe

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

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
	Masks  Refresh `yaml:"masks,omitempty"`
	Search Search  `yaml:"search,omitempty"` // of transposable masks
	// Permutation is how the order of outputs is found in which BP's permuted masks have their groups.
	Permutation Permutation `yaml:"permutation,omitempty"`
	Decay       Decay       `yaml:"decay,omitempty"`      // how the factor of decaying masks falls
	DecayLeft   float64     `yaml:"decay_left,omitempty"` // what an exponential one leaves at the end of its phase
	Exceptions  []Exception `yaml:"exceptions,omitempty"`

	Optimiser   Optimiser `yaml:"optimiser,omitempty"`
	WeightDecay float64   `yaml:"weight_decay,omitempty"`
	SRSTELambda float64   `yaml:"sr_ste_lambda,omitempty" config:"was=mask_decay"` // adds lambda * (1 - mask) * W to the gradient
	LossScale   LossScale `yaml:"loss_scale,omitempty"`
	Extra       []Extra   `yaml:"extra,omitempty"`     // element-wise work beside the update, which is costed and not trained
	ClipNorm    float64   `yaml:"clip_norm,omitempty"` // largest norm of all gradients together; 0: no clipping

	Adapters Adapters `yaml:"adapters,omitempty"` // beside pruned layers
	Logits   bool     `yaml:"logits,omitempty"`   // weights are frozen, and masks of 2:4 are learned: six logits a group of four
	Gumbel   Gumbel   `yaml:"gumbel,omitempty"`   // how
	Teacher  bool     `yaml:"teacher,omitempty"`  // the network that a training begins with, dense and frozen, makes a forward pass in each step

	Distilled float64 `yaml:"distilled,omitempty"` // share of the loss that is the divergence from what the teacher says
	L1Decay   float64 `yaml:"l1_decay,omitempty"`  // of what late masks prune: a pull of one size, inside Adam's step
	Scales    int64   `yaml:"scales,omitempty"`    // of weights with late masks: factors an output, each of a part of the inputs

	Epochs   int64   `yaml:"epochs,omitempty"`
	Schedule []Phase `yaml:"schedule,omitempty"` // in order; what they leave of Epochs follows the recipe itself
}

// Rule says what a stage prunes.
type Rule struct {
	Prune    Operand       `yaml:"prune,omitempty"`
	Sparsity OptionalRatio `yaml:"sparsity,omitempty"`
	Mask     Mask          `yaml:"mask,omitempty"` // of weights that FF prunes
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
	Adapters Adapters      `yaml:"adapters,omitempty"`
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
	Permuted     Mask = "permuted"     // of BP: likewise, in groups of M that follow each other in an order of outputs that was searched for
	SoftMask     Mask = "soft"         // of FF: the N largest, made smaller by the largest of the others, times a factor of the tensor that stays
	Decaying     Mask = "decaying"     // of FF: what it prunes is multiplied by a factor that falls from 1 to 0 in the phase, so that the product is dense
	LateMask     Mask = "late"         // of FF: the N largest, at the end of the phase alone; until then products are dense
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
	Orders      bool // an order is searched for in FF's masks, which one update leaves for it
	Deferred    bool // all gradients are written and checked before the first update
	Extra       Work // of the vector unit, beside the update of every weight matrix; Beside has what a mask adds
	Ending      Work // likewise, of weights with late masks
	Pulls       bool // what late masks prune is pulled to zero: the update reads them
}

// Update is what the weight update does.
func (r Recipe) Update() Update {
	return Update{
		Optimiser: r.Optimiser, StateBytes: r.Optimiser.StateBytes(), Unscale: true, WeightDecay: r.WeightDecay != 0,
		SRSTE: r.SRSTELambda != 0, MasksFixed: r.Masks == Never, MasksKept: r.Masks > 1, Orders: r.permutes() && r.Permutation.Steps != Never, Deferred: r.LossScale == Dynamic || r.ClipNorm != 0, Extra: r.extra(),
		Ending: r.ending(), Pulls: r.L1Decay != 0,
	}
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

// Frozen reports whether FF's mask of a layer is drawn at random and stays. shared: BP's is of what FF kept. kept: WU's gradient and the update are of that alone.
func (r Recipe) Frozen(it *workloads.Item) (frozen, shared, kept bool) {
	return r.rule(it, workloads.FF).Mask == Frozen, r.rule(it, workloads.BP).Mask == Shared, it.Kept
}

// UsesFFWeights reports whether BP of a layer uses the weights as FF prunes them. They are groups along its reduction if their mask is transposable; else its product is dense.
func (r Recipe) UsesFFWeights(it *workloads.Item) bool {
	return r.rule(it, workloads.BP).Prune == FFWeights
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
