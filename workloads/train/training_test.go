package train

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"satsim/arch/fp"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/internal/nm"
	"satsim/workloads/recipe"
	"satsim/workloads/train/data"
	"satsim/workloads/train/kernel"
)

func run(t *testing.T, tr *Trainer) {
	t.Helper()
	if err := tr.Run(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
}

// sameTraining compares everything that a training has come to, bit for bit.
func sameTraining(t *testing.T, what string, a, b *Trainer) {
	t.Helper()
	x, y := a.arrays(), b.arrays()
	if len(x) != len(y) {
		t.Fatalf("%s: %d arrays and %d", what, len(x), len(y))
	}
	for i := range x {
		if x[i].arrayHead != y[i].arrayHead || !slices.Equal(x[i].mask, y[i].mask) {
			t.Fatalf("%s: %s differs", what, x[i].Name)
		}
		for k, v := range x[i].values {
			if math.Float32bits(v) != math.Float32bits(y[i].values[k]) {
				t.Fatalf("%s: %s[%d] is %g and %g", what, x[i].Name, k, v, y[i].values[k])
			}
		}
	}
	if !reflect.DeepEqual(a.state, b.state) {
		t.Fatalf("%s: %+v and %+v", what, a.state, b.state)
	}
}

// TestNothingPrunedIsDense: with N = M every recipe gives dense training's weights, in both numerics.
func TestNothingPrunedIsDense(t *testing.T) {
	kinds := []Numerics{Machine, FP32}
	if testing.Short() {
		kinds = kinds[:1]
	}
	for _, numerics := range kinds {
		options := func(o *Options) { o.Numerics, o.Epochs = numerics, 2 }
		want := trainer(t, recipes(ratio(4, 4))["dense"], options)
		run(t, want)
		for name, r := range recipes(ratio(4, 4)) {
			got := trainer(t, r, options)
			run(t, got)
			for i, p := range want.model.params {
				equalBits(t, string(numerics)+" "+name+" "+p.Name, got.model.params[i].Master, p.Master)
			}
		}
	}
}

// TestRecipesDiffer: pruned trainings do not accidentally run dense.
func TestRecipesDiffer(t *testing.T) {
	sums := map[float32]string{}
	for name, r := range recipes(ratio(1, 4)) {
		tr := trainer(t, r, nil)
		run(t, tr)
		s := tr.param("conv.weight").Master[0]
		if other := sums[s]; other != "" {
			t.Errorf("%s and %s end with the same weight", name, other)
		}
		sums[s] = name
	}
}

// TestDenseBPHasOneMeaning: under a rule or an exception that says dense, BP uses all weights, whatever the recipe does to other layers; under ff_weights
// those of FF.
func TestDenseBPHasOneMeaning(t *testing.T) {
	weights, dense, same := recipe.Rule{Prune: recipe.Weights}, recipe.Rule{Prune: recipe.Dense}, recipe.Rule{Prune: recipe.FFWeights}
	for name, c := range map[string]struct {
		bp    recipe.Rule
		other []recipe.Exception
		all   bool
	}{
		"bdwp but for conv":    {weights, []recipe.Exception{{Layers: "conv", BP: dense}}, true},
		"sr-ste but for conv":  {same, []recipe.Exception{{Layers: "conv", BP: dense}}, true},
		"ff pruned, bp dense":  {dense, nil, true},
		"sr-ste":               {same, nil, false},
		"bdwp, conv as sr-ste": {weights, []recipe.Exception{{Layers: "conv", BP: same}}, false},
	} {
		r := recipe.Default()
		r.Sparsity, r.Epochs, r.FF, r.BP, r.Exceptions = ratio(1, 4), 4, weights, c.bp, c.other
		p := trainer(t, r, nil).param("conv.weight")
		want := p.ff
		if c.all {
			want = p.value
		}
		equalBits(t, name, p.bp, want)
		if slices.Equal(p.ff, p.value) {
			t.Errorf("%s: FF is not pruned", name)
		}
	}
}

// TestWUStaysDense: SDGP's first step leaves dY of the last pruned layer as it is, so that layer's dW is dense training's; what
// lies before it gets another gradient.
func TestWUStaysDense(t *testing.T) {
	first := func(name string) *Trainer {
		tr := trainer(t, recipes(ratio(1, 4))[name], nil)
		if err := tr.step(); err != nil {
			t.Fatal(err)
		}
		return tr
	}
	dense, sdgp, sdwp := first("dense"), first("sdgp"), first("sdwp")
	// fc has 4 outputs, so its dY is one group of 1:4 and is pruned: grouped sees another gradient, fc itself does not.
	for _, tr := range []*Trainer{sdgp, sdwp} {
		equalBits(t, "fc.weight", tr.param("fc.weight").Gradient, dense.param("fc.weight").Gradient)
		if slices.Equal(tr.param("grouped.weight").Gradient, dense.param("grouped.weight").Gradient) {
			t.Error("pruning in BP does not reach the layer before")
		}
	}
}

// TestLossOfLargeLogits: -log softmax by hand: of (800, 0), label 1: 800 + log(1 + e^-800) = 800; label 0: log(1 + e^-800) = 0; of equal
// logits log of their number.
func TestLossOfLargeLogits(t *testing.T) {
	for _, c := range []struct {
		x     []float32
		label int
		want  float64
	}{{[]float32{800, 0}, 1, 800}, {[]float32{800, 0}, 0, 0}, {[]float32{-3e38, -3e38, -3e38, -3e38}, 2, math.Log(4)}, {[]float32{1, 2}, 0, math.Log(1 + math.E)}} {
		if got := negativeLog(c.x, c.label); math.Abs(got-c.want) > 1e-12*max(1, c.want) {
			t.Errorf("%v, label %d: %g, want %g", c.x, c.label, got, c.want)
		}
	}
	if got := negativeLog([]float32{float32(math.NaN()), 0}, 1); !math.IsNaN(got) {
		t.Errorf("NaN among the logits gives %g", got)
	}
}

// TestDivergingIsTold: a learning rate of 1e30 ends in no number; the epochs before stay, and what is saved then diverges likewise.
func TestDivergingIsTold(t *testing.T) {
	options := func(o *Options) { o.Rate, o.Cosine = 1e30, false }
	tr := trainer(t, recipes(ratio(2, 8))["bdwp"], options)
	var lost *Diverged
	if err := tr.Run(context.Background(), nil); !errors.As(err, &lost) || tr.Done() {
		t.Fatalf("%v", err)
	}
	for _, e := range tr.Curve() {
		if err := tr.finite("test", e.TestLoss); err != nil {
			t.Error(err)
		}
	}
	var b bytes.Buffer
	if err := tr.Save(&b, "x"); err != nil {
		t.Fatal(err)
	}
	again := trainer(t, recipes(ratio(2, 8))["bdwp"], options)
	if err := again.Restore(&b, "x"); err != nil {
		t.Fatal(err)
	}
	var same *Diverged
	if err := again.Run(context.Background(), nil); !errors.As(err, &same) || *same != *lost {
		t.Errorf("%v, before %v", err, lost)
	}
}

// TestResumeIsUninterrupted: stopped after any number of steps, saved, restored into a new training: the same bits at the end.
func TestResumeIsUninterrupted(t *testing.T) {
	all := recipes(ratio(2, 8))
	adam := all["bdwp"]
	adam.Optimiser, adam.LossScale = recipe.AdamW, recipe.Dynamic
	all["adamw, dynamic"] = adam
	stops := []int64{0, 5, 7, 20}
	if testing.Short() { // the race detector's run
		all, stops = map[string]recipe.Recipe{"falling": all["falling"]}, stops[2:3]
	}
	for name, r := range all {
		whole := trainer(t, r, nil)
		run(t, whole)
		for _, stop := range stops {
			part := trainer(t, r, func(o *Options) { o.Workers = 1 })
			ctx, cancel := context.WithCancel(context.Background())
			if stop == 0 {
				cancel()
			}
			err := part.Run(ctx, func(p Progress) {
				if p.Step == stop {
					cancel()
				}
			})
			cancel()
			if done, total := part.Steps(); done != stop || (err == nil) != (stop == total) {
				t.Fatalf("%s: %d of %d steps done, want %d: %v", name, done, total, stop, err)
			}
			var file bytes.Buffer
			if err := part.Save(&file, "id"); err != nil {
				t.Fatal(err)
			}
			rest := trainer(t, r, func(o *Options) { o.Workers = 3 })
			if err := rest.Restore(&file, "id"); err != nil {
				t.Fatal(err)
			}
			run(t, rest)
			sameTraining(t, name, rest, whole)
		}
	}
}

func TestBadCheckpointsAreRefused(t *testing.T) {
	r := recipes(ratio(2, 8))["bdwp"]
	tr := trainer(t, r, nil)
	tr.About = []byte(`{"mine":1}`)
	for range 3 {
		if err := tr.step(); err != nil {
			t.Fatal(err)
		}
	}
	var file bytes.Buffer
	if err := tr.Save(&file, "mine"); err != nil {
		t.Fatal(err)
	}
	good := file.Bytes()
	change := func(at int) []byte {
		b := slices.Clone(good)
		b[at] ^= 1
		return b
	}
	for _, c := range []struct {
		name, id string
		file     []byte
		want     string
	}{
		{"another training's", "other", good, "another training"},
		{"empty", "mine", nil, "cut off"},
		{"cut off", "mine", good[:len(good)-1], "cut off"},
		{"cut off in an array", "mine", good[:len(good)/2], "cut off"},
		{"foreign", "mine", []byte(strings.Repeat("PNG", 100)), "no checkpoint"},
		{"changed weight", "mine", change(len(good) - 40), "checksum"},
		{"changed length", "mine", change(len(checkpointMagic) + 3), "cut off"},
	} {
		err := trainer(t, r, nil).Restore(bytes.NewReader(c.file), c.id)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", c.name, err, c.want)
		}
		if other := (*OtherTraining)(nil); errors.As(err, &other) != (c.id == "other") || other != nil && string(other.About) != string(tr.About) {
			t.Errorf("%s: %v, which should say what the other is about", c.name, err)
		}
	}
}

// TestUpdateIsTheUpdateEngines: the master weights and state of each optimiser after two steps have the bits of the weight update
// engine's exact model, SR-STE's term included.
func TestUpdateIsTheUpdateEngines(t *testing.T) {
	const n = 64
	engine := wuve.Default()
	engine.Optimiser, engine.Lanes, engine.Subnormals = word.AdamW, 4, fp.IEEE
	for i, o := range wuve.Optimisers() {
		for _, lambda := range []float64{0, 2e-3} {
			r := recipe.Default()
			r.Optimiser, r.WeightDecay, r.SRSTELambda = recipe.Optimiser(o), 1e-2, lambda
			p := newParam("w", n)
			p.matrix = &matrix{maskFF: make(nm.Mask, n)}
			rnd := rand.New(rand.NewPCG(uint64(i), 9))
			for i := range n {
				p.Master[i], p.maskFF[i] = float32(rnd.NormFloat64()), rnd.IntN(2) == 0
			}
			in := wuve.Operands{Master: slices.Clone(p.Master)}
			if lambda != 0 {
				in.Kept = p.maskFF
			}
			for range wuve.StateWords(o) {
				in.States = append(in.States, make([]float32, n))
			}
			job := wuve.Job{Optimiser: o, Parameters: n, Unscale: true, WeightDecay: true, SRSTE: lambda != 0}
			for step := int64(1); step <= 2; step++ {
				for i := range n {
					p.Gradient[i] = float32(256 * rnd.NormFloat64())
				}
				in.Gradient = slices.Clone(p.Gradient)
				res, _, err := engine.Simulate([]wuve.Job{job}, wuve.StepParams{
					LearningRate: 0.01, Momentum: 0.9, Beta1: beta1, Beta2: beta2, Epsilon: adamEpsilon, WeightDecay: r.WeightDecay,
					SRSTELambda: r.SRSTELambda, LossScale: 256, Number: step,
				}, []wuve.Operands{in})
				if err != nil {
					t.Fatal(err)
				}
				ratesOf(r, 0.01, 0.9, 1.0/256, step).update(kernel.NewPool(2), p)
				equalBits(t, string(o)+" weight", p.Master, res[0].Master)
				for i, s := range res[0].States {
					equalBits(t, string(o)+" state", p.state[i], s)
				}
				in.Master, in.States = res[0].Master, res[0].States
			}
		}
	}
}

// TestPhasesKeepTheirShares: 4 epochs of which 1 dense, 2 at half and 1 at the end, over 40, 4 and 2 steps.
func TestPhasesKeepTheirShares(t *testing.T) {
	step, err := twoConvs().Step()
	if err != nil {
		t.Fatal(err)
	}
	r := recipes(ratio(1, 8))["falling"]
	r.Schedule[1].Sparsity = ratio(4, 8)
	for steps, want := range map[int64][]int64{40: {10, 30, 40}, 4: {1, 3, 4}, 2: {1, 2}} {
		p, err := plan(r, step, steps)
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, s := range p {
			got = append(got, s.until)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d steps: phases end at %v, want %v", steps, got, want)
		}
		if steps != 40 {
			continue
		}
		for i, want := range []nm.Ratio{{}, {N: 4, M: 8}, {N: 1, M: 8}} {
			if got := p[i].prune["conv"].ff; got != want {
				t.Errorf("phase %d prunes conv to %v, want %v", i, got, want)
			}
		}
	}
}

// TestMasksAreSearchedWhenTheRecipeSaysSo: every third step, from the first on; never again; every step.
func TestMasksAreSearchedWhenTheRecipeSaysSo(t *testing.T) {
	for name, want := range map[string][]bool{
		"seldom": {false, false, true, false, false, true},
		"fixed":  {false, false, false, false, false, false},
		"bdwp":   {true, true, true, true, true, true},
	} {
		tr := trainer(t, recipes(ratio(2, 8))[name], func(o *Options) { o.Rate = 0.5 }) // so that masks change in each step
		var got []bool
		for range want {
			before := slices.Clone(tr.param("conv.weight").maskFF)
			if err := tr.step(); err != nil {
				t.Fatal(err)
			}
			tr.prepare(tr.state.Step)
			got = append(got, !slices.Equal(before, tr.param("conv.weight").maskFF))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: masks change after steps %v, want %v", name, got, want)
		}
	}
}

// TestDynamicLossScale: a scale beyond FP16's range is halved, without an update, until gradients are finite.
func TestDynamicLossScale(t *testing.T) {
	r := recipe.Default()
	r.LossScale = recipe.Dynamic
	tr := trainer(t, r, func(o *Options) { o.LossScale = 1 << 24 })
	before := slices.Clone(tr.param("conv.weight").Master)
	if err := tr.step(); err != nil {
		t.Fatal(err)
	}
	if tr.state.Scale != 1<<23 || tr.state.Updates != 0 || !slices.Equal(before, tr.param("conv.weight").Master) {
		t.Fatalf("after an overflow: %+v", tr.state)
	}
	run(t, tr)
	if tr.state.Updates == 0 || tr.state.Scale > 1<<20 || tr.state.Updates == tr.state.Step {
		t.Errorf("at the end: %+v", tr.state)
	}
}

// TestClippingBoundsTheStep: with SGD at rate 1 and no decay, the weights move by no more than the bound.
func TestClippingBoundsTheStep(t *testing.T) {
	r := recipe.Default()
	r.Optimiser, r.ClipNorm = recipe.SGD, 0.25
	tr := trainer(t, r, func(o *Options) { o.Rate = 1 })
	var before [][]float32
	for _, p := range tr.model.params {
		before = append(before, slices.Clone(p.Master))
	}
	if err := tr.step(); err != nil {
		t.Fatal(err)
	}
	var moved float64
	for i, p := range tr.model.params {
		for k, v := range p.Master {
			moved += math.Pow(float64(v-before[i][k]), 2)
		}
	}
	if d := math.Sqrt(moved); d > 0.25 || d < 0.2499 {
		t.Errorf("the weights moved by %g, want just under 0.25", d)
	}
}

// TestMachineStoresHalves: every tensor and gradient is an FP16 value; in fp32 they are not.
func TestMachineStoresHalves(t *testing.T) {
	half := kernel.Format{Half: true, Flush: true}
	for _, n := range []Numerics{Machine, FP32} {
		tr := trainer(t, recipes(ratio(2, 8))["bdwp"], func(o *Options) { o.Numerics = n })
		if err := tr.step(); err != nil {
			t.Fatal(err)
		}
		wide := 0
		for _, x := range tr.model.gradients {
			for _, v := range [][]float32{x.val, x.grad} {
				for _, f := range v {
					if half.One(f) != f {
						wide++
					}
				}
			}
		}
		if (wide == 0) != (n == Machine) {
			t.Errorf("%s: %d values are no FP16 values", n, wide)
		}
	}
}

// TestLearns: all recipes tell generated patterns apart far better than chance (4 classes), by weights of their sparsity.
func TestLearns(t *testing.T) {
	names := []string{"bdwp", "dense", "sr-ste", "sdgp", "sdwp"}
	if testing.Short() {
		names = names[:1]
	}
	for _, name := range names {
		r := recipes(ratio(2, 8))[name]
		tr, err := New(twoConvs(), r, data.Generated(400, 6, 1, 4, 5, 0), data.Generated(100, 6, 1, 4, 5, 1),
			Options{Epochs: 4, Seed: 1, Rate: 0.05, Cosine: true, Momentum: 0.9, LossScale: 256, Numerics: Machine, Flush: true, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		run(t, tr)
		last := tr.Curve()[3]
		if last.TestAccuracy < 0.8 {
			t.Errorf("%s: test accuracy %g", name, last.TestAccuracy)
		}
		if len(tr.Curve()) != 4 || last.TrainLoss >= tr.Curve()[0].TrainLoss {
			t.Errorf("%s: curve %+v", name, tr.Curve())
		}
		// conv (9x12x20), grouped (2 of 10x12) and fc (24x4) at 2:8 in FF: runs of 12 keep 4, of 10 keep 4, of 24 keep 6.
		if name == "bdwp" || name == "sr-ste" {
			if want := int64(9*4*20 + 2*4*12 + 6*4); last.KeptFF != want || last.WeightsFF != 9*12*20+2*10*12+24*4 {
				t.Errorf("%s keeps %d of %d FF weights, want %d", name, last.KeptFF, last.WeightsFF, want)
			}
		}
	}
}

func TestOptionsAndModelsThatDoNotFit(t *testing.T) {
	small, big := data.Generated(40, 6, 1, 4, 5, 0), data.Generated(40, 8, 1, 4, 5, 0)
	five := data.Generated(40, 6, 1, 5, 5, 0)
	good := Options{Epochs: 1, Rate: 0.1, LossScale: 1, Numerics: FP32}
	for _, c := range []struct {
		set    *data.Set
		change func(*Options)
		want   string
	}{
		{small, func(o *Options) { o.Epochs = 0 }, "epochs"},
		{small, func(o *Options) { o.Rate = 0 }, "learning_rate"},
		{small, func(o *Options) { o.Momentum = 1 }, "momentum"},
		{small, func(o *Options) { o.LossScale = 3 }, "power of two"},
		{small, func(o *Options) { o.Numerics = "bf16" }, "fp32 or machine"},
		{big, func(*Options) {}, "8x8x1"},
		{five, func(*Options) {}, "4 classes"},
		{data.Generated(4, 6, 1, 4, 5, 0), func(*Options) {}, "a batch is 8"},
	} {
		o := good
		c.change(&o)
		if _, err := New(twoConvs(), recipe.Default(), c.set, c.set, o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want an error with %q", err, c.want)
		}
	}
	g := twoConvs()
	g.Nodes[2].Op = "rms_norm"
	if _, err := New(g, recipe.Default(), small, small, good); err == nil || !strings.Contains(err.Error(), `"relu" (rms_norm)`) {
		t.Errorf("an operator that training does not know: %v", err)
	}
}
