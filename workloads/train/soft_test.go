package train

import (
	"math"
	"testing"

	"satsim/workloads/recipe"
)

// Of a soft mask FF reads sign(w) (|w| - t) of the two largest of four inputs, t being the third largest, times the factor that was nearest at the beginning, and BP the same. A weight that leaves the mask does not jump.
func TestSoftWeights(t *testing.T) {
	r := recipes(ratio(2, 4))["sr-ste"]
	r.FF.Mask, r.SRSTELambda = recipe.SoftMask, 0
	tr := trainer(t, r, func(o *Options) { o.Numerics = FP32 })
	scale := float32(0)
	for step := range 3 {
		tr.prepare(tr.state.Step)
		p := tr.param("conv.weight")
		in, out := int(p.In), int(p.Out)
		soft := make([]float64, len(p.Master))
		var both, own float64
		for at := range p.Master {
			row := at / out % in
			first := at - row%4*out
			larger, others := 0, 0.
			x := math.Abs(float64(p.Master[at]))
			for i := range min(4, in-row/4*4) {
				y := math.Abs(float64(p.Master[first+i*out]))
				if y > x || y == x && first+i*out < at {
					larger++
				}
			}
			for i := range min(4, in-row/4*4) { // the third largest
				rank := 0
				y := math.Abs(float64(p.Master[first+i*out]))
				for k := range min(4, in-row/4*4) {
					if z := math.Abs(float64(p.Master[first+k*out])); z > y {
						rank++
					}
				}
				if rank == 2 {
					others = y
				}
			}
			if larger < 2 {
				soft[at] = math.Copysign(float64(float32(x)-float32(others)), float64(p.Master[at]))
			}
			both, own = both+float64(p.Master[at])*soft[at], own+soft[at]*soft[at]
		}
		if step == 0 {
			scale = float32(both / own)
		}
		if p.scale[0] != scale {
			t.Fatalf("step %d: the factor is %g, that of the beginning %g", step, p.scale[0], scale)
		}
		for i := range soft {
			if want := float32(soft[i]) * scale; p.ff[i] != want || p.bp[i] != want {
				t.Fatalf("step %d: element %d is %g in FF and %g in BP, by the definition %g", step, i, p.ff[i], p.bp[i], want)
			}
		}
		if err := tr.step(); err != nil {
			t.Fatal(err)
		}
	}
}

// What a decaying mask does not keep is multiplied by a factor that falls in a line from 1 in the first step of the phase to 0 behind its last, or exponentially to what the recipe leaves; then products are pruned.
func TestDecayingWeights(t *testing.T) {
	for _, decay := range []recipe.Decay{recipe.Linear, recipe.Exponential} {
		t.Run(string(decay), func(t *testing.T) { decaying(t, decay) })
	}
}

func decaying(t *testing.T, decay recipe.Decay) {
	r := recipes(ratio(2, 4))["sr-ste"]
	r.SRSTELambda, r.Decay = 0, decay
	if decay == recipe.Exponential {
		r.DecayLeft = 1. / 16
	}
	r.Schedule = []recipe.Phase{{Name: "decay", Epochs: 2, FF: recipe.Rule{Prune: recipe.Weights, Mask: recipe.Decaying}}}
	tr := trainer(t, r, func(o *Options) { o.Numerics = FP32 })
	_, total := tr.Steps()
	exact := 0.
	if decay == recipe.Exponential {
		exact = 1. / (1 << 23) // two ways to one number may round apart
	}
	for step := range total {
		tr.prepare(step)
		p := tr.param("conv.weight")
		left := float32(0)
		switch half := total / 2; {
		case step >= half:
		case decay == recipe.Exponential: // e^(-c s), where c is what makes it a sixteenth behind the last step
			left = float32(math.Exp(-math.Log(16) / float64(half) * float64(step)))
		default:
			left = 1 - float32(step)/float32(half)
		}
		in, out := int(p.In), int(p.Out)
		for i := range p.Master {
			row := i / out % in
			first, larger, x := i-row%4*out, 0, math.Abs(float64(p.Master[i]))
			for k := range min(4, in-row/4*4) {
				if y := math.Abs(float64(p.Master[first+k*out])); y > x || y == x && first+k*out < i {
					larger++
				}
			}
			want := p.Master[i]
			if larger >= 2 {
				want *= left
			}
			if p.ff[i] != p.bp[i] || math.Abs(float64(p.ff[i]-want)) > math.Abs(float64(want))*exact {
				t.Fatalf("step %d: element %d is %g in FF and %g in BP, by the definition %g", step, i, p.ff[i], p.bp[i], want)
			}
		}
		if err := tr.step(); err != nil {
			t.Fatal(err)
		}
	}
}
