package recipe_test

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/internal/config"
	"satsim/internal/configtest"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// load reads a shipped recipe.
func load(t testing.TB, name string) recipe.Recipe {
	t.Helper()
	r := recipe.Default()
	configtest.Read(t, "recipe", name, &r)
	return r
}

// three layers on 2 images of 8x8x3: a 3x3 convolution to 8 channels, a 3x3 one of stride 2 to 12, a depthwise 3x3, and a
// linear layer from 192 to 20.
func threeLayers(t testing.TB) workloads.Step {
	t.Helper()
	conv := func(name, in string, c, stride, groups int64) network.Node {
		return network.Node{
			Name: name, Op: network.Conv, Inputs: []string{in}, Channels: c, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1},
			Stride: [2]int64{stride, stride}, Groups: groups,
		}
	}
	g := &network.Graph{
		Name:   "three",
		Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 8, 8, 3}}},
		Nodes: []network.Node{
			conv("first", "images", 8, 1, 1), conv("second", "first", 12, 2, 1), conv("depthwise", "second", 12, 1, 12),
			{Name: "flatten", Op: network.Flatten, Inputs: []string{"depthwise"}},
			{Name: "fc", Op: network.Linear, Inputs: []string{"flatten"}, Channels: 20, Bias: true},
			{Name: "loss", Op: network.Loss, Inputs: []string{"fc"}},
		},
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// kept sums dense MACs and what is left, for each stage of a layer ("" for all layers).
func kept(s workloads.Step, layer string) (dense, left [3]int64) {
	for _, it := range s.Items {
		for _, p := range it.Products {
			if layer == "" || layer == it.Layer {
				dense[p.Stage] += p.MACs()
				left[p.Stage] += p.KeptMACs()
			}
		}
	}
	return dense, left
}

// 2:8 on the layers of threeLayers. Reduction channels: first FF 3 (fewer than 8: dense), no BP; second FF 8 (2 kept), BP
// 12 = 8 + 4 (2 + 2 kept); depthwise 1 (never); fc FF 192 (48 kept), BP 20 = 8 + 8 + 4 (2 + 2 + 2 kept).
func TestByHand(t *testing.T) {
	type want struct {
		layer  string
		ff, bp float64 // part of the MACs that is left
		side   workloads.Side
	}
	for _, c := range []struct {
		recipe string
		layers []want
	}{
		{"dense", []want{{"first", 1, 1, 0}, {"second", 1, 1, 0}, {"depthwise", 1, 1, 0}, {"fc", 1, 1, 0}}},
		{"bdwp", []want{{"first", 1, 1, 0}, {"second", 2. / 8, 4. / 12, workloads.North}, {"depthwise", 1, 1, 0}, {"fc", 48. / 192, 6. / 20, workloads.North}}},
		{"sdwp", []want{{"second", 1, 4. / 12, workloads.North}, {"fc", 1, 6. / 20, workloads.North}}},
		{"sdgp", []want{{"second", 1, 4. / 12, workloads.West}, {"depthwise", 1, 1, 0}, {"fc", 1, 6. / 20, workloads.West}}},
		{"sr-ste", []want{{"second", 2. / 8, 1, workloads.North}, {"fc", 1, 1, 0}}}, // fc is an exception
	} {
		step := threeLayers(t)
		got, err := load(t, c.recipe).Apply(step)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range c.layers {
			dense, left := kept(got, w.layer)
			for stage, part := range []float64{w.ff, w.bp, 1} {
				if want := int64(part*float64(dense[stage]) + 0.5); left[stage] != want {
					t.Errorf("%s of %s, stage %d: %d of %d MACs left; want %d", c.recipe, w.layer, stage, left[stage], dense[stage], want)
				}
			}
			for _, it := range got.Items {
				for _, p := range it.Products {
					if it.Layer == w.layer && p.Sparse.Ratio != (nm.Ratio{}) && p.Sparse.Operand != w.side {
						t.Errorf("%s of %s: %v prunes side %d; want %d", c.recipe, w.layer, p.Stage, p.Sparse.Operand, w.side)
					}
				}
			}
		}
		if !reflect.DeepEqual(step, threeLayers(t)) {
			t.Errorf("%s changed the dense step", c.recipe)
		}
	}
}

// The copies that exist follow from the products.
func TestCopies(t *testing.T) {
	two8 := nm.Ratio{N: 2, M: 8}
	for name, want := range map[string][2]nm.Ratio{
		"bdwp": {two8, two8}, "sdwp": {nm.Dense, two8}, "sr-ste": {two8, nm.Dense}, "sdgp": {nm.Dense, nm.Dense},
	} {
		s, err := load(t, name).Apply(threeLayers(t))
		if err != nil {
			t.Fatal(err)
		}
		if c := recipe.PrunedOf(&s).Of("second.weight"); c.FF != want[0] || c.BP != want[1] {
			t.Errorf("%s: copies at %v and %v; want %v", name, c.FF, c.BP, want)
		}
		if c := recipe.PrunedOf(&s).Of("first.weight"); c.FF != nm.Dense || c.BP != nm.Dense {
			t.Errorf("%s prunes 3 channels in groups of 8: %v %v", name, c.FF, c.BP)
		}
	}
}

// The MACs of a ResNet's step are bounded from below by what the ratio leaves of FF and BP, and WU stays.
func TestRatiosOnResNet(t *testing.T) {
	var d network.Description
	configtest.Read(t, "network", "resnet18-tiny", &d)
	g, err := d.Graph()
	if err != nil {
		t.Fatal(err)
	}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(2, nm.MaxM).Draw(t, "m")
		n := rapid.IntRange(1, m-1).Draw(t, "n")
		r := recipe.Default()
		r.FF.Prune, r.BP.Prune = recipe.Weights, recipe.Weights
		got, err := r.Sparsify(nm.Ratio{N: n, M: m}).Apply(step)
		if err != nil {
			t.Fatal(err)
		}
		dense, left := kept(got, "")
		for stage := range dense {
			if stage == int(workloads.WU) {
				if left[stage] != dense[stage] {
					t.Fatalf("WU has %d of %d MACs", left[stage], dense[stage])
				}
				continue
			}
			if left[stage]*int64(m) < dense[stage]*int64(n) || left[stage] >= dense[stage] {
				t.Fatalf("stage %d at %d:%d has %d of %d MACs", stage, n, m, left[stage], dense[stage])
			}
		}
	})
}

// A dynamic loss scale writes every gradient and updates at the end: nothing is updated before the last product, and every
// parameter still once.
func TestDeferredUpdates(t *testing.T) {
	r := load(t, "bdwp")
	r.LossScale = recipe.Dynamic
	if !r.Update().Deferred || load(t, "bdwp").Update().Deferred {
		t.Error("dynamic loss scale defers updates, static does not")
	}
	s, err := r.Apply(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	var updated, checked int64
	for _, it := range s.Items {
		if len(it.Products)+len(it.Passes) > 0 && updated > 0 {
			t.Errorf("%s %v works after an update", it.Layer, it.Stage)
		}
		for _, p := range it.Passes {
			if p.Kind == workloads.GradCheck {
				checked += p.Elements
			}
		}
		for _, u := range it.Updates {
			updated += u.Parameters
		}
	}
	// first 3*9*8 = 216, second 8*9*12 = 864, depthwise 9*12 = 108, fc 192*20 + 20 = 3860: 5048.
	if updated != 5048 || checked != 5048 || s.Parameters != 5048 {
		t.Errorf("%d updated and %d checked of %d; want 5048", updated, checked, s.Parameters)
	}
}

// Of 90 epochs ten are dense, and a tenth of the steps after them search masks; a recipe that has no epochs is a step.
func TestSharesOfATraining(t *testing.T) {
	kinds, err := load(t, "bdwp-warmup").Shares()
	if err != nil || len(kinds) != 3 {
		t.Fatalf("%+v, %v", kinds, err)
	}
	sum := kinds[0].Steps + kinds[1].Steps + kinds[2].Steps
	if kinds[0].Steps*90 != sum*10 || kinds[1].Steps*90 != sum*8 {
		t.Errorf("%d, %d of %d steps; want 10 of 90 and 8 of 90", kinds[0].Steps, kinds[1].Steps, sum)
	}
	r := recipe.Default()
	if kinds, err = r.Shares(); err != nil || len(kinds) != 1 || kinds[0].Steps != 1 || kinds[0].Name != r.Name {
		t.Errorf("%+v, %v; want one step", kinds, err)
	}
}

// 90 epochs of 100 steps: 10 dense; of the 8000 others every tenth searches masks.
func TestVariants(t *testing.T) {
	vs, err := load(t, "bdwp-warmup").Variants(100)
	if err != nil {
		t.Fatal(err)
	}
	type brief struct {
		steps        int64
		prunes, keep bool
	}
	var got []brief
	for _, v := range vs {
		got = append(got, brief{v.Steps, v.Recipe.FF.Prune == recipe.Weights, v.Recipe.Update().MasksFixed})
	}
	if want := []brief{{1000, false, false}, {800, true, false}, {7200, true, true}}; !reflect.DeepEqual(got, want) {
		t.Errorf("variants %+v; want %+v", got, want)
	}
	// At 3, 2 and 1 a step: 3000 + 1600 + 7200.
	total, err := recipe.Total(vs, func(v recipe.StepKind) (int64, error) {
		switch {
		case v.Recipe.FF.Prune != recipe.Weights:
			return 3, nil
		case v.Recipe.Update().MasksFixed:
			return 1, nil
		}
		return 2, nil
	})
	if err != nil || total != 11800 {
		t.Errorf("total %d, %v; want 11800", total, err)
	}
	if _, err := recipe.Total(vs, func(recipe.StepKind) (int64, error) { return 1 << 60, nil }); err == nil {
		t.Error("an overflow is not reported")
	}
}

// N falls phase by phase; the last part follows the recipe.
func TestFallingN(t *testing.T) {
	vs, err := load(t, "structure-decay").Variants(1)
	if err != nil {
		t.Fatal(err)
	}
	var ratios []string
	var epochs []int64
	for _, v := range vs {
		s, err := v.Recipe.Apply(threeLayers(t))
		if err != nil {
			t.Fatal(err)
		}
		ff := recipe.PrunedOf(&s).Of("second.weight").FF
		ratios = append(ratios, ff.String())
		epochs = append(epochs, v.Steps)
	}
	if want := []string{"1:1", "7:8", "4:8", "2:8"}; !reflect.DeepEqual(ratios, want) {
		t.Errorf("ratios %v; want %v", ratios, want)
	}
	if want := []int64{6, 28, 28, 28}; !reflect.DeepEqual(epochs, want) {
		t.Errorf("epochs %v; want %v", epochs, want)
	}
}

func TestFineTuningNeverSorts(t *testing.T) {
	vs, err := load(t, "finetune").Variants(5)
	if err != nil {
		t.Fatal(err)
	}
	if len(vs) != 1 || !vs[0].Recipe.Update().MasksFixed || vs[0].Recipe.Sparsity.Ratio != (nm.Ratio{N: 2, M: 4}) {
		t.Errorf("variants %+v; want one with fixed masks at 2:4", vs)
	}
}

func TestUpdate(t *testing.T) {
	// SR-STE reads the mask; momentum has a velocity, Adam two moments, each FP32.
	if u := load(t, "sr-ste").Update(); !u.SRSTE || u.StateBytes != 4 || !u.Unscale || u.MasksFixed {
		t.Errorf("sr-ste: %+v", u)
	}
	for name, kept := range map[string]bool{"bdwp": false, "bdwp-warmup": true, "finetune": false} { // masks of every 10th step serve the next 9; given ones are not written
		if u := load(t, name).Update(); u.MasksKept != kept {
			t.Errorf("%s: %+v", name, u)
		}
	}
	for o, bytes := range map[recipe.Optimiser]int64{recipe.SGD: 0, recipe.Momentum: 4, recipe.Adam: 8, recipe.AdamW: 8} {
		if o.StateBytes() != bytes {
			t.Errorf("%s has %d bytes of state; want %d", o, o.StateBytes(), bytes)
		}
	}
}

func TestExceptions(t *testing.T) {
	r := load(t, "bdwp")
	r.Exceptions = []recipe.Exception{
		{Layers: "*", BP: recipe.Rule{Prune: recipe.Dense}},
		{Layers: "s*d", FF: recipe.Rule{Sparsity: recipe.OptionalRatio{Ratio: nm.Ratio{N: 1, M: 4}}}},
		{Layers: "layer9.*", FF: recipe.Rule{Prune: recipe.Dense}},
	}
	s, err := r.Apply(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	if c := recipe.PrunedOf(&s).Of("second.weight"); c.FF != (nm.Ratio{N: 1, M: 4}) || c.BP != nm.Dense {
		t.Errorf("second at %v and %v; want 1:4 and dense", c.FF, c.BP)
	}
	if c := recipe.PrunedOf(&s).Of("fc.weight"); c.FF != (nm.Ratio{N: 2, M: 8}) || c.BP != nm.Dense {
		t.Errorf("fc at %v and %v; want 2:8 and dense", c.FF, c.BP)
	}
	want := `recipe bdwp: exceptions[2].layers: three has no layer "layer9.*" that could be pruned; accepted: first, second, fc, or role: classifier, activated or activating`
	if err := r.Fits(threeLayers(t)); err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	if err := load(t, "sr-ste").Fits(threeLayers(t)); err != nil {
		t.Error(err)
	}
}

func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"ff: {prune: gradients}\nsparsity: \"2:8\"": `r:3:6: ff.prune: "gradients" is unknown; accepted: dense, weights, activations (FF has no gradients)`,
		"ff: {prune: weight}":                       "nearest: weights",
		"ff: {prune: weights}":                      "ff.sparsity: neither the rule nor the recipe has one",
		"ff: {prune: weights, sparsity: \"2:4\"}\nbp: {prune: weights, sparsity: \"2:8\"}": "bp.sparsity: groups of 8 in BP and of 4 in FF",
		"sparsity: \"8:2\"":  "out of range",
		"sr_ste_lambda: 0.1": "sr_ste_lambda: no mask without pruned FF weights; accepted: ff.prune: weights, in the recipe or an exception",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: frozen}\nmasks: never\nwu: {prune: weights}":                                                                             "bp.prune: BP has all of W (prune: dense), and with wu.prune: weights what FF's masks prune has no master; accepted: ff_weights, or weights with mask: shared",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: frozen}\nbp: {prune: weights}\nmasks: never\nwu: {prune: weights}":                                                       "r:5:6: bp.prune: BP has all of W (prune: weights, mask: own)",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: frozen}\nbp: {prune: weights, mask: shared}\nmasks: never\nwu: {prune: weights}\nsr_ste_lambda: 0.1":                     "r:7:6: wu.prune: weights: what FF's masks prune has no master, and sr_ste_lambda is 0.1, a pull on it; accepted: dense, or no sr_ste_lambda",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: frozen}\nbp: {prune: ff_weights}\nmasks: never\nwu: {prune: weights}\nexceptions: [{layers: x, bp: {prune: gradients}}]": "exceptions[0].bp.prune: BP has all of W (prune: gradients)",
		"optimiser: adamax": "optimiser",
		"masks: 0":          "1 or more, or never",
		"epochs: 5\nschedule: [{name: a, epochs: 6}]": "epochs: 5, of which the schedule takes 6",
		"weight_decay: -1":                            "r:3:1: weight_decay: -1 is out of range; accepted: 0 or more",
		"optimiser: \"\"":                             `optimiser: "" is unknown; accepted: sgd, momentum, adam, adamw`,
		"epochs: 1000001":                             "epochs: 1000001 is out of range; accepted: 1 to 1000000",
		"schedule: [{name: a, epochs: 0}]":            "schedule[0].epochs: 0 is out of range; accepted: 1 to 1000000",
		"exceptions: [{role: head}]":                  `exceptions[0].role: "head" is unknown; accepted: classifier`,
		"sparsity: \"2:8\"\nff: {prune: weights}\nexceptions: [{layers: \"\"}]":                 "exceptions[0].layers",
		"epochs: 5\nschedule: [{name: a, epochs: 1, ff: {prune: weights}}]":                     "schedule[0].ff.sparsity",
		"ff: {prune: weights, sparsity: \"2:4\"}\nexceptions: [{layers: x, bp: {prune: dens}}]": "nearest: dense",
		"sparsity: \"2:4\"\nff: {prune: weights}\nwu: {prune: weights}":                         "wu.prune: weights are those that masks keep for good, and FF has prune: weights, mask: own, masks: of every step; accepted: ff: {prune: weights, mask: frozen} and masks: never",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: frozen}":                                 "ff.mask: frozen masks never change, and masks are of every step; accepted: masks: never",
		"sparsity: \"2:4\"\nbp: {prune: weights, mask: shared}":                                 "bp.mask: shared is of weights that FF kept, by masks along its own reduction; accepted: ff: {prune: weights}",
		"wu: {positions: apart}":   "wu.positions: apart is of what WU prunes, and it prunes nothing; accepted: prune: gradients or activations, or no positions",
		"bp: {prune: activations}": "bp.prune",
		"wu: {prune: activations, sparsity: \"2:4\"}\nff: {prune: activations, sparsity: \"1:4\"}": "wu.sparsity: 2:4 of activations that FF prunes to 1:4; SORE has one ratio in a word group",
		"sparsity: \"2:4\"\nbp: {prune: weights}\nwu: {prune: activations}":                        "wu.prune: activations are sorted in the word group in which SORE sorts updated weights",
		"wu: {prune: weight}":    "(weights: dW where FF's frozen masks keep; dY or X along positions; of layers whose positions are read one by one: linear ones, 1x1 convolutions of stride 1)",
		"wu: {estimator: mvue}":  "wu.estimator: mvue is of gradients that WU prunes, and it prunes none; accepted: prune: gradients, or no estimator",
		"wu: {prune: gradients}": "wu.sparsity: neither the rule nor the recipe has one",
		"sparsity: \"2:4\"\nff: {prune: weights}\nwu: {prune: gradients}":                                                                                         "wu.prune: gradients are sorted in the word group in which SORE sorts updated weights, and it has one ratio there; accepted: estimator: mvue or random, which the vector unit draws; or FF and BP with dense, ff_weights, gradients or a transposable mask; or masks: never",
		"ff: {mask: transposable}":                                                                                                                                "ff.mask: transposable is of weights that the stage prunes, and it has prune: dense; accepted: prune: weights, or no mask",
		"sparsity: \"2:8\"\nff: {prune: weights, mask: transposable}\nbp: {prune: weights}":                                                                       "bp.prune: weights have a mask of their own in BP beside a transposable one of FF, which would serve it; accepted: ff_weights, dense, gradients",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: soft}\nbp: {prune: weights}":                                                                               "r:5:6: bp.prune: weights have a mask of their own in BP, which SORE would make, beside a soft one of FF, which the vector unit makes in SORE's place; accepted: ff_weights, dense, gradients",
		"sparsity: \"2:4\"\nff: {prune: weights}\nbp: {prune: weights}\nexceptions: [{role: activated, ff: {mask: soft}}]":                                        "exceptions[0].bp.prune: weights have a mask of their own in BP, which SORE would make, beside a soft one of FF",
		"sparsity: \"2:4\"\nbp: {prune: weights}\nexceptions: [{role: activated, ff: {prune: weights, mask: soft}}]":                                              "exceptions[0].bp.prune: weights have a mask of their own in BP, which SORE would make, beside a soft one of FF",
		"sparsity: \"2:4\"\nepochs: 2\nschedule: [{name: a, epochs: 1, bp: {prune: weights}}]\nexceptions: [{role: activated, ff: {prune: weights, mask: soft}}]": "schedule[0].bp.prune: weights have a mask of their own in BP, which SORE would make, beside a soft one of FF, which the vector unit makes in SORE's place (with exceptions[0])",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: decaying}\nbp: {prune: weights}":                                                                           "r:5:6: bp.prune: weights have a mask of their own in BP, which SORE would make, beside a decaying one of FF, whose factor the vector unit applies in SORE's place; accepted: ff_weights, dense, gradients",
		"sparsity: \"2:4\"\nff: {prune: weights}\nextra: [{name: a, operation: mul, times: 1}]":                                                                   "r:4:6: ff.prune: weights, which SORE sorts after their update, where the vector unit does the recipe's extra work in its place; accepted: dense, activations, mask: soft, transposable, decaying or late, or masks: never; or no extra",
		"sparsity: \"2:4\"\nbp: {prune: weights}\nextra: [{name: a, operation: mul, times: 1}]":                                                                   "bp.prune: weights, which SORE sorts after their update, where the vector unit does the recipe's extra work in its place; accepted: ff_weights, dense, gradients, or masks: never; or no extra",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: decaying}\nsr_ste_lambda: 0.1":                                                                             "r:4:22: ff.mask: decaying masks of weights have a factor for what they prune, and no pull beside it, and sr_ste_lambda is 0.1; accepted: another mask, or no sr_ste_lambda",
		"sparsity: \"2:4\"\nff: {prune: weights}\nsr_ste_lambda: 0.1\nepochs: 2\nschedule: [{name: a, epochs: 1, ff: {prune: weights, mask: decaying}}]":          "schedule[0].ff.mask: decaying masks of weights have a factor for what they prune, and no pull beside it",
		"sparsity: \"2:8\"\nff: {prune: weights, mask: transposable}\nsearch: exact":                                                                              "search: exact tries all masks of a block, and those of FF are 8 x 8; accepted: greedy, or groups of up to 4",
		"sparsity: \"2:4\"\nff: {prune: weights}\nsearch: exact":                                                                                                  "search: no mask is searched in blocks; accepted: ff.mask: transposable",
		"sparsity: \"2:4\"\nbp: {prune: weights, mask: transposable}":                                                                                             "(BP takes a transposable mask of FF by prune: ff_weights)",
		"sparsity: \"2:4\"\nff: {prune: weights}\nbp: {prune: weights, mask: permuted}":                                                                           "permutation.orders: not given: how many random orders BP's permuted masks are the best of; accepted: 1 to 1000",
		"permutation: {orders: 3}": "permutation: no mask has its groups in an order that is searched for; accepted: bp.mask: permuted",
		"sparsity: \"2:4\"\nff: {prune: weights}\nbp: {prune: weights, mask: permuted}\npermutation: {orders: 3}\nmasks: 5": "bp.mask: permuted is of masks of every step, whose order alone stays for some steps, and masks are of every 5th step; accepted: masks: 1",
		"sparsity: \"2:4\"\nbp: {prune: weights, mask: permuted}\npermutation: {orders: 3}":                                 "bp.mask: permuted is of weights that FF kept, by masks along its own reduction; accepted: ff: {prune: weights}",
		"decay: exponential": "decay_left: an exponential never comes to 0, and 0 is what it leaves at the end of its phase; accepted: more than 0 and less than 1",
		"sparsity: \"2:4\"\nff: {prune: weights}\ndecay: exponential\ndecay_left: 0.1":                        "decay: exponential is of decaying masks, and there is none; accepted: ff.mask: decaying, in the recipe, an exception or a phase, or no decay",
		"epochs: 2\ndecay: linear\nschedule: [{name: a, epochs: 1, ff: {prune: weights, sparsity: \"2:4\"}}]": "decay: linear is of decaying masks, and there is none",
		"decay_left: 0.1": "decay_left: a factor that falls in a line leaves nothing at the end of its phase; accepted: decay: exponential",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: both}": "own, transposable",
		"logits: true":       "gumbel.temperature: 0, and masks are learned; accepted: more than 0",
		"gumbel: {scale: 2}": "gumbel: no mask is learned; accepted: logits: true, or no gumbel",
		"logits: true\nsparsity: \"2:8\"\ngumbel: {temperature: 4, temperature_end: 1, scale: 1, scale_end: 1}": "r:4:1: sparsity: 2:8, and masks that are learned are of 2:4; accepted: 2:4, or none",
		"logits: true\nexceptions: [{role: classifier, ff: {prune: weights, sparsity: \"2:4\"}}]":               "exceptions[0].ff.prune: weights: masks are learned of dense weights, and an exception says of which layers none are; accepted: dense",
		"logits: true\nepochs: 2\nschedule: [{name: a, epochs: 1}]":                                             "logits: masks are learned of dense weights, in all steps; accepted: no rules but dense ones, no schedule",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: late}\nbp: {prune: weights}":                             "r:5:6: bp.prune: weights have a mask of their own in BP, which SORE would make, beside a late one of FF, by which the vector unit decays weights in SORE's place; accepted: ff_weights, dense, gradients",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: late}\nbp: {prune: weights, mask: shared}":               "bp.mask: shared is of weights that FF kept, by masks along its own reduction",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: late}\nsr_ste_lambda: 0.1":                               "ff.mask: late masks of weights have a pull of their own, and sr_ste_lambda is 0.1; accepted: another mask, or l1_decay and no sr_ste_lambda",
		"sparsity: \"2:4\"\nff: {prune: weights, mask: late}\nl1_decay: 0.1":                                    "l1_decay: it is part of Adam's step, and the optimiser is momentum; accepted: optimiser: adam or adamw, or no l1_decay",
		"l1_decay: 0.1\noptimiser: adam":                                                                        "l1_decay: no mask prunes weights at the end alone; accepted: ff.mask: late, in the recipe, an exception or a phase, or no l1_decay",
		"scales: 2":                                                                                             "scales: no mask prunes weights at the end alone",
		"teacher: true":                                                                                         "distilled: 0 of the loss is the teacher's; accepted: more than 0, up to 1",
		"distilled: 0.5":                                                                                        "distilled: there is no teacher; accepted: teacher: true, or no distilled",
	} {
		r := recipe.Default()
		err := config.Decode(config.Source{Name: "r", Data: []byte("kind: recipe\nname: r\n" + text)}, "recipe", &r)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\ngives %v; want %q", text, err, want)
		}
	}
	if _, err := recipe.Default().Variants(10); err == nil {
		t.Error("variants without epochs")
	}
}

// Shipped recipes decode, and print to a file that is the same recipe.
func TestShipped(t *testing.T) {
	names := configtest.Names(t, "recipe")
	if len(names) < 5 {
		t.Fatal(names)
	}
	for _, n := range names {
		r := load(t, n)
		text, err := config.Encode("recipe", r)
		if err != nil {
			t.Fatal(err)
		}
		back := recipe.Default()
		if err := config.Decode(config.Source{Name: n, Data: text}, "recipe", &back); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if !reflect.DeepEqual(r, back) {
			t.Errorf("%s reads back as\n%+v\nwant\n%+v", n, back, r)
		}
		if n != "dense" && r.Paper == "" {
			t.Errorf("%s names no paper", n)
		}
		if r.Name != n {
			t.Errorf("file %s holds recipe %s", n, r.Name)
		}
	}
}

// A transposable mask prunes both products of a layer that has at least M inputs and M outputs, else neither: of threeLayers at 2:8 second (8 to 12) and fc (192 to
// 20), not first (3 to 8). BP of an exception that says dense uses all weights, and FF still prunes.
func TestTransposableMasks(t *testing.T) {
	r := recipe.Default()
	r.FF, r.BP.Prune = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Transposable}, recipe.FFWeights
	r = r.Sparsify(nm.Ratio{N: 2, M: 8})
	r.Exceptions = []recipe.Exception{{Layers: "fc", BP: recipe.Rule{Prune: recipe.Dense}}}
	s, err := r.Apply(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	two8 := nm.Ratio{N: 2, M: 8}
	for name, want := range map[string]recipe.Copies{
		"first.weight": {FF: nm.Dense, BP: nm.Dense}, "second.weight": {FF: two8, BP: two8, Search: nm.Greedy}, "fc.weight": {FF: two8, BP: nm.Dense, Search: nm.Greedy},
	} {
		if c := recipe.PrunedOf(&s).Of(name); c != want {
			t.Errorf("%s: %+v; want %+v", name, c, want)
		}
		if n := want.Pruned(); n > 1 {
			t.Errorf("%s has %d pruned copies", name, n)
		}
	}
	dense, left := kept(s, "second")
	if left[0]*4 != dense[0] || left[1]*3 != dense[1] { // 2 of 8, and 4 of 12
		t.Errorf("second: %d of %d MACs", left, dense)
	}
	// Two exceptions that together give a weight two masks.
	r.Exceptions = []recipe.Exception{{Layers: "s*", BP: recipe.Rule{Prune: recipe.Dense}}, {Layers: "*d", FF: recipe.Rule{Mask: recipe.Own}, BP: recipe.Rule{Prune: recipe.Weights}}}
	if s, err = r.Apply(threeLayers(t)); err != nil {
		t.Fatal(err)
	}
	if c := recipe.PrunedOf(&s).Of("second.weight"); c != (recipe.Copies{FF: two8, BP: two8}) {
		t.Errorf("%+v", c)
	}
}

// WU prunes dY along positions where these are one dimension: by hand in threeLayers at 1:2, of 2 images, fc alone has such positions, 2 rows, of which 1 stays. Its product of
// 192 x 20 outputs has 3,840 MACs of 7,680. At 2:4 it has too few rows. Phases and exceptions change the rule like others.
func TestSparseWU(t *testing.T) {
	r := recipe.Default()
	r.WU.Prune = recipe.Gradients
	for ratio, want := range map[nm.Ratio]int64{{N: 1, M: 2}: 3840, {N: 2, M: 4}: 7680} {
		s, err := r.Sparsify(ratio).Apply(threeLayers(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range s.Items {
			for _, p := range it.Products {
				switch {
				case it.Layer == "fc" && p.Stage == workloads.WU:
					if p.KeptMACs() != want || p.MACs() != 7680 {
						t.Errorf("%v: %d of %d MACs; want %d", ratio, p.KeptMACs(), p.MACs(), want)
					}
				case p.Sparse != (workloads.Sparsity{}):
					t.Errorf("%v: %s %v is pruned at %v", ratio, it.Layer, p.Stage, p.Sparse.Ratio)
				}
			}
		}
	}
	r = r.Sparsify(nm.Ratio{N: 1, M: 2})
	r.Exceptions = []recipe.Exception{{Layers: "fc", WU: recipe.WURule{Prune: recipe.Dense}}}
	s, err := r.Apply(threeLayers(t))
	if err != nil {
		t.Fatal(err)
	}
	if dense, left := kept(s, ""); dense != left {
		t.Errorf("an exception that says dense leaves %v of %v", left, dense)
	}
	r.Exceptions, r.Epochs, r.Schedule = nil, 4, []recipe.Phase{{Name: "dense", Epochs: 1, WU: recipe.WURule{Prune: recipe.Dense}}}
	kinds, err := r.Variants(10)
	if err != nil || len(kinds) != 2 || kinds[0].Recipe.WU.Prune != recipe.Dense || kinds[1].Recipe.WU.Prune != recipe.Gradients {
		t.Errorf("%+v, %v", kinds, err)
	}
}

// An unbiased estimate is made where the gradient is, in its maker's output path, and stored pruned: by hand for fc of threeLayers at 1:2, whose dY of 2 x 20 values the loss makes.
// 3 additions, a compare and 2 selects a value, and a random number and a multiply-add for each of 20 groups; 20 values of 16 bits with a place of one bit are 340 bits, 43 bytes. WU reads those, BP all of dY.
func TestDrawnWU(t *testing.T) {
	r := recipe.Default()
	r.WU.Prune, r.WU.Estimator = recipe.Gradients, recipe.MVUE
	r = r.Sparsify(nm.Ratio{N: 1, M: 2})
	dense := threeLayers(t)
	s, err := r.Apply(dense)
	if err != nil {
		t.Fatal(err)
	}
	passes := map[workloads.PassKind]int64{}
	for i, it := range s.Items {
		for k := range it.Products {
			p := &it.Products[k]
			if it.Layer != "fc" || p.Stage == workloads.FF {
				continue
			}
			switch {
			case p.Stage == workloads.BP && p.West.Name == p.North.Name:
				t.Error("BP reads what is drawn")
			case p.Stage == workloads.WU && (p.North.Name != "fc.drawn" || p.North.Bytes() != 43 || p.North.Elements != 40 || p.KeptMACs() != 3840):
				t.Errorf("WU reads %+v, %d bytes, in %d MACs", p.North, p.North.Bytes(), p.KeptMACs())
			}
		}
		for _, p := range it.Passes[min(len(it.Passes), len(dense.Items[i].Passes)):] {
			if passes[p.Kind] += p.Elements; !p.Fused || it.Layer != "loss" {
				t.Errorf("%s is beside %s, fused: %v", p.Kind, it.Layer, p.Fused)
			}
		}
	}
	for kind, want := range map[workloads.PassKind]int64{workloads.Add: 120, workloads.Pool: 40, workloads.ActivateGrad: 80, workloads.Random: 40, workloads.Scale: 40} {
		if passes[kind] != want {
			t.Errorf("%d elements of %s; want %d", passes[kind], kind, want)
		}
	}
	if d, err := r.Demand(dense); err != nil || d.Drawn != 240+20 || d.Numbers != 20 || d.Quotients != 0 || d.SortedGradients != 0 {
		t.Errorf("%+v, %v", d, err)
	}
}

// Activations are pruned where a layer reads them, along its channels in FF and along positions in WU, and what FF pruned has no gradient. By hand on 2 images of 2 x 2, 8 positions, 8 channels to 12,
// a ReLU squared, 12 to 4, at 1:4: the role activated is second alone, activating is nobody (two read relu), first's if the ReLU is read once. FF of second keeps 3 of 12 channels, WU 2 of 8 positions, of X
// on the north side, sorted twice; BP finds what FF pruned, 1 compare and 1 select each of 96 elements.
func TestActivations(t *testing.T) {
	conv := func(name, in string, c int64) network.Node {
		return network.Node{Name: name, Op: network.Conv, Inputs: []string{in}, Channels: c, Kernel: [2]int64{1, 1}}
	}
	g := &network.Graph{
		Name: "two", Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 2, 2, 8}}},
		Nodes: []network.Node{
			conv("first", "images", 12), {Name: "relu", Op: network.ReLU, Inputs: []string{"first"}}, {Name: "square", Op: network.Mul, Inputs: []string{"relu", "relu"}},
			conv("second", "square", 4), {Name: "loss", Op: network.Loss, Inputs: []string{"second"}},
		},
	}
	dense, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	r := recipe.Default()
	r.Exceptions = []recipe.Exception{
		{Role: recipe.Activated, FF: recipe.Rule{Prune: recipe.Activations}, WU: recipe.WURule{Prune: recipe.Activations, Positions: recipe.Apart}},
		{Role: recipe.Activating, WU: recipe.WURule{Prune: recipe.Gradients}},
	}
	r = r.Sparsify(nm.Ratio{N: 1, M: 4})
	s, err := r.Apply(dense)
	if err != nil {
		t.Fatal(err)
	}
	masking := map[workloads.PassKind]int64{}
	for i, it := range s.Items {
		if of := it.Layer == "second"; len(it.Products) > 0 && (it.Activated != of || it.Activating == of || r.PositionsApart(&it) != of) {
			t.Errorf("%s: activated %v, activating %v", it.Layer, it.Activated, it.Activating)
		}
		for _, p := range it.Products {
			want := map[string]int64{"first FF": 768, "first WU": 192, "second FF": 96, "second BP": 384, "second WU": 96}[it.Layer+" "+p.Stage.String()]
			if p.KeptMACs() != want {
				t.Errorf("%s %v: %d of %d MACs; want %d", it.Layer, p.Stage, p.KeptMACs(), p.MACs(), want)
			}
			if it.Layer == "second" && p.Stage == workloads.WU && (p.North.Role != workloads.Activation || p.Rows != 4 || p.Cols != 12 || p.West.Elements != 32 || p.Sparse.Sorts() != 2) {
				t.Errorf("WU: %+v", p)
			}
		}
		if it.Stage == workloads.BP && it.Layer == "second" {
			for _, p := range it.Passes[:len(it.Passes)-len(dense.Items[i].Passes)] {
				masking[p.Kind] += p.Elements
			}
		}
	}
	if len(masking) != 2 || masking[workloads.Pool] != 96 || masking[workloads.ActivateGrad] != 96 {
		t.Errorf("gradients are masked by %v", masking)
	}
	if d, err := r.Demand(dense); err != nil || d.SortedActivations != 3*96 || d.SortedGradients != 96 || d.Masked != 192 {
		t.Errorf("%+v, %v", d, err)
	}
}

// Of frozen masks WU makes what FF keeps alone. By hand for threeLayers at 2:4: first has 3 input channels, dense; second 8, its dW of 9 x 8 x 12 = 864 becomes 432; fc 192 x 20 = 3,840 becomes 1,920; depthwise is
// never pruned. MACs of WU halve, and so do the updated parameters; each has a place of two bits, and a bit of BP's mask. Of an update that is deferred it is the same.
func TestKeptAlone(t *testing.T) {
	r := recipe.Default()
	r.FF, r.BP, r.WU.Prune = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Frozen}, recipe.Rule{Prune: recipe.Weights, Mask: recipe.Shared}, recipe.Weights
	r.Masks = recipe.Never
	r = r.Sparsify(nm.Ratio{N: 2, M: 4})
	for _, scale := range []recipe.LossScale{recipe.Static, recipe.Dynamic} {
		r.LossScale = scale
		s, err := r.Apply(threeLayers(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range s.Items {
			for _, p := range it.Products {
				if half := it.Layer == "second" || it.Layer == "fc"; p.Stage == workloads.WU && (p.Sparse.Held != half || half && (2*p.KeptMACs() != p.MACs() || 2*p.Out.Elements != it.Weight.Elements())) {
					t.Errorf("%s: %+v", it.Layer, p)
				}
			}
			for _, u := range it.Updates {
				want := map[string]int64{"first.weight": 216, "second.weight": 432, "depthwise.weight": 108, "fc.weight": 1920, "fc.bias": 20}[u.Weight.Name]
				if u.Parameters != want {
					t.Errorf("%s: %d parameters, want %d", u.Weight.Name, u.Parameters, want)
				}
			}
		}
		if d, err := r.Demand(threeLayers(t)); err != nil || d.Parameters != 216+432+108+1920+20 || d.MaskBytes != (3*432+3*1920)/8 || d.SortedWeights+d.SortedGradients != 0 {
			t.Errorf("%+v, %v", d, err)
		}
	}
}

// SR-STE's pull is of the layers whose weights FF prunes, which may be those of an exception alone: of threeLayers fc's 192 x 20 weights have a mask that the update reads. A phase at 1:1 prunes none and reads none.
func TestPullOfExceptions(t *testing.T) {
	r := recipe.Default()
	r.Sparsity, r.SRSTELambda, r.Epochs = recipe.OptionalRatio{Ratio: nm.Ratio{N: 2, M: 4}}, 0.1, 2
	r.Exceptions = []recipe.Exception{{Layers: "fc", FF: recipe.Rule{Prune: recipe.Weights}, BP: recipe.Rule{Prune: recipe.FFWeights}}}
	r.Schedule = []recipe.Phase{{Name: "dense", Epochs: 1, Sparsity: recipe.OptionalRatio{Ratio: nm.Ratio{N: 1, M: 1}}}}
	for i, want := range []int64{0, 192 * 20 / 8} {
		v, err := r.Variants(1)
		if err != nil || len(v) != 2 {
			t.Fatal(v, err)
		}
		if d, err := v[i].Recipe.Demand(threeLayers(t)); err != nil || d.MaskBytes != want || !v[i].Recipe.Update().SRSTE {
			t.Errorf("%s: %+v, %v; want %d bytes of masks", v[i].Name, d, err, want)
		}
	}
}
