package flow_test

import (
	"fmt"
	"strings"
	"testing"

	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/flow"
	"satsim/dataflow/schedule"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// small is the step of a network that has most of what passes between layers: activations, gradients, masks, indices of a pool, statistics.
// In bytes, by hand, for 2 images:
//
//	images  8 x 8 x 16 FP16     4,096    pool    4 x 4 x 16 FP16      1,024
//	first   8 x 8 x 16 FP16     4,096    indices 4 x 4 x 16, 2 bits     128
//	bn      8 x 8 x 16 FP16     4,096    second  2 x 2 x 12 FP16        192 (3 x 3, stride 2: a tap reaches all of 4 x 4)
//	stats   16 means, 16 more     128    labels  8 words                 32
//	mask    8 x 8 x 16 bits       256
func small(t testing.TB) workloads.Step {
	t.Helper()
	g := &network.Graph{
		Name:   "small",
		Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 8, 8, 16}}},
		Nodes: []network.Node{
			{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: 16, Kernel: [2]int64{1, 1}},
			{Name: "bn", Op: network.BatchNorm, Inputs: []string{"first"}},
			{Name: "relu", Op: network.ReLU, Inputs: []string{"bn"}},
			{Name: "pool", Op: network.MaxPool, Inputs: []string{"relu"}, Kernel: [2]int64{2, 2}, Stride: [2]int64{2, 2}},
			{Name: "second", Op: network.Conv, Inputs: []string{"pool"}, Channels: 12, Kernel: [2]int64{3, 3}, Stride: [2]int64{2, 2}, Pads: [4]int64{1, 1, 1, 1}},
			{Name: "loss", Op: network.Loss, Inputs: []string{"second"}},
		},
	}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	return step
}

// planned is a step at 2:8 in words, on a machine whose buffers hold several tiles.
func planned(t testing.TB, step workloads.Step, o dataflow.Options) *dataflow.Plan {
	t.Helper()
	r := recipe.Default()
	r.FF.Prune, r.BP.Prune = recipe.Weights, recipe.Weights
	rule := r.Update()
	rule.SRSTE, rule.MasksFixed, rule.MasksKept = o.Update.SRSTE, o.Update.MasksFixed, o.Update.MasksKept
	o.Update = rule
	return plannedBy(t, r.Sparsify(nm.Ratio{N: 2, M: 8}), step, o)
}

// plannedBy is a step under a recipe, likewise.
func plannedBy(t testing.TB, r recipe.Recipe, step workloads.Step, o dataflow.Options) *dataflow.Plan {
	t.Helper()
	step, err := r.Apply(step)
	if err != nil {
		t.Fatal(err)
	}
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.STCE.MulLatency, s.STCE.AddLatency = 4, 8
	s.Buffers.North.Capacity = 4 << 10
	o.Interleave = true
	p, err := dataflow.New(&step, s, o)
	if err != nil {
		t.Fatal(err)
	}
	search, err := schedule.NewSearcher(p, spec.ObjectiveLatency, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := search.All(true); err != nil {
		t.Fatal(err)
	}
	return p
}

// counted are runs in which every instruction ran as often as the words say.
func counted(p *dataflow.Plan) [][][]int64 {
	out := make([][][]int64, len(p.Groups))
	for i := range p.Groups {
		for si := range p.Groups[i].Word.Streams {
			out[i] = append(out[i], p.Groups[i].Word.Streams[si].Count()...)
		}
	}
	return out
}

// Of the small step, by hand: arrays images, labels, first, bn's (relu works in its place), its mask and statistics, pool, indices, second: 9;
// gradients of second, pool and relu (in whose place bn's is), of first, of both weights, and of bn's scale and shift: 7; three updates with a state
// and a weight each: 6.
func TestEveryTensorIsCountedOnce(t *testing.T) {
	p := planned(t, small(t), dataflow.Options{Pregenerate: true})
	c, err := flow.Check(p, counted(p))
	if err != nil {
		t.Fatal(err)
	}
	want := flow.Coverage{Tensors: 22, Exact: 22 - 2 - 2 - 1}
	want.By[flow.Begins] = 2 // images, labels
	want.By[flow.OnChip] = 2 // gradients of first and second
	want.By[flow.Parts] = 1  // the four phases of pool's gradient
	if c != want {
		t.Errorf("%+v, want %+v", c, want)
	}
}

// op finds the work of a lane for a layer in a stage, and how many tiles that is.
func op(t *testing.T, p *dataflow.Plan, layer string, stage workloads.Stage, lane word.Lane) (o *word.Op, tiles int64) {
	t.Helper()
	for i := range p.Groups {
		g := &p.Groups[i]
		for si := range g.Word.Streams {
			it := &p.Step.Items[g.Owner(si)]
			for oi, times := range g.Word.Streams[si].Count() {
				if o := &g.Word.Streams[si].Ops[oi]; it.Layer == layer && it.Stage == stage && o.Lane == lane {
					return o, times[0]
				}
			}
		}
	}
	t.Fatalf("%s %s has no %s", layer, stage, lane)
	return nil, 0
}

// One side that moves other bytes than the other is named, with the tensor, the other side and both figures.
func TestOneSideOfATensor(t *testing.T) {
	for _, c := range []struct {
		name  string
		layer string
		stage workloads.Stage
		lane  word.Lane
		more  int64
		want  []string
	}{
		{"a result a byte short", "first", workloads.FF, word.WriteOut, -1, []string{"first is not conserved: first FF writes 4095 bytes", "batch_norm_apply of bn in bn FF reads 4096 bytes"}},
		{"a result with a burst of padding", "second", workloads.FF, word.WriteOut, 64, []string{"second is not conserved: second FF writes 256 bytes", "loss of loss in loss BP reads 192 bytes"}},
		{"statistics that nobody writes", "first", workloads.FF, word.WriteOut, -128, []string{"first FF writes 3968 bytes", "reads 4096 bytes"}},
		{"a mask that nobody writes", "bn", workloads.FF, word.WritePass, -256, []string{"relu.mask is not conserved: activation of relu in bn FF writes 0 bytes", "activation_grad of relu in pool BP reads 256 bytes"}},
		{"indices that nobody reads", "pool", workloads.BP, word.ReadPass, -128, []string{"pool.indices is not conserved: pool of pool in pool FF writes 128 bytes", "pool_grad of pool in pool BP reads 0 bytes"}},
		{"images in another format", "first", workloads.WU, word.ReadWest, 4096, []string{"images is not conserved: the step's input writes 4096 bytes", "first WU reads 8192 bytes"}},
		{"a gradient's tile less", "second", workloads.WU, word.ReadNorth, -96, []string{"d(second) is not conserved: loss of loss in loss BP writes 192 bytes", "second WU reads 96 bytes"}},
		{"state that stays behind", "second", workloads.WU, word.WriteState, -4, []string{"second.weight is not conserved", "masters and state"}},
		{"a gradient from memory", "bn", workloads.WU, word.ReadState, 128, []string{"d(bn.scale_shift) is not conserved: batch_norm_reduce of bn in bn BP writes 128 bytes", "bn WU reads 256 bytes"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := planned(t, small(t), dataflow.Options{Pregenerate: true})
			o, n := op(t, p, c.layer, c.stage, c.lane)
			if len(o.Variants) != 1 || c.more%n != 0 {
				t.Fatalf("the op has %d tiles of %d kinds; the case is worked out for equal ones", n, len(o.Variants))
			}
			o.Variants[0].Work.Bytes += c.more / n
			_, err := flow.Check(p, counted(p))
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%v; want %q in it", err, want)
				}
			}
		})
	}
}

// touches are all places where a step has a tensor.
func touches(step *workloads.Step) (out []*workloads.Tensor, who []string) {
	add := func(what string, t *workloads.Tensor) {
		out, who = append(out, t), append(who, what+" "+t.Name)
	}
	for i := range step.Items {
		it := &step.Items[i]
		for k := range it.Products {
			pr, at := &it.Products[k], fmt.Sprint(it.Layer, " ", it.Stage, " product ", k)
			add(at+" west", &pr.West)
			add(at+" north", &pr.North)
			add(at+" out", &pr.Out)
		}
		for k := range it.Passes {
			ps, at := &it.Passes[k], fmt.Sprint(it.Layer, " ", it.Stage, " ", it.Passes[k].Kind)
			for j := range ps.Reads {
				add(at+" reads", &ps.Reads[j])
			}
			for j := range ps.Writes {
				add(at+" writes", &ps.Writes[j])
			}
		}
	}
	return out, who
}

// An array may be stored in any format, here a byte an element, if all who touch it know. If one does not, and the rest does, it is found: but
// where a tensor is passed on in an output path and moves nothing.
func TestOneSideForgetsTheFormat(t *testing.T) {
	quiet := map[string]bool{
		"first FF batch_norm_stats reads first": true, "bn FF activation reads relu": true, "bn FF activation writes relu": true,
		"pool BP activation_grad reads d(relu)": true, "pool BP activation_grad writes d(relu)": true,
	}
	base := small(t)
	_, all := touches(&base)
	names := map[string]bool{}
	for i := range all {
		step := small(t)
		at, who := touches(&step)
		name := at[i].Name
		if at[i].Role == workloads.Weight || at[i].Role == workloads.WeightGradient || name == "images" || name == "loss.labels" {
			continue // copies have a test of their own; of the others one side is no tensor of a product or pass
		}
		odd := at[i].Format
		for _, x := range at {
			if x.Name == name {
				x.Format = nm.Coded(8)
			}
		}
		if !names[name] {
			names[name] = true
			p := planned(t, step, dataflow.Options{Pregenerate: true})
			if _, err := flow.Check(p, counted(p)); err != nil {
				t.Errorf("%s in a byte an element: %v", name, err)
			}
		}
		at[i].Format = odd
		p := planned(t, step, dataflow.Options{Pregenerate: true})
		_, err := flow.Check(p, counted(p))
		switch {
		case quiet[who[i]]:
			if err != nil {
				t.Errorf("%s moves nothing: %v", who[i], err)
			}
		case err == nil || !strings.HasPrefix(err.Error(), name+" is not conserved"):
			t.Errorf("%s is the only one that does not know of the format: %v", who[i], err)
		}
	}
	if len(names) < 10 {
		t.Errorf("only %v were tried", names)
	}
}

// A pass that forgets a tensor which nobody else reads.
func TestAPassForgetsATensor(t *testing.T) {
	for _, name := range []string{"relu.mask", "pool.indices"} {
		step := small(t)
		for i := range step.Items {
			it := &step.Items[i]
			for k := range it.Passes {
				ps := &it.Passes[k]
				if n := len(ps.Reads) - 1; it.Stage == workloads.BP && n > 0 && ps.Reads[n].Name == name {
					ps.Reads = ps.Reads[:n]
				}
			}
		}
		p := planned(t, step, dataflow.Options{Pregenerate: true})
		_, err := flow.Check(p, counted(p))
		if err == nil || !strings.Contains(err.Error(), name+" is not conserved") || !strings.Contains(err.Error(), "nobody reads it") {
			t.Errorf("%s is written and not read: %v", name, err)
		}
	}
}

// Half of an array is read by who says that it is a slice, and by nobody else.
func TestAPartNeedsAReason(t *testing.T) {
	for part, fine := range map[workloads.Part]bool{0: false, workloads.Slice: true} {
		step := small(t)
		at, who := touches(&step)
		for i := range at {
			if who[i] == "pool FF pool reads relu" {
				at[i].Elements, at[i].Part = at[i].Elements/2, part
			}
		}
		p := planned(t, step, dataflow.Options{Pregenerate: true})
		c, err := flow.Check(p, counted(p))
		if want := "relu is not conserved: batch_norm_apply of bn in bn FF writes 4096 bytes, 2048 elements; pool of pool in pool FF reads 2048 bytes, 1024 elements"; !fine && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%v; want %s", err, want)
		}
		if fine && (err != nil || c.By[flow.Sliced] != 1) {
			t.Errorf("%+v, %v", c, err)
		}
	}
}

// A convolution's result, 2 x 8 x 8 x 16 in FP16, times a mask that is an input: the backward pass needs the mask, nobody the result but the product in its output
// path. It is written all the same, which the rule says, and no reader is missed.
func TestAResultThatIsWrittenInVain(t *testing.T) {
	g := &network.Graph{
		Name:   "masked",
		Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 8, 8, 16}}, {Name: "mask", Shape: network.Shape{2, 8, 8, 16}}},
		Nodes: []network.Node{
			{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: 16, Kernel: [2]int64{1, 1}},
			{Name: "masked", Op: network.Mul, Inputs: []string{"first", "mask"}},
			{Name: "loss", Op: network.Loss, Inputs: []string{"masked"}},
		},
	}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	p := planned(t, step, dataflow.Options{Pregenerate: true})
	c, err := flow.Check(p, counted(p))
	if err != nil || c.By[flow.Vain] != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	o, n := op(t, p, "first", workloads.FF, word.WriteOut)
	if n != 1 || o.Variants[0].Work.Bytes != 2*2*2*8*8*16 { // the product's, and the result's
		t.Errorf("%d tiles of %d bytes are written", n, o.Variants[0].Work.Bytes)
	}
}
