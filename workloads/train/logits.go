package train

import (
	"hash/fnv"
	"math"
	"math/rand/v2"

	"satsim/internal/nm"
	"satsim/workloads/recipe"
	"satsim/workloads/train/kernel"
)

// logits are six for each group of four inputs of a frozen weight, one for each mask of 2:4, in the order (group of inputs, mask, output). FF and BP read the weight times the mask that a
// Gumbel softmax of them expects.
type logits struct {
	*ParamArray
	weight *ParamArray
	noise  uint64    // names the random numbers of the step
	shares []float32 // of the masks in the soft one
	slope  float32   // of the softmax's arguments by the logits: scale over temperature
	pull   float32   // of the loss a masked weight's square takes off, times the loss's scale
}

const (
	group = recipe.LogitsGroup // inputs
	masks = recipe.MasksOfGroup
)

// pairs are the places that a mask of 2:4 keeps, in the order of their logits.
func pairs() [masks][2]int {
	return [...][2]int{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}
}

// firstLogits is the deviation of the logits that a training begins with.
const firstLogits = 0.01

// logitStreams names the streams of random numbers that logits begin with.
const logitStreams = 0x1061f5

// learn gives layers the logits that a stretch has. Their weights are frozen from here on.
func (t *Trainer) learn(s *stretch) {
	for _, o := range t.model.operators {
		w, ok := o.(*weighted)
		if !ok || w.w.learned != nil || !s.prune[w.layer].learned {
			continue
		}
		n := len(w.w.Master) / group * masks
		w.w.learned = &logits{ParamArray: newParam(w.layer+".logits", n), weight: w.w, shares: make([]float32, n)}
		w.w.learned.inner = true
		t.model.params = append(t.model.params, w.w.learned.ParamArray)
		t.learned = append(t.learned, w.w.learned)
	}
}

// prime draws the logits that a training begins with, and puts those of masks that keep the largest weights above the others: a mask of both by so many deviations, one of neither as far below.
func (t *Trainer) prime() {
	for i, l := range t.learned {
		r := rand.New(rand.NewPCG(t.options.Seed, nm.Random(logitStreams, uint64(i))))
		for k := range l.Master {
			l.Master[k] = float32(r.NormFloat64() * firstLogits)
		}
		prior := float32(t.plan[0].recipe.Gumbel.Prior * firstLogits)
		w, out := l.weight, int(l.weight.Out)
		largest := make(nm.Mask, len(w.Master))
		kernel.MaskColumns(recipe.LearnedRatio(), w.Master, int(w.Taps), int(w.In), out, largest)
		l.each(func(at, first int) {
			for k, p := range pairs() {
				for _, i := range p {
					if largest[first+i*out] {
						l.Master[at+k*out] += prior
					}
				}
				l.Master[at+k*out] -= prior
			}
		})
	}
}

// each visits the groups: where the first logit of one lies, and the first weight. Those that follow are a row of outputs further each.
func (l *logits) each(visit func(at, first int)) {
	out := int(l.weight.Out)
	for g := range len(l.weight.Master) / (group * out) {
		for c := range out {
			visit(g*masks*out+c, g*group*out+c)
		}
	}
}

// soften makes what FF and BP read in a step: weights times soft masks. The noise of a logit is -log(-log u), u being the upper 23 bits of the random number of its place in the sequence of step and layer, and a half, over 2^23.
func (t *Trainer) soften(step int64) {
	temperature, scale, pull := t.current.recipe.Gumbel.At(step, t.total)
	for _, l := range t.learned {
		layer := fnv.New64a()
		layer.Write([]byte(l.Name))
		l.noise = nm.Random(nm.Random(t.options.Seed, uint64(step)), layer.Sum64())
		l.slope, l.pull = float32(scale/temperature), float32(pull*t.state.Scale)
		m, out := l.weight.matrix, int(l.weight.Out)
		t.model.pool.Each(len(m.ff)/(group*out), 64, func(lo, hi int) {
			for g := lo; g < hi; g++ {
				for c := range out {
					l.mix(g*masks*out+c, g*group*out+c, out, scale, temperature)
				}
			}
		})
		t.model.format.Round(m.ff)
		t.model.format.Round(l.shares)
		copy(m.bp, m.ff)
		m.turn()
	}
}

// gumbel is the noise of a logit.
func (l *logits) gumbel(i int) float64 {
	u := (float64(nm.Random(l.noise, uint64(i))>>41) + 0.5) / (1 << 23)
	return -math.Log(-math.Log(u))
}

// mix makes a group's weights times their soft mask.
func (l *logits) mix(at, first, out int, scale, temperature float64) {
	var e [masks]float64
	top, sum := math.Inf(-1), 0.
	for k := range e {
		i := at + k*out
		e[k] = (float64(float64(l.value[i])*scale) + l.gumbel(i)) / temperature
		top = max(top, e[k])
	}
	for k := range e {
		e[k] = math.Exp(e[k] - top)
		sum += e[k]
	}
	var mask [group]float64
	for k, p := range pairs() {
		e[k] /= sum
		l.shares[at+k*out] = float32(e[k])
		mask[p[0]] += e[k]
		mask[p[1]] += e[k]
	}
	for i, m := range mask {
		l.weight.ff[first+i*out] = float32(float64(l.weight.value[first+i*out]) * m)
	}
}

// differentiate makes the gradient of the logits of that of the weights that FF read: with d of a mask the sum of what its two weights' gradients are times the weights, slope * share * (d - sum of share * d). A pull makes the loss
// smaller by the squares of masked weights.
func (l *logits) differentiate(e *engine) {
	w, out := l.weight, int(l.weight.Out)
	e.pool.Each(len(w.Master)/(group*out), 64, func(lo, hi int) {
		for g := lo; g < hi; g++ {
			for c := range out {
				at, first := g*masks*out+c, g*group*out+c
				var own [group]float32
				for i := range own {
					k := first + i*out
					own[i] = w.value[k] * (w.Gradient[k] - float32(2*l.pull*w.ff[k]))
				}
				var d [masks]float32
				mean := float32(0)
				for k, p := range pairs() {
					d[k] = own[p[0]] + own[p[1]]
					mean += float32(l.shares[at+k*out] * d[k])
				}
				for k := range d {
					l.Gradient[at+k*out] = float32(l.slope*l.shares[at+k*out]) * (d[k] - mean)
				}
			}
		}
	})
}

// largest is the mask of each group's largest logit; of equal ones the first.
func (l *logits) largest() nm.Mask {
	out := int(l.weight.Out)
	mask := make(nm.Mask, len(l.weight.Master))
	l.each(func(at, first int) {
		best := 0
		for k := range masks {
			if l.Master[at+k*out] > l.Master[at+best*out] {
				best = k
			}
		}
		for _, i := range pairs()[best] {
			mask[first+i*out] = true
		}
	})
	return mask
}

// choose makes the masks of the largest logits those of FF and BP.
func (t *Trainer) choose() {
	for _, l := range t.learned {
		m := l.weight.matrix
		m.maskFF = l.largest()
		for i, k := range m.maskFF {
			if m.ff[i] = 0; k {
				m.ff[i] = l.weight.value[i]
			}
		}
		copy(m.bp, m.ff)
		m.turn()
	}
}

// WeightsStay reports whether masks are learned of weights that a training does not change.
func (t *Trainer) WeightsStay() bool { return len(t.learned) > 0 }

// frozen reports whether an array is a weight of which masks are learned.
func (p *ParamArray) frozen() bool { return p.matrix != nil && p.learned != nil }
