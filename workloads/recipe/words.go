package recipe

import (
	"fmt"
	"slices"
	"strings"

	"satsim/internal/nm"
	"satsim/workloads"
)

// Selection is what a product of a layer prunes.
type Selection struct {
	Stage   workloads.Stage
	Operand Operand  // Dense: nothing
	Ratio   nm.Ratio // of the operand; Dense: nothing is pruned
	Along   string   // the axis that groups lie along
	By      string   // which of a group stay
	Masks   string   // whose they are, and how long they serve
	Again   bool     // of X as FF pruned it
	Apart   bool     // positions of a group are apart
	Falls   string   // how the factor of decaying masks does
	Finds   int64    // operations an element of dX by which the vector unit finds what FF pruned of X, and gives it no gradient
	Learns  int64    // operations a weight of masks that are learned: the vector unit's, before FF or behind WU
	Learned bool     // weights of layers whose inputs are whole groups of four are multiplied by such masks
}

// The axes of groups: the reductions of the three products.
const (
	alongInputs    = "input channels"
	alongOutputs   = "output channels"
	alongBoth      = "both axes"
	alongPositions = "positions"
)

// topN keeps what is largest.
const topN = "top-n"

// Selections of the three products, in the order of the stages, of layers that no exception is for.
func (r Recipe) Selections() []Selection { return r.selections(r.layer()) }

func (r Recipe) selections(of layerRules) []Selection {
	var out []Selection
	for _, s := range workloads.Stages() {
		rule := of.of(s)
		x := Selection{Stage: s, Operand: rule.Prune, Ratio: r.ratio(rule)}
		switch rule.Prune {
		case Weights:
			x.Along, x.By, x.Masks = alongInputs, topN, "its own, "+r.Masks.words()
			switch rule.Mask {
			case Own, Shared, Permuted:
			case Transposable:
				x.Along, x.By, x.Masks = alongBoth, r.searches(), "transposable, "+r.Masks.words()
			case SoftMask, Decaying:
				x.By, x.Falls = string(rule.Mask), r.falls()
			case LateMask:
				x.By = string(rule.Mask)
			case Frozen:
				x.By, x.Masks = "random", "drawn once, and kept"
			}
			switch s {
			case workloads.BP:
				x.Along = alongOutputs
				switch rule.Mask {
				case Shared:
					x.Masks = "within FF's, " + r.Masks.words()
				case Permuted:
					x.Masks = "within FF's, " + r.Masks.words() + ", in groups by an order of outputs " + r.Permutation.words()
				case Own, Transposable, Frozen, SoftMask, Decaying, LateMask: // said above
				}
			case workloads.WU:
				x.Ratio, x.By, x.Masks = out[workloads.FF].Ratio, "", "those of FF"
			case workloads.FF:
			}
		case Activations:
			x.Along, x.By, x.Masks = alongInputs, topN, "its own, at every fetch"
			if s == workloads.WU {
				x.Along, x.Again, x.Apart = alongPositions, out[workloads.FF].Operand == Activations, of.wu.Positions == Apart
			}
		case Gradients:
			x.Along, x.By, x.Masks = alongOutputs, topN, "its own, at every fetch"
			if s == workloads.WU {
				x.Along, x.Apart = alongPositions, of.wu.Positions == Apart
				if of.wu.draws() {
					x.By, x.Masks = string(of.wu.Estimator), "its own, drawn once a step"
				}
			}
		case FFWeights:
			ff := out[workloads.FF]
			if ff.Operand != Weights || ff.Ratio.IsDense() {
				break // it has all of W
			}
			x.Masks = "those of FF"
			switch {
			case ff.Along == alongBoth:
				x.Ratio, x.Along, x.By = ff.Ratio, ff.Along, ff.By
			case ff.By == string(LateMask), ff.By == string(Decaying):
				x.By = ff.By
			}
		case Dense:
		}
		if ff := of.ff; s == workloads.BP && ff.Prune == Activations {
			l := r.ratio(ff).Masking()
			x.Finds = l.Compares + l.Selects
		}
		if of.learns {
			x.Learned, x.Learns = true, [...]int64{softTables + softSums + softProducts, 0, r.logitSums() + r.logitProducts()}[s]
			x.Masks = [...]string{"soft, of six logits a group, of every step", "those of FF", ""}[s]
		}
		out = append(out, x)
	}
	return out
}

// searches is how transposable masks are found.
func (r Recipe) searches() string {
	if r.Search == Exact {
		return string(Exact)
	}
	return string(Greedy)
}

// words say how long masks serve.
func (r Refresh) words() string {
	switch {
	case r == Never:
		return "found and kept"
	case r > 1:
		return fmt.Sprintf("of every %dth step", r)
	}
	return "of every step"
}

// Axis is the axis that groups lie along, and which positions are one.
func (s Selection) Axis() string {
	if s.Apart {
		return s.Along + " that are far from each other"
	}
	return s.Along
}

// Words say what the product is, and what it does.
func (s Selection) Words() string {
	return [...]string{"Y = X W", "dX = dY W^T", "dW = X^T dY"}[s.Stage] + ": " + s.Does()
}

// Does says what the product does.
func (s Selection) Does() string {
	text := s.prunes()
	if s.Finds > 0 {
		text += fmt.Sprintf("; what FF pruned of X gets no gradient: the vector unit finds its places anew, %d operations an element of dX", s.Finds)
	}
	return text
}

func (s Selection) prunes() string {
	kept := fmt.Sprintf("%d of %d along %s stay, the largest; masks: %s", s.Ratio.N, s.Ratio.M, s.Axis(), s.Masks)
	switch {
	case s.Learned:
		return s.learnedWords()
	case s.Operand == FFWeights && s.Along == alongBoth:
		return "W as FF pruned it, which is " + s.Ratio.String() + " along this product's reduction, too"
	case s.Operand == FFWeights && s.Masks == "":
		return "densely, with all of W, as FF has it"
	case s.Operand == FFWeights && (s.By == string(LateMask) || s.By == string(Decaying)):
		return "densely, with W as FF has it"
	case s.Operand == FFWeights:
		return "W as FF pruned it, which is no group of M along this product's reduction, so it is multiplied densely"
	case s.Ratio.IsDense() && s.Stage == workloads.WU:
		return "nothing is pruned"
	case s.Ratio.IsDense():
		return "nothing is pruned, all of W is used"
	case s.Operand == Weights && s.Stage == workloads.WU:
		return fmt.Sprintf("where FF's masks keep alone, %d of %d along %s, which the array makes in as much of its time", s.Ratio.N, s.Ratio.M, s.Along)
	case s.Operand == Weights && s.By == string(SoftMask):
		return fmt.Sprintf("of W %d of %d along %s stay, the largest, made smaller by the largest of the others, times a factor that stays; masks: %s", s.Ratio.N, s.Ratio.M, s.Along, s.Masks)
	case s.Operand == Weights && s.By == string(Decaying):
		return fmt.Sprintf("densely, where all but the %d largest of %d along %s are multiplied by a factor that falls from 1%s; masks: %s", s.Ratio.N, s.Ratio.M, s.Along, s.Falls, s.Masks)
	case s.Operand == Weights && s.By == string(LateMask):
		return fmt.Sprintf("densely, with all of W; at the end %d of %d along %s stay, the largest; masks: %s", s.Ratio.N, s.Ratio.M, s.Along, s.Masks)
	case s.Operand == Weights && s.By == "random":
		return fmt.Sprintf("of W %d of %d along %s stay, at random; masks: %s", s.Ratio.N, s.Ratio.M, s.Along, s.Masks)
	case s.Operand == Weights && s.Along == alongBoth:
		return fmt.Sprintf("of W at most %d of %d stay along %s, in blocks of %d x %d; search: %s; masks: %s", s.Ratio.N, s.Ratio.M, s.Along, s.Ratio.M, s.Ratio.M, s.By, s.Masks)
	case s.Operand == Gradients && s.By == string(Uniform):
		return fmt.Sprintf("of dY at most %d of %d along %s stay, drawn whatever their sizes and scaled: an unbiased estimate; masks: %s", s.Ratio.N, s.Ratio.M, s.Axis(), s.Masks)
	case s.Operand == Gradients && s.By == string(MVUE):
		return fmt.Sprintf("of dY at most %d of %d along %s stay, drawn and scaled: an unbiased estimate of least variance; masks: %s", s.Ratio.N, s.Ratio.M, s.Axis(), s.Masks)
	case s.Operand == Activations && s.Again:
		return "of X as FF pruned it " + kept
	case s.Operand == Activations:
		return "of X " + kept
	case s.Operand == Gradients:
		return "of dY " + kept
	}
	return "of W " + kept
}

// Stored says in which forms a weight is kept from step to step, of layers that no exception is for and of the others.
func (r Recipe) Stored() []string {
	of := r.layer()
	out := append(r.masters(of), r.copies(of)...)
	if r.Adapters > 0 {
		out = append(out, r.adapterWords())
	}
	if r.Logits {
		out = append(out, "of layers whose inputs are whole groups of four: frozen FP16 weights, and masters, state and a copy of six logits a group in the weights' place; the weights times their soft masks, from FF to BP")
	}
	if r.Teacher {
		out = append(out, "a teacher, the same network with FP16 weights of its own that stay: a dense forward pass in each step, whose results go into the loss")
	}
	out = append(out, r.masks(of)...)
	return append(out, r.butOf(func(x layerRules) []string {
		own := r.masters(x)
		if x.wu.Prune == Weights == (of.wu.Prune == Weights) {
			own = nil // said above
		}
		return slices.Concat(own, r.copies(x), r.masks(x))
	})...)
}

func (r Recipe) masters(of layerRules) []string {
	text := fmt.Sprintf("FP32 masters, with %d bytes of %s's state a parameter", r.Optimiser.StateBytes(), r.Optimiser)
	if of.wu.Prune == Weights {
		text += ", of weights that FF's masks keep alone, each with its place"
	}
	return []string{text}
}

// copies that products read.
func (r Recipe) copies(of layerRules) (out []string) {
	dense := false
	for _, s := range r.selections(of)[:workloads.WU] {
		switch {
		case s.Operand == FFWeights && s.Along == alongBoth:
			continue // FF's
		case s.Operand == Weights && s.Along == alongBoth && !s.Ratio.IsDense():
			out = append(out, fmt.Sprintf("one copy for FF and BP: %s along %s, each value with its place", s.Ratio, s.Along))
			continue
		case s.Operand == Weights && !s.Ratio.IsDense() && s.By != string(Decaying) && s.By != string(LateMask):
			out = append(out, fmt.Sprintf("a copy for %s: %s in groups along %s, each value with its place", s.Stage, s.Ratio, s.Along))
			continue
		}
		dense = true
	}
	if dense {
		out = append(out, "a dense FP16 copy, for products that prune no weights")
	}
	return out
}

// masks that the next step reads.
func (r Recipe) masks(of layerRules) []string {
	u, prunes := r.Update(), r.prunesWeights(of)
	switch {
	case of.ff.Prune == Weights && of.ff.Mask == LateMask && !r.ratio(of.ff).IsDense():
		return []string{"late masks, a bit a weight, which say what is pulled to zero and, at the end, what is pruned"}
	case of.wu.Prune == Weights && of.bp.Prune == Weights && !r.ratio(of.bp).IsDense():
		return []string{"BP's mask, a bit for each weight that FF's keeps, by which updated weights are selected"}
	case of.wu.Prune == Weights || prunes == 0:
	case u.MasksFixed:
		return []string{"the masks of the pruned copies, a bit a weight each, by which updated weights are selected"}
	case u.MasksKept:
		return []string{"the masks of the pruned copies, a bit a weight each, for the steps that keep them"}
	case u.SRSTE && of.ff.Prune == Weights:
		return []string{"FF's mask, a bit a weight, for the pull of what it prunes"}
	case u.Orders && of.bp.Mask == Permuted:
		return []string{"FF's mask, a bit a weight, for the search of an order"}
	}
	return nil
}

// prunesWeights is how many products prune their weights.
func (r Recipe) prunesWeights(of layerRules) (n int) {
	for _, s := range r.selections(of)[:workloads.WU] {
		if s.Operand == Weights && !s.Ratio.IsDense() && s.By != string(Decaying) && s.By != string(LateMask) {
			n++
		}
	}
	return n
}

// Sorted says what is sorted when, of layers that no exception is for and of the others.
func (r Recipe) Sorted() []string {
	return append(r.sorted(r.layer()), r.butOf(r.sorted)...)
}

func (r Recipe) sorted(of layerRules) []string {
	var out []string
	switch n := r.prunesWeights(of); {
	case n == 0:
	case of.ff.Mask == SoftMask:
		l := r.ratio(of.ff).Looks(nm.Soft)
		out = append(out, fmt.Sprintf("no weight: the vector unit finds and subtracts thresholds, %d operations a weight, after every update", l.Selects+l.Adds+l.Compares))
	case of.ff.Mask == Transposable && r.Masks != Never:
		out = append(out, r.searchWords(of.ff))
	case r.Masks == Never:
		out = append(out, "no weight: masks are given and stay")
	default:
		times := [...]string{"", "once, for its copy", "twice, once a copy"}[n]
		when := "after every update"
		if r.Masks > 1 {
			when = fmt.Sprintf("after every %dth update; the others select by the masks that they find", r.Masks)
		}
		out = append(out, fmt.Sprintf("every updated weight %s, %s (without pre-generation: whenever a tile is fetched)", times, when))
	}
	if of.bp.Mask == Permuted && r.Permutation.Steps != Never {
		out = append(out, r.Permutation.search())
	}
	for _, s := range r.selections(of) {
		switch {
		case s.Operand == Activations && !s.Ratio.IsDense() && s.Again:
			out = append(out, fmt.Sprintf("every element of X twice, as FF did and along positions, whenever %s fetches it", s.Stage))
		case s.Operand == Activations && !s.Ratio.IsDense():
			out = append(out, fmt.Sprintf("every element of X, whenever %s fetches it", s.Stage))
		case s.Operand != Gradients || s.Ratio.IsDense():
		case s.Operand == Gradients && of.wu.draws() && s.Stage == workloads.WU:
			l := of.wu.drawing(s.Ratio)
			out = append(out, fmt.Sprintf("no gradient: the vector unit draws %s's, %d operations an element of dY, where dY is made", s.Stage, l.Adds+l.Compares+l.Selects))
		default:
			out = append(out, fmt.Sprintf("every element of dY, whenever %s fetches it", s.Stage))
		}
	}
	if len(out) == 0 {
		out = append(out, "nothing")
	}
	return out
}

// searchWords say what a search of transposable masks is, and when.
func (r Recipe) searchWords(ff Rule) string {
	when := "after every update"
	if r.Masks > 1 {
		when = fmt.Sprintf("after every %dth update; the others select by the mask that they find", r.Masks)
	}
	ratio, s := r.ratio(ff), nm.Greedy
	if r.Search == Exact {
		s = nm.Exact
	}
	l := ratio.Looks(s)
	return fmt.Sprintf("no weight: the vector unit searches blocks of updated weights, %d operations a weight, %s", l.Selects+l.Adds+l.Compares, when)
}

// besideWords say what masks that are no copy's take beside the update.
func (r Recipe) besideWords(ff Rule) string {
	const unit = "beside it on the vector unit "
	switch {
	case r.ratio(ff).IsDense():
	case ff.Mask == Decaying:
		return fmt.Sprintf("%smasks and their factor (%d operations a weight)", unit, r.ratio(ff).N+1)
	case ff.Mask == LateMask:
		return unit + "late masks" + r.lateWords(ff)
	}
	return ""
}

// UpdateWords say what the update does to a parameter.
func (r Recipe) UpdateWords() string {
	u := r.Update()
	parts := []string{string(u.Optimiser), "gradients unscaled"}
	if u.WeightDecay {
		parts = append(parts, fmt.Sprintf("weight decay %g", r.WeightDecay))
	}
	if u.SRSTE {
		parts = append(parts, fmt.Sprintf("%g * (1 - mask) * W added to the gradient", r.SRSTELambda))
	}
	if r.Logits {
		parts = append(parts, "logits in the place of weights that have masks of them, "+r.Gumbel.words())
	}
	if w := r.extraWords(); w != "" {
		parts = append(parts, "beside it on the vector unit "+w)
	}
	others := r.besideWords(r.FF)
	if others != "" {
		parts = append(parts, others)
	}
	for _, e := range r.Exceptions {
		if w := r.besideWords(or(e.FF, r.FF)); w != "" && w != others {
			parts = append(parts, "of "+e.Which()+" "+w)
		}
	}
	if u.Deferred {
		parts = append(parts, "after all gradients were written and checked")
	}
	return strings.Join(parts, ", ")
}
