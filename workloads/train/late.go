package train

import (
	"math"

	"satsim/internal/nm"
	"satsim/workloads/recipe"
)

// factors are trained ones of a weight with late masks: for each output so many, each of a part of the inputs of every tap, in the order (group, part, output). FF and BP read the weight times its factors.
type factors struct {
	*ParamArray
	weight *ParamArray
	parts  int
}

// factor gives weights with late masks the factors that a stretch has. They begin with one.
func (t *Trainer) factor(s *stretch) {
	for _, o := range t.model.operators {
		w, ok := o.(*weighted)
		if !ok || w.w.factors != nil || s.prune[w.layer].late.IsDense() || s.recipe.Scales == 0 {
			continue
		}
		parts := int(min(s.recipe.Scales, w.w.In))
		f := &factors{newParam(w.layer+".scales", parts*int(w.w.Out*w.w.Groups)), w.w, parts}
		f.inner = true
		for i := range f.Master {
			f.Master[i] = 1
		}
		w.w.factors = f
		t.model.params = append(t.model.params, f.ParamArray)
	}
}

// each visits rows of weights: where one lies, and its factors.
func (f *factors) each(visit func(row, at int)) {
	in, out, taps := int(f.weight.In), int(f.weight.Out), int(f.weight.Taps)
	for r := range len(f.weight.Master) / out {
		visit(r*out, (r/(taps*in)*f.parts+r%in*f.parts/in)*out)
	}
}

// late makes what FF and BP read of weights with late masks: all of it, or what the masks keep, times its factors.
func (t *Trainer) late(prunes bool) {
	for _, p := range t.model.params {
		if p.matrix == nil || p.prune.late.IsDense() {
			continue
		}
		m := p.matrix
		copy(m.ff, p.value)
		if prunes {
			for i, k := range m.maskFF {
				if !k {
					m.ff[i] = 0
				}
			}
		}
		if f := m.factors; f != nil {
			f.each(func(row, at int) {
				for o := range int(m.Out) {
					m.ff[row+o] *= f.value[at+o]
				}
			})
		}
		t.model.format.Round(m.ff)
		copy(m.bp, m.ff)
		m.turn()
	}
}

// differentiate makes the gradients of factors and of the weight of that of their product.
func (f *factors) differentiate() {
	w, out := f.weight, int(f.weight.Out)
	clear(f.Gradient)
	f.each(func(row, at int) {
		for o := range out {
			d := w.Gradient[row+o]
			f.Gradient[at+o] += float32(d * w.value[row+o])
			w.Gradient[row+o] = d * f.value[at+o]
		}
	})
}

// folded is a weight times its factors.
func (p *ParamArray) folded() []float32 {
	if p.matrix == nil || p.factors == nil {
		return p.Master
	}
	out := make([]float32, len(p.Master))
	p.factors.each(func(row, at int) {
		for o := range int(p.Out) {
			out[row+o] = p.Master[row+o] * p.factors.Master[at+o]
		}
	})
	return out
}

// pulls gives rates the part of late masks' decay in a step of a stretch.
func (c *rates) pulls(s *stretch, step int64) {
	if s.recipe.L1Decay == 0 {
		return
	}
	a := s.recipe.Pulled(step-s.from, s.until-s.from)
	c.late, c.pull, c.rest = true, float32(a*s.recipe.L1Decay), float32(1-a)
}

// pulled is the mean gradient of a weight as Adam's step takes it: that of what a late mask prunes falls, and a pull to zero rises.
func (c rates) pulled(m, w float32, kept bool) float32 {
	switch {
	case kept:
		return m
	case w == 0:
		return m * c.rest
	}
	return float32(m*c.rest) + float32(math.Copysign(float64(c.pull), float64(w)))
}

// teach makes the teacher of a training, if it has one.
func (t *Trainer) teach(build func() (*model, error)) (err error) {
	for i := range t.plan {
		if t.plan[i].recipe.Teacher {
			t.teacher, err = build()
			return err
		}
	}
	return nil
}

// Taught reports whether a training learns from the network that it begins with.
func (t *Trainer) Taught() bool { return t.teacher != nil }

// qualify makes the teacher the network as the training begins with it.
func (t *Trainer) qualify() {
	if t.teacher == nil {
		return
	}
	for i, p := range t.teacher.params { // those that were added to the student's are behind
		copy(p.Master, t.model.params[i].Master)
		p.refresh(t.teacher.format, 0, true, 0)
	}
	for i, n := range t.teacher.norms {
		copy(n.runningMean, t.model.norms[i].runningMean)
		copy(n.runningVar, t.model.norms[i].runningVar)
	}
}

// ask lets the teacher see what the student sees, and gives the loss what it says.
func (t *Trainer) ask(r recipe.Recipe) {
	loss := t.model.loss
	if loss.taught = nil; !r.Teacher {
		return
	}
	if t.model.bytes != nil {
		copy(t.teacher.bytes, t.model.bytes)
	} else {
		copy(t.teacher.images.val, t.model.images.val)
	}
	t.teacher.run(false)
	loss.taught, loss.share = t.teacher.loss.probs, float32(r.Distilled)
}

// maskOfFF is the ratio of the masks that a weight has: those by which FF prunes it, or late ones.
func (p *pruning) maskOfFF() nm.Ratio {
	if !p.late.IsDense() {
		return p.late
	}
	return p.ff
}
