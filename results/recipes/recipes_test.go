package recipes

import (
	"context"
	"strings"
	"testing"

	"satsim/dataflow"
	"satsim/internal/nm"
	"satsim/results/experiment"
	"satsim/results/experiment/models"
	"satsim/results/record"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// drawing gives a machine generators of random numbers.
const drawing = "vector.random=4"

// runs are a step of a network as simulated: dense, and under a shipped recipe.
func runs(t *testing.T, network, name string) (dense, run *record.Run) {
	t.Helper()
	c, err := experiment.Load(experiment.Names{Network: network, Batch: 4, Recipe: name, Against: "dense"}, drawing)
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return &r.Runs[0], &r.Runs[len(r.Runs)-1]
}

// What a step asks for is what the machine did of it, whatever the recipe: MACs of each stage, elements that SORE sorted in updates, what the vector unit did beside a
// dense step's work, parameters that the WUVE updated. Gradients that are pruned at each fetch are sorted once at the least.
func TestCountsAreWhatTheMachineDoes(t *testing.T) {
	names, err := models.Shipped("recipe")
	if err != nil {
		t.Fatal(err)
	}
	loader := models.NewLoader()
	for _, network := range []string{"resnet-fmnist", "vit-fmnist"} {
		n, err := loader.Network(network, 4, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			r, err := loader.Recipe(name, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			d, err := r.Demand(n.Step)
			if err != nil {
				t.Fatal(err)
			}
			dense, run := runs(t, network, name)
			var products, updates int64
			for i, s := range run.Stages {
				if s.DenseMACs != d.Dense[i] || s.PerformedMACs != d.Performed[i] {
					t.Errorf("%s %s %s: %d of %d MACs ran, %d of %d are counted", network, name, s.Stage, s.PerformedMACs, s.DenseMACs, d.Performed[i], d.Dense[i])
				}
				if sorted := s.Units.Of("sore").Counts.Of("elements"); s.Stage == "WU" && d.SortedWeights > 0 {
					updates += sorted // then WU prunes nothing that it fetches
				} else {
					products += sorted
				}
			}
			if updates != d.SortedWeights {
				t.Errorf("%s %s: updates sorted %d elements, %d are counted", network, name, updates, d.SortedWeights)
			}
			if n := d.SortedGradients + d.SortedActivations; products < n || (products > 0) != (n > 0) {
				t.Errorf("%s %s: products sorted %d elements, %d are counted", network, name, products, n)
			}
			vector := func(r *record.Run) int64 { return r.Total.Units.Of("vector").Counts.Of("elements") }
			once, scales := onceAGroup(t, r, n)
			if got := vector(run) - vector(dense); got != d.Searched+d.Drawn-scales+d.Masked+d.Extra+d.Added+once {
				t.Errorf("%s %s: searches, estimates and masks of gradients took %d operations, %+v are counted", network, name, got, d)
			}
			// A tile may cut a group, which then has two numbers.
			counts := run.Total.Units.Of("vector").Counts
			if got := counts.Of("numbers"); got < d.Numbers || got > d.Numbers+d.Numbers/20 || counts.Of("quotients") < d.Quotients || counts.Of("quotients") > d.Quotients+d.Quotients/20 {
				t.Errorf("%s %s: %d numbers and %d quotients were made, %d and %d are counted", network, name, got, counts.Of("quotients"), d.Numbers, d.Quotients)
			}
			if got := run.Total.Units.Of("wuve").Counts.Of("parameters"); got != d.Parameters {
				t.Errorf("%s %s: %d parameters were updated, %d are counted", network, name, got, d.Parameters)
			}
		}
	}
}

// The bytes of copies, masks and state are those of the plan's updates, which pad each copy to bursts of 64 bytes: less than one more a copy and phase of a strided BP.
func TestBytesAreThoseOfThePlan(t *testing.T) {
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: "resnet-fmnist", Recipe: "bdwp", Batch: 4}, nil)
	if err != nil {
		t.Fatal(err)
	}
	names, err := models.Shipped("recipe")
	if err != nil {
		t.Fatal(err)
	}
	m.Spec.Vector.Random = 4 // for recipes that draw
	loader := models.NewLoader()
	for _, name := range names {
		r, err := loader.Recipe(name, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		step, err := r.Apply(*m.Step)
		if err != nil {
			t.Fatal(err)
		}
		p, err := dataflow.New(&step, m.Spec, dataflow.Options{Interleave: true, Pregenerate: true, Update: r.Update()})
		if err != nil {
			t.Fatal(err)
		}
		var copies, rest, pads int64
		for i := range p.Groups {
			if u := p.Groups[i].Update; u != nil {
				copies, rest, pads = copies+u.Copies.Bytes(), rest+u.Stored()-u.Copies.Bytes(), pads+64*(2+9)
			}
		}
		for _, t := range step.Frozen { // a teacher's, which no update makes
			copies += t.Bytes()
		}
		d, err := r.Demand(*m.Step)
		if err != nil {
			t.Fatal(err)
		}
		if copies < d.CopyBytes || copies >= d.CopyBytes+pads {
			t.Errorf("%s: the plan's copies have %d bytes, %d are counted", name, copies, d.CopyBytes)
		}
		if rest != d.StateBytes+d.MaskBytes {
			t.Errorf("%s: the plan's masters, state and masks have %d bytes, %d and %d are counted", name, rest, d.StateBytes, d.MaskBytes)
		}
	}
}

// Sentences of every shipped recipe, and the shares of its kinds of steps.
func TestWordsOfRecipes(t *testing.T) {
	for name, want := range map[string][]string{
		"dense":        {"Y = X W: nothing is pruned", "dW = X^T dY: nothing is pruned", "sorted  nothing"},
		"bdwp":         {"of W 2 of 8 along input channels stay, the largest", "of W 2 of 8 along output channels", "twice, once a copy, after every update"},
		"bdwp-warmup":  {"warm-up: 11.1 % of the steps", "new masks: 8.9 %", "kept masks: 80 %", "by which updated weights are selected"},
		"finetune":     {"2 of 4", "W as FF pruned it", "no weight: masks are given and stay"},
		"sdgp":         {"dX = dY W^T: of dY 2 of 8 along output channels", "every element of dY, whenever BP fetches it"},
		"sdwp":         {"Y = X W: nothing is pruned, all of W", "of W 2 of 8 along output channels"},
		"sr-ste":       {"but the classifier: FF dense", "but of the classifier: nothing is pruned, all of W is used", "but of the classifier: a dense FP16 copy", "but of the classifier: nothing\n", "0.0002 * (1 - mask) * W added", "FF's mask, a bit a weight"},
		"transposable": {"at most 2 of 8 stay along both axes, in blocks of 8 x 8; search: greedy", "2:8 along this product's reduction, too", "one copy for FF and BP", "32 operations a weight, after every 40th update", "kept masks: 97.5 %"},
		"fst":          {"an unbiased estimate of least variance", "8 operations an element of dY, where dY is made", "51 operations a weight", "fst dense: 16.7 % of the steps", "search: exact"},
		"activations": {"layers that read what an activation made: FF activations, WU activations", "layers whose outputs an activation alone reads: BP gradients, WU gradients", "activations warm-up: 1.1 %",
			"but of layers that read what an activation made: of X 2 of 4 along input channels stay, the largest", "no gradient: the vector unit finds its places anew, 3 operations an element of dX",
			"but of layers whose outputs an activation alone reads: of dY 2 of 4 along output channels", "of X as FF pruned it 2 of 4 along positions that are far from each other",
			"made: every element of X, whenever FF fetches it; every element of X twice, as FF did and along positions, whenever WU fetches it", "reads: every element of dY, whenever BP fetches it; every element of dY, whenever WU fetches it"},
		"slope":           {"stay, at random; masks: drawn once, and kept", "masks: within FF's, found and kept", "where FF's masks keep alone, 2 of 4 along input channels", "of weights that FF's masks keep alone, each with its place", "BP's mask, a bit for each weight that FF's keeps"},
		"s-ste":           {"made smaller by the largest of the others, times a factor that stays", "finds and subtracts thresholds, 6 operations a weight"},
		"mask-decay":      {"densely, where all but the 2 largest of 8", "masks and their factor (3 operations a weight)", "mask-decay decay: 46.7 %", "dX = dY W^T: densely, with all of W, as FF has it", "dX = dY W^T: densely, with W as FF has it"},
		"bi-mask":         {"within FF's, of every step, in groups by an order of outputs that is the best of 100, of every 100th step", "new order: 1 % of the steps", "that was found and stays", "the vector unit counts what BP would keep in 100 random ones"},
		"slope-adapters":  {"slope-adapters sparse: 99 % of the steps", "adapters of rank 16 beside pruned layers whose positions are read one by one: Y = X W + (X A / 16) B"},
		"maskllm":         {"masters, state and a copy of six logits a group in the weights' place", "by a soft mask of six logits a group, 17 operations a weight", "W times the soft mask", "makes the gradient of the logits, 9 operations a weight", "but of the classifier: nothing is pruned", "temperatures from 4 to 0.05, of logits times 100 to 500"},
		"cast":            {"densely, with all of W; at the end 2 of 4 along input channels stay, the largest; masks: its own, of every 10th step", "densely, with W as FF has it", "new masks: 10 %", "(2 compares a weight where they are found, 8 operations a weight in each step)", "a * 4e-07 sign(W)", "late masks, a bit a weight", "but of the classifier: nothing is pruned", "a teacher, the same network with FP16 weights of its own that stay"},
		"structure-decay": {"7:8", "4:8", "2:8", "dense: 6.7 % of the steps"},
	} {
		r, err := models.NewLoader().Recipe(name, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		w, err := Of(r)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := w.Text(&b); err != nil {
			t.Fatal(err)
		}
		for _, s := range want {
			if !strings.Contains(b.String(), s) {
				t.Errorf("%s does not say %q:\n%s", name, s, b.String())
			}
		}
		sum := 0.
		for _, s := range w.Steps {
			sum += s.Part
		}
		if sum < 1-1e-9 || sum > 1+1e-9 {
			t.Errorf("%s: its kinds of steps are %g of all", name, sum)
		}
	}
}

// What masks take beside the update is said of an exception's layers, too, where they alone have such masks.
func TestUpdatesOfExceptionsInWords(t *testing.T) {
	r := recipe.Default()
	r.Sparsity, r.L1Decay, r.Optimiser = recipe.OptionalRatio{Ratio: nm.Ratio{N: 2, M: 4}}, 0.1, recipe.Adam
	r.Exceptions = []recipe.Exception{{Role: recipe.Classifier, FF: recipe.Rule{Prune: recipe.Weights, Mask: recipe.LateMask}}}
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
	if got, want := r.UpdateWords(), "of the classifier beside it on the vector unit late masks (2 compares a weight where they are found, 4 operations a weight in each step)"; !strings.Contains(got, want) {
		t.Errorf("%q does not say %q", got, want)
	}
}

// An exception says which layers, and what becomes of them.
func TestExceptionsInWords(t *testing.T) {
	e := recipe.Exception{Layers: "layer1.*", FF: recipe.Rule{Prune: recipe.Dense}, BP: recipe.Rule{Sparsity: recipe.OptionalRatio{}}}
	if got := e.Words(); got != "layers layer1.*: FF dense" {
		t.Error(got)
	}
}

// What words say of what the vector unit does a weight or an element is what a step of layers that all do so is counted with: activations of vit-fmnist, whose feed-forward blocks alone are masked, and
// logits, which all layers with whole groups of four have but the classifier.
func TestOperationsInWords(t *testing.T) {
	n, err := models.NewLoader().Network("vit-fmnist", 4, nil)
	if err != nil {
		t.Fatal(err)
	}
	var weights, elements int64
	for _, it := range n.Step.Items {
		for _, p := range it.Products {
			switch {
			case it.Stage == workloads.WU && p.Plain() && it.Weight.Groups == 1 && it.Weight.In%4 == 0 && !it.Classifier:
				weights += it.Weight.Elements()
			case it.Stage == workloads.BP && it.Activated:
				elements += p.Out.Elements
			}
		}
	}
	for name, want := range map[string]struct {
		said    func(s []recipe.Selection) int64
		counted func(d recipe.Demand) int64
		of      int64
	}{
		"maskllm":     {func(s []recipe.Selection) int64 { return s[0].Learns + s[2].Learns }, func(d recipe.Demand) int64 { return d.Added }, weights},
		"activations": {func(s []recipe.Selection) int64 { return s[0].Finds }, func(d recipe.Demand) int64 { return d.Masked }, elements},
	} {
		r, err := models.NewLoader().Recipe(name, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		d, err := r.Demand(n.Step)
		if err != nil {
			t.Fatal(err)
		}
		s := r.Selections()
		if b := r.Buts(); name == "activations" {
			s = b[0].Selections[1:] // BP of layers that read what an activation made
		}
		if said, counted := want.said(s)*want.of, want.counted(d); said != counted || said == 0 {
			t.Errorf("%s says %d operations for %d, and %d are counted", name, said, want.of, counted)
		}
	}
}

// An exception has a row of its own behind its product's, with what it prunes; what a step asks for is in none of them.
func TestRowsOfExceptions(t *testing.T) {
	loader := models.NewLoader()
	r, err := loader.Recipe("activations", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	n, err := loader.Network("vit-fmnist", 4, nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := On(r, n)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := w.Table().CSV(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\nactivations,FF,activated,activations,2:4,input channels,top-n,\"its own, at every fetch\",,,,,,,,,,,,,\n",
		"\nactivations,WU,activating,gradients,2:4,positions that are far from each other,top-n,\"its own, at every fetch\",,,,,,,,,,,,,\n",
		"\nactivations,BP,all,dense,1:1,,,,",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

// The list has every shipped recipe.
func TestListOfShipped(t *testing.T) {
	l, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range l {
		if x.Name == "bdwp" && x.Rules != [3]string{"weights 2:8", "weights 2:8", "dense"} {
			t.Errorf("%+v", x)
		}
		if x.Name == "activations" && x.Rules != [3]string{"dense, activated: activations 2:4", "dense, activating: gradients 2:4", "dense, activated: activations 2:4, activating: gradients 2:4"} {
			t.Errorf("%+v", x)
		}
		if x.Name == "maskllm" && !strings.HasPrefix(x.Masks, "soft, of six logits a group") {
			t.Errorf("%+v", x)
		}
	}
	if len(l) < 8 {
		t.Errorf("%d recipes", len(l))
	}
}

// onceAGroup is how many elements a step has of work once a group, and how many groups of it are multiply-adds.
func onceAGroup(t *testing.T, r recipe.Recipe, n *models.Net) (elements, scales int64) {
	t.Helper()
	step, err := r.Apply(n.Step)
	if err != nil {
		t.Fatal(err)
	}
	for i := range step.Items {
		for k := range step.Items[i].Passes {
			p := &step.Items[i].Passes[k]
			if p.Groups() > 0 {
				elements += p.Elements
			}
			if p.Kind == workloads.Scale {
				scales += p.Groups()
			}
		}
	}
	return elements, scales
}
