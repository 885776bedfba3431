package train

import (
	"hash/fnv"
	"slices"
	"testing"

	"github.com/x448/float16"

	"satsim/internal/nm"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
	"satsim/workloads/train/data"
)

// twoConvs has a first layer of one channel (dense in FF, without BP), a strided and a grouped convolution, and a classifier.
func twoConvs() *network.Graph {
	return &network.Graph{Name: "two", Inputs: []network.Input{{Name: "x", Shape: network.Shape{8, 6, 6, 1}}}, Nodes: []network.Node{
		{Name: "stem", Op: network.Conv, Inputs: []string{"x"}, Channels: 12, Kernel: pair(3, 3), Pads: [4]int64{1, 1, 1, 1}},
		{Name: "bn", Op: network.BatchNorm, Inputs: []string{"stem"}},
		{Name: "relu", Op: network.ReLU, Inputs: []string{"bn"}},
		{Name: "conv", Op: network.Conv, Inputs: []string{"relu"}, Channels: 20, Kernel: pair(3, 3), Stride: pair(2, 2), Pads: [4]int64{1, 1, 1, 1}},
		{Name: "relu2", Op: network.ReLU, Inputs: []string{"conv"}},
		{Name: "grouped", Op: network.Conv, Inputs: []string{"relu2"}, Channels: 24, Kernel: pair(1, 1), Groups: 2},
		{Name: "pool", Op: network.GlobalAvgPool, Inputs: []string{"grouped"}},
		{Name: "flat", Op: network.Flatten, Inputs: []string{"pool"}},
		{Name: "fc", Op: network.Linear, Inputs: []string{"flat"}, Channels: 4, Bias: true},
		{Name: "loss", Op: network.Loss, Inputs: []string{"fc"}},
	}}
}

func ratio(n, m int) recipe.OptionalRatio { return recipe.OptionalRatio{Ratio: nm.Ratio{N: n, M: m}} }

// recipes are the kinds of recipes there are, at a ratio.
func recipes(s recipe.OptionalRatio) map[string]recipe.Recipe {
	weights := recipe.Rule{Prune: recipe.Weights}
	out := map[string]recipe.Recipe{}
	add := func(name string, change func(*recipe.Recipe)) {
		r := recipe.Default()
		r.Name, r.Sparsity, r.WeightDecay, r.Epochs = name, s, 1e-3, 4
		change(&r)
		out[name] = r
	}
	add("dense", func(*recipe.Recipe) {})
	same := recipe.Rule{Prune: recipe.FFWeights}
	add("sr-ste", func(r *recipe.Recipe) { r.FF, r.BP, r.SRSTELambda = weights, same, 1e-2 })
	add("sdgp", func(r *recipe.Recipe) { r.BP.Prune = recipe.Gradients })
	add("sdwp", func(r *recipe.Recipe) { r.BP = weights })
	add("bdwp", func(r *recipe.Recipe) { r.FF, r.BP = weights, weights })
	add("falling", func(r *recipe.Recipe) {
		r.FF, r.BP = weights, same
		r.Schedule = []recipe.Phase{
			{Name: "warm-up", Epochs: 1, FF: recipe.Rule{Prune: recipe.Dense}},
			{Name: "half", Epochs: 2, Sparsity: s},
		}
	})
	add("seldom", func(r *recipe.Recipe) { r.FF, r.BP, r.Masks = weights, weights, 3 })
	add("fixed", func(r *recipe.Recipe) { r.FF, r.BP, r.Masks = weights, same, recipe.Never })
	return out
}

func trainer(t testing.TB, r recipe.Recipe, change func(*Options)) *Trainer {
	o := Options{Epochs: 4, Seed: 3, Rate: 0.05, Cosine: true, Momentum: 0.9, LossScale: 256, Numerics: Machine, Flush: true, Workers: 2}
	if change != nil {
		change(&o)
	}
	tr, err := New(twoConvs(), r, data.Generated(40, 6, 1, 4, 5, 0), data.Generated(20, 6, 1, 4, 5, 1), o)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func (t *Trainer) param(name string) *ParamArray {
	for _, p := range t.model.params {
		if p.Name == name {
			return p
		}
	}
	return nil
}

func bits(x []float32) []uint16 {
	var out []uint16
	for _, v := range x {
		out = append(out, uint16(float16.Fromfloat32(v)))
	}
	return out
}

// product checks that an operand is the dense one where the plain definition keeps it, and zero elsewhere.
func checkOperand(t *testing.T, what string, got, dense []float32, mask nm.Mask) {
	t.Helper()
	for i, v := range dense {
		if mask != nil && !mask[i] {
			v = 0
		}
		if got[i] != v {
			t.Fatalf("%s: element %d is %g, the definition says %g", what, i, got[i], v)
		}
	}
}

// TestOperandsOfRecipes: after a few steps, FF and BP read exactly what internal/nm's definition keeps of the FP16 weights.
// By hand for twoConvs at 2:8: stem has 1 input channel and no BP: dense; conv reduces over 12 and 20 channels: both; each half
// of grouped over 10 and 12: both; fc over 24 inputs: FF, and over 4 outputs: BP is dense.
func TestOperandsOfRecipes(t *testing.T) {
	r28 := nm.Ratio{N: 2, M: 8}
	type want struct{ ff, bp bool }
	weights := map[string]want{"stem": {}, "conv": {true, true}, "grouped": {true, true}, "fc": {true, false}}
	for name, r := range recipes(ratio(2, 8)) {
		if r.Masks != 1 {
			continue
		}
		tr := trainer(t, r, nil)
		for range 7 {
			if err := tr.step(); err != nil {
				t.Fatal(err)
			}
		}
		tr.prepare(tr.state.Step)
		for layer, w := range weights {
			p := tr.param(layer + ".weight")
			dense := append([]float32{}, p.Master...)
			tr.model.format.Round(dense)
			var ff, bp nm.Mask
			taps, in, out, groups := int(p.Taps), int(p.In), int(p.Out), int(p.Groups)
			if w.ff && r.FF.Prune == recipe.Weights {
				for g := range groups {
					ff = append(ff, r28.MaskColumns(bits(dense[g*taps*in*out:(g+1)*taps*in*out]), taps, in, out)...)
				}
			}
			if w.bp && r.BP.Prune == recipe.Weights {
				bp = r28.MaskRows(bits(dense), groups*taps*in, out)
			} else if r.BP.Prune != recipe.Weights {
				bp = ff // BP uses the weights of FF
			}
			checkOperand(t, name+" FF "+layer, p.ff, dense, ff)
			checkOperand(t, name+" BP "+layer, p.bp, dense, bp)
		}
		if g := tr.operatorOf("conv").w.prune.gradients; (g == r28) != (name == "sdgp") {
			t.Errorf("%s prunes gradients at %v", name, g)
		}
	}
}

func (t *Trainer) operatorOf(layer string) *weighted {
	at := slices.IndexFunc(t.model.operators, func(o operator) bool {
		w, ok := o.(*weighted)
		return ok && w.layer == layer
	})
	return t.model.operators[at].(*weighted)
}

// With a transposable mask BP reads what FF reads: what the definition keeps in blocks of each group of each tap. By hand for twoConvs: at 2:8 conv has 12 and 20
// channels, each half of grouped 10 and 12; fc has 4 outputs, stem 1 input: dense. At 2:4 fc is pruned as well. A mask of every third step is that of the first.
func TestTransposableOperands(t *testing.T) {
	for name, c := range map[string]struct {
		ratio  nm.Ratio
		search nm.Search
		masks  recipe.Refresh
		fc     bool
	}{
		"greedy": {nm.Ratio{N: 2, M: 8}, nm.Greedy, 1, false}, "exact": {nm.Ratio{N: 2, M: 4}, nm.Exact, 1, true}, "seldom": {nm.Ratio{N: 2, M: 4}, nm.Greedy, 3, true},
	} {
		r := recipes(ratio(c.ratio.N, c.ratio.M))["sr-ste"]
		r.FF.Mask, r.Masks = recipe.Transposable, c.masks
		if c.search == nm.Exact {
			r.Search = recipe.Exact
		}
		tr := trainer(t, r, nil)
		before := map[string]nm.Mask{}
		for step := range 6 {
			tr.prepare(tr.state.Step)
			for layer, pruned := range map[string]bool{"stem": false, "conv": true, "grouped": true, "fc": c.fc} {
				p := tr.param(layer + ".weight")
				dense := append([]float32{}, p.Master...)
				tr.model.format.Round(dense)
				var mask nm.Mask
				size := int(p.Taps * p.In * p.Out)
				for g := range int(p.Groups) {
					mask = append(mask, c.ratio.MaskBlocks(dense[g*size:(g+1)*size], int(p.Taps), int(p.In), int(p.Out), c.search)...)
				}
				switch {
				case !pruned:
					mask = nil
				case step%int(c.masks) > 0:
					mask = before[layer]
				}
				before[layer] = mask
				checkOperand(t, name+" FF "+layer, p.ff, dense, mask)
				checkOperand(t, name+" BP "+layer, p.bp, dense, mask)
			}
			if err := tr.step(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// WU reads dY pruned in groups of positions, each channel by itself, and BP all of it: by the definition of nm, down the columns of dY as one tap. Of twoConvs fc alone
// has such positions; dW is the sum over what is kept.
func TestWUOfPrunedPositions(t *testing.T) {
	r := recipe.Default()
	r.WU.Prune, r.Epochs = recipe.Gradients, 4
	r = r.Sparsify(nm.Ratio{N: 1, M: 4})
	tr := trainer(t, r, nil)
	if err := tr.step(); err != nil {
		t.Fatal(err)
	}
	for _, layer := range []string{"stem", "conv", "grouped"} {
		if !tr.operatorOf(layer).w.prune.positions.IsDense() {
			t.Errorf("%s is pruned in WU", layer)
		}
	}
	o := tr.operatorOf("fc")
	rows, f, in := o.y.rows(), o.y.last(), o.x.last()
	mask := nm.Ratio{N: 1, M: 4}.MaskColumns(bits(o.y.grad), 1, rows, f)
	for i, v := range o.y.grad {
		if !mask[i] {
			v = 0
		}
		if o.sampled[i] != v {
			t.Fatalf("element %d of dY is %g in WU, the definition says %g", i, o.sampled[i], v)
		}
	}
	for c := range in {
		for k := range f {
			var sum float32
			for row := range rows {
				if mask[row*f+k] {
					sum += float32(o.x.val[row*in+c] * o.y.grad[row*f+k])
				}
			}
			if got := o.w.Gradient[c*f+k]; got != sum {
				t.Fatalf("dW of (%d, %d) is %g, the sum over kept positions %g", c, k, got, sum)
			}
		}
	}
}

// With mvue WU reads what nm draws of each group of positions of a channel, by the random number of its place, rounded as it is stored; another step draws others. The number of
// workers changes nothing.
func TestWUOfDrawnPositions(t *testing.T) {
	r := recipe.Default()
	r.WU.Prune, r.WU.Estimator, r.Epochs = recipe.Gradients, recipe.MVUE, 4
	two4 := nm.Ratio{N: 2, M: 4}
	r = r.Sparsify(two4)
	var last []float32
	for _, workers := range []int{1, 2} {
		tr := trainer(t, r, func(o *Options) { o.Workers = workers })
		for step := range uint64(2) {
			if err := tr.step(); err != nil {
				t.Fatal(err)
			}
			o := tr.operatorOf("fc")
			layer := fnv.New64a()
			layer.Write([]byte("fc"))
			key := nm.Random(nm.Random(tr.options.Seed, step), layer.Sum64())
			rows, f := o.y.rows(), o.y.last()
			for g := range rows / 4 {
				for c := range f {
					var group, want [4]float32
					for i := range group {
						group[i] = o.y.grad[(4*g+i)*f+c]
					}
					two4.Draw(want[:], group[:], uint16(nm.Random(key, uint64(g*f+c))>>48))
					tr.model.format.Round(want[:])
					for i := range want {
						if got := o.sampled[(4*g+i)*f+c]; got != want[i] {
							t.Fatalf("step %d: (%d, %d) is %g; want %g", step, 4*g+i, c, got, want[i])
						}
					}
				}
			}
		}
		if o := tr.operatorOf("fc"); last == nil {
			last = slices.Clone(o.w.Gradient)
		} else {
			equalBits(t, "dW with two workers", o.w.Gradient, last)
		}
	}
}
