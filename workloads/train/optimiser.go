package train

import (
	"math"

	"satsim/workloads/recipe"
	"satsim/workloads/train/kernel"
)

// rates are the optimiser's constants of one step, as the weight update engine gets them: computed in FP64, rounded once.
type rates struct {
	optimiser                        recipe.Optimiser
	unscale, rate, momentum          float32
	beta1, rest1, beta2, rest2       float32
	correct2, rate1, epsilon, shrink float32
	decay, lambda                    float32

	late       bool    // what late masks prune is pulled to zero
	pull, rest float32 // the pull, and what is left of the mean gradient
}

// Constants of Adam, PyTorch's defaults.
const (
	beta1       = 0.9
	beta2       = 0.999
	adamEpsilon = 1e-8
)

// ratesOf step t, counted from 1, at a learning rate.
func ratesOf(r recipe.Recipe, rate, momentum, unscale float64, t int64) rates {
	c1, c2 := 1-math.Pow(beta1, float64(t)), 1-math.Pow(beta2, float64(t))
	return rates{
		optimiser: r.Optimiser, unscale: float32(unscale), rate: float32(rate), momentum: float32(momentum),
		beta1: float32(beta1), rest1: float32(1 - beta1), beta2: float32(beta2), rest2: float32(1 - beta2),
		correct2: float32(1 / c2), rate1: float32(rate / c1), epsilon: float32(adamEpsilon), shrink: float32(rate * r.WeightDecay),
		decay: float32(r.WeightDecay), lambda: float32(r.SRSTELambda),
	}
}

// update replaces a parameter's master weights. Every operation is rounded to FP32 on its own, in the order in which the
// weight update engine's lanes have them; lambda*(1-mask)*w is SR-STE's term.
func (c rates) update(pool *kernel.Pool, p *ParamArray) {
	if p.frozen() {
		return
	}
	for i := range p.state[:c.optimiser.StateBytes()/4] {
		if p.state[i] == nil {
			p.state[i] = make([]float32, len(p.Master))
		}
	}
	decayMasked := c.lambda != 0 && p.matrix != nil && p.maskFF != nil
	alone := p.matrix != nil && p.prune.alone
	c.late = c.late && p.matrix != nil && !p.prune.late.IsDense()
	pool.Each(len(p.Master), kernel.Chunk, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			if alone && !p.maskFF[i] {
				continue // it has neither master nor state
			}
			w, g := p.Master[i], p.Gradient[i]*c.unscale
			if decayMasked && !p.maskFF[i] {
				g += float32(w * c.lambda)
			}
			p.Master[i] = c.apply(p, i, w, g)
		}
	})
}

// apply is the optimiser's rule for one parameter.
func (c rates) apply(p *ParamArray, i int, w, g float32) float32 {
	if c.decay != 0 {
		if c.optimiser == recipe.AdamW {
			w -= float32(w * c.shrink)
		} else {
			g += float32(w * c.decay)
		}
	}
	switch c.optimiser {
	case recipe.SGD:
		return w - float32(g*c.rate)
	case recipe.Momentum:
		b := float32(p.state[0][i]*c.momentum) + g
		p.state[0][i] = b
		return w - float32(b*c.rate)
	case recipe.Adam, recipe.AdamW:
		m := float32(p.state[0][i]*c.beta1) + float32(g*c.rest1)
		p.state[0][i] = m
		if c.late {
			m = c.pulled(m, w, p.maskFF[i])
			g = m // of which the second moment is made, too
		}
		v := float32(p.state[1][i]*c.beta2) + float32(float32(g*g)*c.rest2)
		p.state[1][i] = v
		d := float32(math.Sqrt(float64(float32(v*c.correct2)))) + c.epsilon
		return w - float32(float32(m/d)*c.rate1)
	}
	return w // a recipe's optimiser is one of these
}

// norm is that of all gradients together; NaN or infinite when one of them is.
func norm(pool *kernel.Pool, params []*ParamArray) float64 {
	var sum float64
	for _, p := range params {
		if p.frozen() {
			continue
		}
		sum += pool.Sum(len(p.Gradient), kernel.Chunk, 1, func(lo, hi int, sum []float64) {
			for _, g := range p.Gradient[lo:hi] {
				sum[0] += float64(float64(g) * float64(g))
			}
		})[0]
	}
	return math.Sqrt(sum)
}
