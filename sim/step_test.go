package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/schedule"
	"satsim/internal/config"
	"satsim/internal/nm"
	"satsim/internal/quantity"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// randomStep is a small network with everything that a step has: strides, batch norm, a residual, a pool, a linear layer.
func randomStep(t *rapid.T) *workloads.Step {
	draw := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
	channels := 8 * draw("channels", 1, 6)
	stride := draw("stride", 1, 2)
	text := fmt.Sprintf(`kind: network
name: random
params: [{name: batch, value: %d}]
inputs: [{name: images, shape: [batch, %d, %d, 3]}]
layers:
  - {name: stem, op: conv, channels: %d, kernel: 3, pads: 1}
  - {name: bn, op: batch_norm}
  - {name: relu, op: relu}
  - {name: a, op: conv, channels: %d, kernel: %d, stride: %d, pads: 1}
  - {name: abn, op: batch_norm}
  - {name: b, op: conv, channels: %d, kernel: 3, pads: 1, groups: %d}
  - {name: add, op: add, input: [b, abn]}
  - {name: relu2, op: relu}
  - {name: pool, op: global_avg_pool}
  - {name: flat, op: flatten}
  - {name: fc, op: linear, channels: 10, bias: true}
  - {name: loss, op: loss}
`, draw("batch", 1, 6), draw("h", 4, 12), draw("w", 4, 12), channels, channels, 1+2*draw("kernel", 0, 1), stride, channels, rapid.SampledFrom([]int{1, 4, channels}).Draw(t, "groups"))
	var d network.Description
	if err := config.Decode(config.Source{Name: "random.yaml", Data: []byte(text)}, "network", &d); err != nil {
		t.Fatal(err)
	}
	g, err := d.Graph()
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

func randomRecipe(t *rapid.T) recipe.Recipe {
	r := recipe.Default()
	r.Name = "random"
	r = r.Sparsify(rapid.SampledFrom([]nm.Ratio{{N: 1, M: 4}, {N: 2, M: 8}, {N: 2, M: 4}}).Draw(t, "ratio"))
	r.FF.Prune = rapid.SampledFrom([]recipe.Operand{recipe.Dense, recipe.Weights}).Draw(t, "ff")
	r.BP.Prune = rapid.SampledFrom([]recipe.Operand{recipe.Dense, recipe.Weights, recipe.Gradients}).Draw(t, "bp")
	if r.FF.Prune == recipe.Weights && rapid.Bool().Draw(t, "transposable") {
		r.FF.Mask, r.BP.Prune = recipe.Transposable, recipe.FFWeights
		if r.Sparsity.M <= nm.MaxExact {
			r.Search = rapid.SampledFrom([]recipe.Search{recipe.Greedy, recipe.Exact}).Draw(t, "search")
		}
	}
	if r.FF.Prune == recipe.Dense && r.BP.Prune != recipe.Weights || r.FF.Mask == recipe.Transposable {
		r.WU.Prune = rapid.SampledFrom([]recipe.Operand{recipe.Dense, recipe.Gradients}).Draw(t, "wu")
	}
	if r.FF.Prune == recipe.Dense && rapid.Bool().Draw(t, "activations") {
		r.FF.Prune = recipe.Activations
		if r.BP.Prune != recipe.Weights {
			r.WU.Prune = rapid.SampledFrom([]recipe.Operand{recipe.Dense, recipe.Gradients, recipe.Activations}).Draw(t, "update")
		}
	}
	if rapid.IntRange(0, 2).Draw(t, "drawn") == 0 {
		r.WU.Prune, r.WU.Estimator = recipe.Gradients, rapid.SampledFrom([]recipe.Estimator{recipe.MVUE, recipe.Uniform}).Draw(t, "estimator")
	}
	r.Masks = rapid.SampledFrom([]recipe.Refresh{1, 5, recipe.Never}).Draw(t, "masks")
	if rapid.IntRange(0, 3).Draw(t, "kept") == 0 {
		r.FF, r.BP = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Frozen}, recipe.Rule{Prune: recipe.Weights, Mask: recipe.Shared}
		r.WU, r.Masks, r.Search = recipe.WURule{Prune: recipe.Weights}, recipe.Never, ""
	}
	if r.FF.Prune == recipe.Weights && r.FF.Mask == "" && r.WU.Prune != recipe.Weights && rapid.IntRange(0, 2).Draw(t, "permuted") == 0 {
		r.BP, r.Masks, r.Permutation.Orders = recipe.Rule{Prune: recipe.Weights, Mask: recipe.Permuted}, 1, 3
		r.Permutation.Steps = rapid.SampledFrom([]recipe.Refresh{0, 0, recipe.Never}).Draw(t, "order")
	}
	if r.FF.Prune == recipe.Weights && rapid.Bool().Draw(t, "adapters") {
		r.Adapters = 3
	}
	r.Optimiser = rapid.SampledFrom([]recipe.Optimiser{recipe.SGD, recipe.Momentum, recipe.Adam}).Draw(t, "optimiser")
	r.LossScale = rapid.SampledFrom([]recipe.LossScale{recipe.Static, recipe.Dynamic}).Draw(t, "scale")
	return r
}

func randomSpec(t *rapid.T) spec.Spec {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	pick := func(name string, v ...int) int { return rapid.SampledFrom(v).Draw(t, name) }
	s.STCE.Rows, s.STCE.Cols = pick("rows", 4, 8, 16), pick("cols", 4, 8, 16)
	s.Vector.Random = pick("random numbers", 1, 3)
	s.STCE.AddLatency = pick("add", 1, 4, 8)
	s.SORE.Lanes, s.WUVE.Lanes, s.Vector.Lanes = pick("sore", 1, 8), pick("wuve", 1, 8), pick("vector", 2, 16)
	s.Controller.QueueDepth = pick("queue", 1, 2, 3)
	s.Board.Memory.Channels = pick("memory", 1, 2, 4)
	s.Board.Memory.PortWidthBits = pick("port", 128, 512)
	s.Clock = quantity.Frequency(pick("clock", 150_000_000, 200_000_000, 333_000_000))
	for _, b := range []*quantity.Bytes{&s.Buffers.West.Capacity, &s.Buffers.North.Capacity, &s.Buffers.Output.Capacity, &s.Buffers.Update.Capacity, &s.Buffers.Pass.Capacity} {
		*b = quantity.Bytes(pick("buffer", 64<<10, 256<<10))
	}
	d := &s.Dataflow
	d.InterleaveMapping, d.Pregeneration = rapid.Bool().Draw(t, "interleave"), rapid.Bool().Draw(t, "pregeneration")
	d.JoinGroups, d.VectorUpdates = rapid.Bool().Draw(t, "join"), rapid.Bool().Draw(t, "vector updates")
	d.OfflineScheduling, d.OverlapPasses = rapid.Bool().Draw(t, "offline"), rapid.Bool().Draw(t, "overlap")
	s.STCE.OverlapProducts = rapid.Bool().Draw(t, "overlap products")
	s.STCE.Preload = rapid.SampledFrom([]stce.Preload{stce.PreloadShadow, stce.PreloadChase}).Draw(t, "preload")
	return s
}

func planOf(t rapid.TB, sp spec.Spec, dense *workloads.Step, r recipe.Recipe) *dataflow.Plan {
	t.Helper()
	step, err := r.Apply(*dense)
	if err != nil {
		t.Fatal(err)
	}
	p, err := dataflow.New(&step, sp, dataflow.Options{
		Interleave: sp.Dataflow.InterleaveMapping, Join: sp.Dataflow.JoinGroups, Lanes: sp.Dataflow.VectorUpdates, Pregenerate: sp.Dataflow.Pregeneration || r.FF.Mask == recipe.Transposable || r.FF.Mask == recipe.Frozen || r.BP.Mask == recipe.Permuted, Overlap: sp.Dataflow.OverlapPasses, Update: r.Update(),
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := schedule.NewSearcher(p, spec.ObjectiveLatency, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.All(sp.Dataflow.OfflineScheduling); err != nil {
		t.Fatal(err)
	}
	return p
}

// A platform that inherited gives the outcomes that it would have given itself, events included, whatever the other ran; the other gives none any more.
func TestOutcomesAreTheSameAfterInherit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		build := func(sp spec.Spec) *Platform {
			p, err := New(context.Background(), sp, true)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		var old *Platform
		var ran *word.Group
		for i := range 3 {
			sp := randomSpec(t)
			plan := planOf(t, sp, randomStep(t), randomRecipe(t))
			p, alone := build(sp), build(sp)
			if old != nil {
				p.Inherit(old)
				if _, err := old.Run(ran); err == nil || !strings.Contains(err.Error(), "another platform inherited from this one") {
					t.Fatalf("what was inherited from runs: %v", err)
				}
			}
			for g := range plan.Groups {
				ran = &plan.Groups[g].Word
				got, errGot := p.Run(ran)
				want, errWant := alone.Run(ran)
				if err := errors.Join(errGot, errWant); err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, want) {
					t.Fatalf("platform %d, %s:\n%+v, want\n%+v", i, plan.Groups[g].Label, got, want)
				}
			}
			old = p
		}
	})
}

// Whole random steps on random machines: every group's outcome is the same with an event of the engine for each cycle, with one for cycles in a row, with periods skipped,
// and with the components of a cycle in any order.
func TestStepsAreTheSameSkippedAndShuffled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sp := randomSpec(t)
		p := planOf(t, sp, randomStep(t), randomRecipe(t))
		seed := rapid.Uint64().Draw(t, "seed")
		for i := range p.Groups {
			g := &p.Groups[i]
			want := run(t, sp, &g.Word, nil, false)
			p, err := New(context.Background(), sp, false)
			if err != nil {
				t.Fatal(err)
			}
			inRow, err := p.Run(&g.Word)
			if err != nil {
				t.Fatal(err)
			}
			if inRow.Events != want.Events {
				t.Fatalf("%s: %d steps of components with cycles in a row, %d one by one", g.Label, inRow.Events, want.Events)
			}
			got := map[string]Outcome{
				"in a row": inRow, "skipped": run(t, sp, &g.Word, nil, true), "shuffled": run(t, sp, &g.Word, rand.New(rand.NewPCG(seed, uint64(i))), false),
			}
			for name, o := range got {
				if o.Cycles != want.Cycles || o.Lanes != want.Lanes || !reflect.DeepEqual(o.Runs, want.Runs) || !reflect.DeepEqual(o.Memory, want.Memory) {
					t.Fatalf("%s, %s: %d cycles, want %d\n%+v\n%+v", g.Label, name, o.Cycles, want.Cycles, o, want)
				}
			}
		}
	})
}
