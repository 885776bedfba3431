package recipe

import (
	"satsim/internal/nm"
	"satsim/workloads"
)

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
