package train

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// ending is a recipe with masks of every third step that prune nothing before the end, a decay of what they do not keep, two factors an output, and a teacher for a third of the loss.
func ending() recipe.Recipe {
	r := recipe.Default()
	r.Name, r.Optimiser, r.Epochs, r.WeightDecay, r.Masks = "ending", recipe.AdamW, 4, 1e-3, 3
	r.FF, r.BP = recipe.Rule{Prune: recipe.Weights, Mask: recipe.LateMask}, recipe.Rule{Prune: recipe.FFWeights}
	r.L1Decay, r.Scales, r.Teacher, r.Distilled = 1e-3, 2, true, 1./3
	return r.Sparsify(nm.Ratio{N: 2, M: 4})
}

func slowly(o *Options) { o.Rate, o.Numerics = 0.01, FP32 }

// In every step FF and BP read all of W times its factors: with 12 inputs and two factors an output, of inputs 0 to 5 and 6 to 11. Masks are the two largest of four of the masters in every third step, and serve three; stem, of one input, has none.
// At the end of an epoch what the last masks keep is read. The layers are those that the cost model leaves dense until then.
func TestLateMasks(t *testing.T) {
	tr := trainer(t, ending(), slowly)
	step, err := twoConvs().Step()
	if err != nil {
		t.Fatal(err)
	}
	if step, err = ending().Apply(step); err != nil {
		t.Fatal(err)
	}
	for _, it := range step.Items {
		for _, p := range it.Products {
			if p.Sparse.Ratio.M > 0 {
				t.Errorf("the cost model prunes %s in %v", it.Layer, p.Stage)
			}
		}
	}
	found := nm.Mask(nil)
	checked := func(when string, prunes bool) {
		p, scales := tr.param("conv.weight"), tr.param("conv.scales")
		out := int(p.Out)
		for i, w := range p.Master {
			row, o := i/out%12, i%out
			want := w * scales.Master[row/6*out+o]
			if prunes && !found[i] {
				want = 0
			}
			if p.ff[i] != want || p.bp[i] != want {
				t.Fatalf("%s: element %d is %g in FF and %g in BP, by the definition %g", when, i, p.ff[i], p.bp[i], want)
			}
		}
	}
	for at := range int64(20) {
		tr.prepare(at)
		p := tr.param("conv.weight")
		if at%3 == 0 {
			found = make(nm.Mask, len(p.Master))
			out := int(p.Out)
			for i := range p.Master {
				row, larger, x := i/out%12, 0, math.Abs(float64(p.Master[i]))
				for k := range 4 {
					other := i + (k-row%4)*out
					if y := math.Abs(float64(p.Master[other])); y > x || y == x && other < i {
						larger++
					}
				}
				found[i] = larger < 2
			}
		}
		if !slices.Equal(p.maskFF, found) {
			t.Fatalf("step %d has other masks than those of its third", at)
		}
		checked("step", false)
		if err := tr.step(); err != nil {
			t.Fatal(err)
		}
		if (at+1)%5 == 0 {
			if err := tr.closeEpoch(); err != nil {
				t.Fatal(err)
			}
			checked("the end of an epoch", true)
		}
	}
	if s := tr.param("stem.weight"); s.maskFF != nil || s.factors != nil || tr.param("stem.scales") != nil {
		t.Error("stem has masks or factors")
	}
	if s := tr.param("conv.scales"); len(s.Master) != 2*20 || slices.Max(s.Master) == 1 && slices.Min(s.Master) == 1 {
		t.Errorf("%d factors, which are %g to %g", len(s.Master), slices.Min(s.Master), slices.Max(s.Master))
	}
	for i, w := range tr.param("conv.weight").folded() {
		p, scales := tr.param("conv.weight"), tr.param("conv.scales")
		if want := p.Master[i] * scales.Master[i/20%12/6*20+i%20]; w != want {
			t.Fatalf("exported element %d is %g, times its factor %g", i, w, want)
		}
	}
}

// The update of weights with late masks, in FP64 as CAST's algorithm 1 has it: the mean gradient of what is masked falls by 1 - a, a pull of a lambda sign(w) rises, a from 0 in the first step in a line to 1 behind the last; the second moment is of that,
// for kept weights, too. A factor, a bias and a weight without masks have Adam's.
func TestDecayOfLateMasks(t *testing.T) {
	r := ending()
	tr := trainer(t, r, func(o *Options) { slowly(o); o.Cosine = false })
	type moments struct{ w, mean, square []float64 }
	exact := map[string]*moments{}
	names := []string{"conv.weight", "stem.weight", "fc.bias", "conv.scales"}
	for step := range int64(20) {
		tr.prepare(step)
		masks := map[string]nm.Mask{}
		for _, name := range names {
			p := tr.param(name)
			if step == 0 {
				exact[name] = &moments{make([]float64, len(p.Master)), make([]float64, len(p.Master)), make([]float64, len(p.Master))}
				for i, w := range p.Master {
					exact[name].w[i] = float64(w)
				}
			}
			if p.matrix != nil {
				masks[name] = slices.Clone(p.maskFF)
			}
		}
		if err := tr.step(); err != nil {
			t.Fatal(err)
		}
		a := float64(step) / 20
		for _, name := range names {
			p, x := tr.param(name), exact[name]
			for i := range x.w {
				g := float64(p.Gradient[i]) / 256
				x.w[i] -= 0.01 * 1e-3 * x.w[i]
				x.mean[i] = 0.9*x.mean[i] + 0.1*g
				u, q := x.mean[i], g
				if mask := masks[name]; mask != nil {
					if !mask[i] {
						u = (1-a)*u + a*1e-3*math.Copysign(1, x.w[i])
					}
					q = u
				}
				x.square[i] = 0.999*x.square[i] + 0.001*q*q
				n := float64(step + 1)
				x.w[i] -= 0.01 * u / (1 - math.Pow(0.9, n)) / (math.Sqrt(x.square[i]/(1-math.Pow(0.999, n))) + 1e-8)
				if d := math.Abs(float64(p.Master[i]) - x.w[i]); d > 1e-4*(1+math.Abs(x.w[i])) {
					t.Fatalf("step %d: %s %d is %g, in FP64 %g", step, name, i, p.Master[i], x.w[i])
				}
				x.w[i], x.mean[i] = float64(p.Master[i]), float64(p.state[0][i])
				x.square[i] = float64(p.state[1][i])
			}
		}
	}
	if a := tr.current.recipe.Pulled(20, 20); a != 1 {
		t.Errorf("behind the last step the pull is %g of what it comes to", a)
	}
}

// Without a decay, factors and a teacher late masks change no weight of dense training: they prune what is tested.
func TestLateMasksAloneChangeNothing(t *testing.T) {
	r := ending()
	r.L1Decay, r.Scales, r.Teacher, r.Distilled = 0, 0, false, 0
	dense := recipe.Default()
	dense.Name, dense.Optimiser, dense.WeightDecay, dense.Epochs = "dense", recipe.AdamW, 1e-3, 4
	a, b := trainer(t, r, slowly), trainer(t, dense, slowly)
	run(t, a)
	run(t, b)
	for _, p := range b.model.params {
		equalBits(t, p.Name, a.param(p.Name).Master, p.Master)
	}
	if x, y := a.Curve()[3], b.Curve()[3]; x.TestLoss == y.TestLoss || x.KeptFF*2 > x.WeightsFF*11/10 || x.WeightsFF == 0 {
		t.Errorf("the test loss is %g of pruned weights, of dense ones %g; %d of %d are kept", x.TestLoss, y.TestLoss, x.KeptFF, x.WeightsFF)
	}
}

// The teacher is the network that a training begins with, whatever that has become: as the test sees it, with the statistics of batch norms that it was given. The gradient of all parameters, factors among them, is the slope of
// a third of the divergence from what it says and two thirds of the labels' loss.
func TestTeacher(t *testing.T) {
	first := trainer(t, recipe.Default(), slowly)
	run(t, first)
	tr := trainer(t, ending(), slowly)
	if err := tr.Init(first.Export()); err != nil {
		t.Fatal(err)
	}
	which := []int{0, 1, 2, 3, 4, 5, 6, 7}
	tr.fill(tr.train, which, asIs)
	tr.model.run(false)
	says := slices.Clone(tr.model.loss.probs)
	for range 6 {
		if err := tr.step(); err != nil {
			t.Fatal(err)
		}
	}
	tr.prepare(6)
	tr.fill(tr.train, which, asIs)
	tr.ask(tr.current.recipe)
	equalBits(t, "what the teacher says", tr.model.loss.taught, says)
	tr.model.loss.scale = 1
	loss := func() (sum float64) {
		for _, p := range tr.model.params {
			p.refresh(tr.model.format, 6, false, 0)
		}
		tr.late(false)
		sum = tr.model.meanLoss() * 2 / 3
		for i, q := range says {
			sum += float64(q) * math.Log(float64(q)/float64(tr.model.loss.probs[i])) / 3 / 8
		}
		return sum
	}
	loss()
	tr.model.differentiate()
	for _, name := range []string{"fc.weight", "fc.bias", "fc.scales", "conv.weight", "conv.scales"} {
		p := tr.param(name)
		gradient := slices.Clone(p.Gradient)
		for i := 0; i < len(gradient); i += 1 + len(gradient)/12 {
			const d = 1. / 512
			was := p.Master[i]
			p.Master[i] = was + d
			up := loss()
			p.Master[i] = was - d
			got, want := (up-loss())/(2*d), float64(gradient[i])
			p.Master[i] = was
			if math.Abs(got-want) > 1e-3+2e-2*math.Abs(want) {
				t.Errorf("%s %d: the loss changes by %g, the gradient says %g", name, i, got, want)
			}
		}
	}
}

// The gradient of the loss with a teacher, by hand: two images of two classes. The student says 1/2 and 1/2 of the first, 3/4 and 1/4 of the second; the teacher 1/4 and 3/4, and 1 and 0; labels are 0 and 1; a third is the teacher's.
// First: (1/2 - (1/12 + 2/3), 1/2 - 1/4) / 2 = (-1/8, 1/8). Second: (3/4 - 1/3, 1/4 - 2/3) / 2 = (5/24, -5/24).
func TestTaughtLossByHand(t *testing.T) {
	x := newTensor(network.Shape{2, 2}, true)
	o := &crossEntropy{x: x, scale: 1, labels: []uint8{0, 1}, losses: make([]float64, 2), right: make([]bool, 2), probs: make([]float32, 4), taught: []float32{0.25, 0.75, 1, 0}, share: 1. / 3}
	copy(x.val, []float32{1, 1, float32(math.Log(3)), 0})
	e := ready(t, graphs["linear"], 1).engine
	o.forward(&e)
	o.backward(&e)
	for i, want := range []float64{-1. / 8, 1. / 8, 5. / 24, -5. / 24} {
		if math.Abs(float64(x.grad[i])-want) > 1e-6 {
			t.Errorf("gradient %d is %g, by hand %g", i, x.grad[i], want)
		}
	}
}

// One worker makes what three make, in both numerics; a training that is taken up goes on as it would have.
func TestLateMasksAreRepeatable(t *testing.T) {
	for _, numerics := range []Numerics{FP32, Machine} {
		of := func(workers int) *Trainer {
			return trainer(t, ending(), func(o *Options) { o.Rate, o.Numerics, o.Workers = 0.01, numerics, workers })
		}
		one, many := of(1), of(3)
		run(t, one)
		run(t, many)
		sameTraining(t, "three workers", one, many)
		one, again := of(1), of(2)
		for range 7 {
			if err := one.step(); err != nil {
				t.Fatal(err)
			}
		}
		var kept bytes.Buffer
		if err := one.Save(&kept, "x"); err != nil {
			t.Fatal(err)
		}
		if err := again.Restore(&kept, "x"); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			for _, tr := range []*Trainer{one, again} {
				if err := tr.step(); err != nil {
					t.Fatal(err)
				}
			}
		}
		sameTraining(t, "restored", one, again)
		for _, x := range one.Export() {
			if strings.Contains(x.Name, "scales") {
				t.Errorf("%s is exported", x.Name)
			}
		}
	}
}
