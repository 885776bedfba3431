package train

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/recipe"
	"satsim/workloads/train/kernel"
)

// learning is a recipe that learns masks, by logits that the first steps can move.
func learning() recipe.Recipe {
	r := recipe.Default()
	r.Name, r.Optimiser, r.Epochs, r.WeightDecay = "learning", recipe.Adam, 4, 0
	r.Logits, r.Gumbel = true, recipe.Gumbel{Temperature: 4, TemperatureEnd: 0.25, Scale: 100, ScaleEnd: 500, Prior: 3, Pull: 1e-3}
	return r
}

func slow(o *Options) { o.Rate = 0.01 }

// Masks are learned where the cost model has logits, by hand for twoConvs: stem has one input, grouped two groups, conv 12 and fc 24 inputs; an exception spares the classifier. Their weights stay, to the bit, and so is no other array frozen.
// Of each group of four two are kept at the end of an epoch, which is what both copies are then.
func TestLearnedMasksAreWhereTheCostModelHasThem(t *testing.T) {
	for _, spare := range []bool{false, true} {
		r := learning()
		want := []string{"conv", "fc"}
		if spare {
			r.Exceptions, want = []recipe.Exception{{Role: recipe.Classifier, FF: recipe.Rule{Prune: recipe.Dense}}}, []string{"conv"}
		}
		tr := trainer(t, r, slow)
		step, err := twoConvs().Step()
		if err != nil {
			t.Fatal(err)
		}
		if step, err = r.Apply(step); err != nil {
			t.Fatal(err)
		}
		var costed, trained []string
		for _, it := range step.Items {
			for _, u := range it.Updates {
				if layer, ok := strings.CutSuffix(u.Weight.Name, ".logits"); ok {
					costed = append(costed, layer)
					if p := tr.param(u.Weight.Name); p == nil || int64(len(p.Master)) != u.Parameters {
						t.Errorf("%d logits of %s are updated in the cost model, and not in the training", u.Parameters, layer)
					}
				}
			}
		}
		slices.Sort(costed)
		before := map[string][]float32{}
		for _, p := range tr.model.params {
			before[p.Name] = slices.Clone(p.Master)
			if layer, ok := strings.CutSuffix(p.Name, ".logits"); ok {
				trained = append(trained, layer)
			}
		}
		if !slices.Equal(costed, want) || !slices.Equal(trained, want) {
			t.Fatalf("masks are learned of %v in the training, of %v in the cost model; %v are meant", trained, costed, want)
		}
		prior := tr.param("conv.weight").learned.largest()
		run(t, tr)
		for _, p := range tr.model.params {
			stays := slices.Contains(want, strings.TrimSuffix(p.Name, ".weight"))
			if slices.Equal(p.Master, before[p.Name]) != stays {
				t.Errorf("%s: stays %t", p.Name, !stays)
			}
		}
		for _, layer := range want {
			p := tr.param(layer + ".weight")
			out := int(p.Out)
			for i := range len(p.Master) / (4 * out) {
				for c := range out {
					n := 0
					for k := range 4 {
						at := (i*4+k)*out + c
						if kept := p.maskFF[at]; kept {
							n++
						}
						if w := p.value[at]; p.maskFF[at] && p.ff[at] != w || !p.maskFF[at] && p.ff[at] != 0 || p.bp[at] != p.ff[at] {
							t.Fatalf("%s: element %d is %g, FF reads %g and BP %g, kept: %t", layer, at, w, p.ff[at], p.bp[at], p.maskFF[at])
						}
					}
					if n != 2 {
						t.Fatalf("%s: %d of a group are kept", layer, n)
					}
				}
			}
		}
		if moved := nm.Compare(prior, tr.param("conv.weight").maskFF); moved.FirstOnly == 0 {
			t.Error("no mask was learned: all are those of the prior")
		}
		if e := tr.Curve()[len(tr.Curve())-1]; e.KeptFF*2 != e.WeightsFF || e.WeightsFF == 0 {
			t.Errorf("%d of %d weights are kept", e.KeptFF, e.WeightsFF)
		}
	}
}

// With a prior the first masks are of the two largest: three deviations are more than two independent normal numbers differ by, in all but a few of a hundred groups. (Of six masks one has both, four have one: the largest of those four is the rival.)
func TestPriorOfMasks(t *testing.T) {
	r := learning()
	share := func(prior float64) float64 {
		r.Gumbel.Prior = prior
		tr := trainer(t, r, slow)
		p := tr.param("conv.weight")
		mask := make(nm.Mask, len(p.Master))
		kernel.MaskColumns(nm.Ratio{N: 2, M: 4}, p.Master, int(p.Taps), int(p.In), int(p.Out), mask)
		return float64(nm.Compare(mask, p.learned.largest()).Both) / float64(mask.Kept())
	}
	if s := share(0); s < 0.45 || s > 0.55 {
		t.Errorf("without a prior %g of the largest weights are kept; a random mask keeps half", s)
	}
	if s := share(3); s < 0.9 {
		t.Errorf("with a prior of three deviations %g of the largest weights are kept", s)
	}
}

// What PyTorch's softmax and autograd make of the same weights, logits and noise (testdata/torch_gumbel.py).
func TestSoftMasksAgainstPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/gumbel.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Out, Groups, Key         int64
		Temperature, Scale, Pull float64
		Weights, Logits, Shares  []float64
		Soft                     []float64
		OfWeights                []float64 `json:"gradient_of_weights"`
		OfLogits                 []float64 `json:"gradient_of_logits"`
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	w := newParam("w", len(want.Weights))
	w.matrix = newMatrix(workloads.WeightShape{Taps: 1, In: want.Groups * 4, Out: want.Out, Groups: 1}, [][]int{{0}}, false)
	l := &logits{ParamArray: newParam("w.logits", len(want.Logits)), weight: w, shares: make([]float32, len(want.Logits)), noise: uint64(want.Key), slope: float32(want.Scale / want.Temperature), pull: float32(want.Pull)}
	for i, v := range want.Weights {
		w.Master[i], w.value[i], w.Gradient[i] = float32(v), float32(v), float32(want.OfWeights[i])
	}
	for i, v := range want.Logits {
		l.Master[i], l.value[i] = float32(v), float32(v)
	}
	l.each(func(at, first int) { l.mix(at, first, int(want.Out), want.Scale, want.Temperature) })
	l.differentiate(&engine{pool: kernel.NewPool(2)})
	near := func(what string, got []float32, want []float64) {
		if len(got) != len(want) {
			t.Fatalf("%s: %d numbers, %d of PyTorch", what, len(got), len(want))
		}
		for i, v := range want {
			if math.Abs(float64(got[i])-v) > 2e-6*(1+math.Abs(v)) {
				t.Errorf("%s %d is %g, of PyTorch %g", what, i, got[i], v)
			}
		}
	}
	near("share", l.shares, want.Shares)
	near("soft weight", w.ff, want.Soft)
	near("gradient of logit", l.Gradient, want.OfLogits)
}

// The gradient of the logits is the slope of the loss, less the pull on the squares of masked weights: central differences, with the noise of one step.
func TestGradientsOfLogits(t *testing.T) {
	r := learning()
	r.Gumbel = recipe.Gumbel{Temperature: 1, TemperatureEnd: 1, Scale: 4, ScaleEnd: 4, Pull: 0.01}
	tr := trainer(t, r, func(o *Options) { o.Numerics, o.LossScale = FP32, 8 })
	tr.fill(tr.train, []int{0, 1, 2, 3, 4, 5, 6, 7}, asIs)
	tr.model.loss.scale = 8
	l := tr.param("conv.weight").learned
	loss := func() float64 {
		for _, p := range tr.model.params {
			p.refresh(tr.model.format, 0, true, 0)
		}
		tr.soften(0)
		sum := tr.model.meanLoss()
		for _, l := range tr.learned {
			for _, v := range l.weight.ff {
				sum -= 0.01 * float64(v) * float64(v)
			}
		}
		return sum
	}
	loss()
	tr.model.differentiate()
	checked := 0
	for i := 0; i < len(l.Master); i += 7 {
		want, was := float64(l.Gradient[i])/8, l.Master[i]
		const d = 1. / 512 // kinks are rare on so short a way
		l.Master[i] = was + d
		up := loss()
		l.Master[i] = was - d
		got := (up - loss()) / (2 * d)
		l.Master[i] = was
		if math.Abs(got-want) > 2e-4+2e-2*math.Abs(want) {
			t.Errorf("logit %d: the loss changes by %g, the gradient says %g", i, got, want)
		}
		if math.Abs(want) > 1e-3 {
			checked++
		}
	}
	if checked < 20 {
		t.Errorf("%d logits have a slope that can be told from nothing", checked)
	}
}

// The noise is Gumbel's: its mean is Euler's constant, its variance pi^2/6, and the largest of scaled logits and noise is mask k with the softmax's probability of k. 60,000 draws, within five deviations.
func TestNoiseOfLogits(t *testing.T) {
	const n = 60000
	l := &logits{noise: nm.Random(1, 2)}
	var sum, squares float64
	for i := range n {
		g := l.gumbel(i)
		sum, squares = sum+g, squares+g*g
	}
	mean, variance := sum/n, squares/n-sum/n*sum/n
	if d := math.Sqrt(math.Pi * math.Pi / 6 / n); math.Abs(mean-0.5772156649) > 5*d {
		t.Errorf("mean %g", mean)
	}
	if d := math.Pi * math.Pi / 6 * math.Sqrt(4.4/n); math.Abs(variance-math.Pi*math.Pi/6) > 5*d { // its kurtosis is 5.4
		t.Errorf("variance %g", variance)
	}
	logit, total := [masks]float64{0, 0.5, -1, 1, 0.25, -0.5}, 0.
	var won [masks]int
	for _, v := range logit {
		total += math.Exp(v)
	}
	for i := range n {
		best, top := 0, math.Inf(-1)
		for k, v := range logit {
			if g := v + l.gumbel(i*masks+k); g > top {
				best, top = k, g
			}
		}
		won[best]++
	}
	for k, v := range logit {
		p := math.Exp(v) / total
		if got := float64(won[k]) / n; math.Abs(got-p) > 5*math.Sqrt(p*(1-p)/n) {
			t.Errorf("mask %d is drawn in %g of the cases, its probability is %g", k, got, p)
		}
	}
}

// The temperature falls and the scale rises in a line, and the pull falls to nothing.
func TestScheduleOfGumbel(t *testing.T) {
	g := recipe.Gumbel{Temperature: 4, TemperatureEnd: 1, Scale: 100, ScaleEnd: 500, Pull: 0.5}
	for step, want := range map[int64][3]float64{0: {4, 100, 0.5}, 5: {2.5, 300, 0.25}, 10: {1, 500, 0}} {
		temperature, scale, pull := g.At(step, 10)
		if got := [3]float64{temperature, scale, pull}; got != want {
			t.Errorf("step %d: %v, want %v", step, got, want)
		}
	}
}

// One worker makes what three make, in both numerics; a training that is taken up, in the middle of an epoch and at its end, goes on as it would have; what it exports is the network's arrays, with the masks, and begins another training.
func TestLearningIsRepeatable(t *testing.T) {
	for _, numerics := range []Numerics{FP32, Machine} {
		of := func(workers int) *Trainer {
			return trainer(t, learning(), func(o *Options) { o.Rate, o.Numerics, o.Workers = 0.01, numerics, workers })
		}
		one, many := of(1), of(3)
		for range 7 {
			if err := one.step(); err != nil {
				t.Fatal(err)
			}
		}
		var kept bytes.Buffer
		if err := one.Save(&kept, "x"); err != nil {
			t.Fatal(err)
		}
		for range 7 {
			if err := many.step(); err != nil {
				t.Fatal(err)
			}
		}
		sameTraining(t, "three workers", one, many)
		again := of(2)
		if err := again.Restore(&kept, "x"); err != nil {
			t.Fatal(err)
		}
		for _, tr := range []*Trainer{one, again} {
			if err := tr.step(); err != nil {
				t.Fatal(err)
			}
		}
		sameTraining(t, "restored", one, again)
	}
	a, b := trainer(t, learning(), slow), trainer(t, learning(), slow)
	run(t, a)
	run(t, b)
	sameTraining(t, "to the end", a, b)
	arrays := a.Export()
	for _, x := range arrays {
		if strings.Contains(x.Name, "logits") {
			t.Errorf("%s is exported", x.Name)
		}
		if x.Name == "conv.weight.mask_ff" {
			kept := 0
			for _, k := range x.Mask {
				if k {
					kept++
				}
			}
			if kept*2 != len(x.Mask) {
				t.Errorf("%d of %d are kept", kept, len(x.Mask))
			}
		}
	}
	next := trainer(t, learning(), slow)
	if err := next.Init(arrays); err != nil {
		t.Fatal(err)
	}
	if got, want := next.param("conv.weight"), a.param("conv.weight"); !slices.Equal(got.Master, want.Master) {
		t.Error("the next training has other weights")
	}
	if !next.WeightsStay() || trainer(t, recipes(ratio(2, 4))["bdwp"], nil).WeightsStay() {
		t.Error("weights stay where masks of them are learned, and nowhere else")
	}
}
