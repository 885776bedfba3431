package train

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"satsim/workloads/network"
	"satsim/workloads/recipe"
	"satsim/workloads/train/data"
	"satsim/workloads/train/kernel"
)

// adaptedTrainer is of a 1x1 convolution, whose input needs no gradient, one of 3x3, a linear layer and a classifier, for four epochs of five steps, of which the last two have adapters of rank 2.
func adaptedTrainer(t testing.TB, numerics Numerics) (*Trainer, *network.Graph, recipe.Recipe) {
	g := &network.Graph{Name: "adapted", Inputs: []network.Input{{Name: "x", Shape: network.Shape{8, 4, 4, 8}}}, Nodes: []network.Node{
		{Name: "first", Op: network.Conv, Inputs: []string{"x"}, Channels: 12, Kernel: pair(1, 1), Bias: true},
		{Name: "relu", Op: network.GELU, Inputs: []string{"first"}},
		{Name: "wide", Op: network.Conv, Inputs: []string{"relu"}, Channels: 8, Kernel: pair(3, 3), Pads: [4]int64{1, 1, 1, 1}},
		{Name: "relu2", Op: network.GELU, Inputs: []string{"wide"}},
		{Name: "flat", Op: network.Flatten, Inputs: []string{"relu2"}},
		{Name: "fc", Op: network.Linear, Inputs: []string{"flat"}, Channels: 16, Bias: true},
		{Name: "relu3", Op: network.GELU, Inputs: []string{"fc"}},
		{Name: "head", Op: network.Linear, Inputs: []string{"relu3"}, Channels: 4, Bias: true},
		{Name: "loss", Op: network.Loss, Inputs: []string{"head"}},
	}}
	r := recipe.Default()
	r.Name, r.Epochs, r.Optimiser, r.Adapters, r.Masks = "adapters", 4, recipe.AdamW, 2, recipe.Never
	r.FF, r.BP, r.WU.Prune = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Frozen}, recipe.Rule{Prune: recipe.Weights, Mask: recipe.Shared}, recipe.Weights
	r.Exceptions = []recipe.Exception{{Role: recipe.Classifier, FF: recipe.Rule{Prune: recipe.Dense}, BP: recipe.Rule{Prune: recipe.Dense}, WU: recipe.WURule{Prune: recipe.Dense}}}
	r.Schedule = []recipe.Phase{{Name: "without", Epochs: 2, Adapters: recipe.NoAdapters}}
	r = r.Sparsify(ratio(2, 4).Ratio)
	o := Options{Epochs: 4, Seed: 3, Rate: 0.002, Cosine: true, Momentum: 0.9, LossScale: 256, Numerics: numerics, Workers: 2}
	tr, err := New(g, r, data.Generated(40, 4, 8, 4, 5, 0), data.Generated(20, 4, 8, 4, 5, 1), o)
	if err != nil {
		t.Fatal(err)
	}
	return tr, g, r
}

// Adapters are where the cost model has them, beside pruned layers whose positions are read one by one, and from the phase on that has them; they change nothing in their first step, for B is zero, and then do.
// A training that is taken up goes on as it would have, before, at and behind their beginning. With them a layer makes X W + (X A / 2) B + b.
func TestAdapters(t *testing.T) {
	tr, g, r := adaptedTrainer(t, FP32)
	other, _, _ := adaptedTrainer(t, FP32)
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	if step, err = r.Apply(step); err != nil {
		t.Fatal(err)
	}
	for layer, rank := range map[string]int64{"first": 2, "wide": 0, "fc": 2, "head": 0} {
		if got := recipe.Adapted(&step, layer); got != rank {
			t.Fatalf("the cost model has adapters of rank %d beside %s", got, layer)
		}
	}
	for at := range int64(20) {
		tr.prepare(at)
		if names := len(tr.adapters); (names == 4) != (at >= 10) || names != 4 && names != 0 {
			t.Fatalf("step %d: %d arrays of adapters", at, names)
		}
		if at == 10 || at == 19 {
			fc := tr.model.operators[slices.IndexFunc(tr.model.operators, func(o operator) bool { w, ok := o.(*weighted); return ok && w.layer == "fc" })].(*weighted)
			tr.model.run(true)
			a, b := fc.adapter.a.Master, fc.adapter.b.Master
			in, out, moved := int(fc.w.In), int(fc.w.Out), 0.
			for row := range 8 {
				for f := range out {
					sum, beside := float64(fc.bias.Master[f]), 0.
					for k := range in {
						sum += float64(fc.x.val[row*in+k]) * float64(fc.w.ff[k*out+f])
						for i := range 2 {
							beside += float64(fc.x.val[row*in+k]) * float64(a[k*2+i]) / 2 * float64(b[i*out+f])
						}
					}
					moved += math.Abs(beside)
					if got := float64(fc.y.val[row*out+f]); math.Abs(got-sum-beside) > 1e-4 {
						t.Fatalf("step %d: output %d of row %d is %g, by the definition %g", at, f, row, got, sum+beside)
					}
				}
			}
			if (moved > 0) != (at == 19) {
				t.Errorf("step %d: adapters add %g in all", at, moved)
			}
		}
		if err := tr.step(); err != nil {
			t.Fatal(err)
		}
		var kept bytes.Buffer
		if err := tr.Save(&kept, "x"); err != nil {
			t.Fatal(err)
		}
		if at%4 == 1 { // one that was built anew
			other, _, _ = adaptedTrainer(t, FP32)
		}
		if err := other.Restore(&kept, "x"); err != nil {
			t.Fatal(err)
		}
		sameTraining(t, "restored", tr, other)
		tr, other = other, tr
	}
}

// The gradients of A and B, and those of the layers before through them, are the loss's slopes; of machine numerics every value that is stored is FP16, and one worker makes what two make.
func TestGradientsOfAdapters(t *testing.T) {
	tr, _, r := adaptedTrainer(t, FP32)
	tr.prepare(10)
	// Without masks, which would stand between a weight and its slope.
	for _, o := range tr.model.operators {
		if w, ok := o.(*weighted); ok {
			w.w.prune, w.w.maskFF, w.w.maskBP = pruning{}, nil, nil
		}
	}
	tr.fill(tr.train, []int{0, 1, 2, 3, 4, 5, 6, 7}, asIs)
	for _, p := range tr.adapters {
		for i := range p.Master {
			p.Master[i] = p.Master[i]/4 + float32(i%5)/16
		}
	}
	for _, p := range tr.model.params {
		p.refresh(tr.model.format, 0, true, 0)
	}
	differences(t, tr.model, 1)
	one, _, _ := adaptedTrainer(t, Machine)
	two, _, _ := adaptedTrainer(t, Machine)
	one.model.pool = kernel.NewPool(1)
	for _, tr := range []*Trainer{one, two} {
		run(t, tr)
	}
	sameTraining(t, r.Name, one, two)
	for _, p := range one.adapters {
		equalBits(t, p.Name, p.value, rounded(one, p.Master))
	}
	for _, o := range one.model.operators {
		w, ok := o.(*weighted)
		if !ok || w.adapter == nil {
			continue
		}
		stored := map[string][]float32{"X A / R": w.adapter.hidden, "what is added to Y": w.adapter.made, "the gradient of X A": w.adapter.back}
		if w.x.needs {
			stored["what is added to dX"] = w.adapter.gradient
		}
		for what, x := range stored {
			if !slices.ContainsFunc(x, func(v float32) bool { return v != 0 }) {
				t.Errorf("%s of %s is nothing", what, w.layer)
			}
			equalBits(t, what+" of "+w.layer, x, rounded(one, x))
		}
	}
}

func rounded(t *Trainer, x []float32) []float32 {
	out := slices.Clone(x)
	t.model.format.Round(out)
	return out
}

// Adapters beside pruned layers and factors of a weight with late masks are trained together, each array once a step: a first moment of Adam's is a tenth of the gradient after the first.
func TestAdaptersBesideFactors(t *testing.T) {
	_, g, r := adaptedTrainer(t, FP32)
	r.Schedule, r.Masks, r.WU, r.Scales = nil, 1, recipe.WURule{Prune: recipe.Dense}, 2
	r.FF, r.BP = recipe.Rule{Prune: recipe.Weights}, recipe.Rule{Prune: recipe.FFWeights}
	r.Exceptions = append(r.Exceptions, recipe.Exception{Layers: "wide", FF: recipe.Rule{Prune: recipe.Weights, Mask: recipe.LateMask}, BP: recipe.Rule{Prune: recipe.FFWeights}})
	r = r.Sparsify(ratio(2, 4).Ratio)
	o := Options{Epochs: 4, Seed: 3, Rate: 0.002, Momentum: 0.9, LossScale: 256, Numerics: FP32, Workers: 2}
	tr, err := New(g, r, data.Generated(40, 4, 8, 4, 5, 0), data.Generated(20, 4, 8, 4, 5, 1), o)
	if err != nil {
		t.Fatal(err)
	}
	if tr.param("wide.scales") == nil || len(tr.adapters) != 4 {
		t.Fatalf("%d arrays of adapters, factors: %v", len(tr.adapters), tr.param("wide.scales") != nil)
	}
	if err := tr.step(); err != nil {
		t.Fatal(err)
	}
	for _, p := range tr.model.params {
		if p.state[0] == nil {
			t.Errorf("%s is not updated", p.Name)
			continue
		}
		for i, d := range p.Gradient {
			if want := float64(d) / 256 / 10; math.Abs(float64(p.state[0][i])-want) > 1e-5*math.Abs(want) {
				t.Errorf("%s: moment %d is %g after a step, by its gradient %g", p.Name, i, p.state[0][i], want)
				break
			}
		}
	}
}
