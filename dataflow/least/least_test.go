package least_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/spec"
	"satsim/dataflow/least"
	"satsim/internal/config"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/network/networktest"
)

func load(t rapid.TB, net, recipe string, set ...string) *models.Models {
	t.Helper()
	o, err := models.ParseOverrides("test", set)
	if err != nil {
		t.Fatal(err)
	}
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: net, Recipe: recipe, Batch: 2}, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// draw changes a machine in what bounds depend on, all of Free among it.
func draw(t *rapid.T, s *spec.Spec) {
	set := map[string][]string{
		"stce.rows": {"1", "3", "23", "64"}, "stce.cols": {"1", "5", "32", "100"}, "stce.mul_latency": {"0", "5"}, "stce.add_latency": {"1", "6", "13"},
		"stce.max_interleave": {"1", "3", "8", "16"}, "stce.link_width": {"1", "4", "16"}, "stce.add_in": {"dsp", "logic"}, "stce.drain": {"overlap", "serial", "hidden"},
		"stce.preload": {"shadow", "serial", "chase"}, "stce.edge_folds": {"exact", "full"},
		"vector.lanes": {"1", "7", "64", "1000"}, "vector.pipeline_latency": {"0", "8"}, "vector.strip": {"1", "8"}, "wuve.lanes": {"1", "4", "64"},
		"wuve.mul_latency": {"1", "9"}, "wuve.add_latency": {"1", "9"}, "wuve.div_latency": {"1", "30"}, "wuve.sqrt_latency": {"1", "30"}, "wuve.convert_latency": {"1", "5"},
		"buffers.west.capacity": {"256KiB", "4MiB"}, "buffers.north.capacity": {"256KiB", "2MiB"}, "buffers.output.capacity": {"512KiB", "2MiB"},
		"buffers.update.capacity": {"1MiB"}, "buffers.pass.capacity": {"256KiB"},
		"sore.lanes": {"1", "32"}, "board.memory.channels": {"1", "2", "4"}, "board.memory.port_width_bits": {"64", "512", "2048"}, "board.memory.port_duplex": {"true", "false"},
		"dataflow.interleave_mapping": {"true", "false"}, "dataflow.overlap_passes": {"true", "false"}, "dataflow.pregeneration": {"true", "false"},
		"dataflow.join_groups": {"true", "false"}, "dataflow.vector_updates": {"true", "false"}, "dataflow.offline_scheduling": {"true", "true", "false"}, "dataflow.prune_at": {"fetch", "edge"}, "norm.lanes": {"1", "32"}, "vector.count_rows": {"true", "false"}, "stce.max_m": {"8", "16"},
	}
	for _, p := range least.Free() {
		if _, ok := set[p]; !ok {
			t.Fatalf("%s is not drawn", p)
		}
	}
	var paths []string
	for p := range set {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	var all []config.Override
	for _, p := range paths {
		if v := rapid.SampledFrom(append([]string{""}, set[p]...)).Draw(t, p); v != "" {
			all = append(all, config.Override{Path: p, Value: v, Origin: "test"})
		}
	}
	if err := config.Set(s, all); err != nil {
		t.Fatal(err)
	}
}

// No step of a random network on a random machine takes fewer cycles than its closed form, nor than its words take at the least.
func TestNoStepBeatsItsBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := load(t, "resnet9", rapid.SampledFrom([]string{"dense", "bdwp", "sdgp", "sr-ste"}).Draw(t, "recipe"))
		shape := network.Shape{rapid.Int64Range(1, 3).Draw(t, "images"), rapid.SampledFrom([]int64{2, 4, 6}).Draw(t, "height"),
			rapid.SampledFrom([]int64{2, 4, 10}).Draw(t, "width"), rapid.SampledFrom([]int64{8, 24, 64}).Draw(t, "channels")}
		step, err := networktest.RandomGraph(t, shape, networktest.Plain(shape)).Step()
		if err != nil {
			t.Fatal(err)
		}
		draw(t, &m.Spec)
		x, err := machine.New(context.Background(), m.Spec, false)
		if err != nil {
			t.Fatal(err)
		}
		s := machine.Step{Dense: &step, Recipe: m.Recipe}
		if err := x.Do(&s); err != nil {
			t.Fatal(err)
		}
		bound, err := least.Of(s.Plan)
		if err != nil {
			t.Fatal(err)
		}
		words, err := x.Least(&s)
		if err != nil {
			t.Fatal(err)
		}
		if n, took := bound.Cycles(&m.Spec), s.Run.Total.Cycles; n > took || words > took {
			t.Fatalf("bounds %d cycles by closed form and %d by words, simulated %d", n, words, took)
		}
	})
}

// How close bounds come to shipped networks on the default machine, at their own batch: docs/explore.md says.
func TestBoundsOfShippedNetworksAreClose(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	for _, c := range []struct {
		networks []string
		low      float64
	}{{[]string{"resnet9", "resnet18-tiny", "resnet50", "vgg19-cifar"}, 0.97}, {[]string{"bert-base"}, 0.92}, {[]string{"vit-cifar"}, 0.86}} {
		lowest, highest := 1.0, 0.0
		for _, net := range c.networks {
			for _, recipe := range []string{"dense", "bdwp"} {
				share := shareOfBound(t, net, recipe)
				t.Logf("%s, %s: %.4f", net, recipe, share)
				lowest, highest = min(lowest, share), max(highest, share)
			}
		}
		if lowest < c.low || highest > 1 {
			t.Errorf("%v: bounds are %.4f to %.4f of what is simulated", c.networks, lowest, highest)
		}
	}
}

// shareOfBound is the bound of a step over what it takes.
func shareOfBound(t *testing.T, net, recipe string) float64 {
	t.Helper()
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: net, Recipe: recipe}, nil)
	if err != nil {
		t.Fatal(err)
	}
	x, err := machine.New(context.Background(), m.Spec, false)
	if err != nil {
		t.Fatal(err)
	}
	s := machine.Step{Dense: m.Step, Recipe: m.Recipe}
	if err := x.Do(&s); err != nil {
		t.Fatal(err)
	}
	bound, err := least.Of(s.Plan)
	if err != nil {
		t.Fatal(err)
	}
	return float64(bound.Cycles(&m.Spec)) / float64(s.Run.Total.Cycles)
}

// What a plan does not depend on does not change its bound's making: the bound of one machine's plan, asked of another, is that of the other's.
func TestPlansAreFreeOfWhatIsSaid(t *testing.T) {
	m := load(t, "mobilenet-v2", "bdwp", "dataflow.join_groups=true")
	step, err := m.Recipe.Apply(*m.Step)
	if err != nil {
		t.Fatal(err)
	}
	of := func(s spec.Spec) *least.Step {
		p, err := machine.Plan(s, &step, m.Recipe)
		if err != nil {
			t.Fatal(err)
		}
		b, err := least.Of(p)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	own := of(m.Spec)
	for path, value := range map[string]string{
		"stce.rows": "7", "stce.cols": "9", "stce.mul_latency": "5", "stce.add_latency": "11", "stce.max_interleave": "3", "stce.link_width": "2", "stce.add_in": "logic",
		"vector.lanes": "17", "vector.pipeline_latency": "3", "vector.strip": "5", "wuve.lanes": "9", "wuve.mul_latency": "7", "wuve.add_latency": "7", "wuve.div_latency": "7",
		"wuve.sqrt_latency": "7", "wuve.convert_latency": "7", "buffers.west.capacity": "3MiB", "buffers.north.capacity": "3MiB", "buffers.output.capacity": "3MiB",
		"buffers.update.capacity": "3MiB", "buffers.pass.capacity": "3MiB",
	} {
		if !slices.Contains(least.Free(), path) {
			t.Errorf("%s is tried and not said to be free", path)
		}
		s := m.Spec
		if err := config.Set(&s, []config.Override{{Path: path, Value: value, Origin: "test"}}); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(of(s), own) {
			t.Errorf("the plan's bound changes with %s", path)
		}
	}
	if n := len(least.Free()); n != 21 {
		t.Errorf("%d parameters are free, 21 are tried", n)
	}
}

// One layer by hand: layer1.0.conv1 FF of ResNet-18 at 64x64, batch 512, under 2:8 has 131,072 x 64 outputs of 9 taps x 16 kept channels. 23 rows and 32 columns take
// ceil(131072/23) = 5,699 rows' worth twice, 144 slots each: 1,641,312 cycles. Alone in a step on a machine whose other units are never in the way, and whose
// controller needs no cycle for a word, that is the bound.
func TestLayerByHand(t *testing.T) {
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: "resnet18-tiny", Recipe: "bdwp"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m, err = m.Only("layer1.0.conv1", nil); err != nil {
		t.Fatal(err)
	}
	m.Spec.Controller.Reconfigure, m.Spec.Vector.Lanes, m.Spec.WUVE.Lanes = 0, 1<<20, 1<<20
	step, err := m.Recipe.Apply(*m.Step)
	if err != nil {
		t.Fatal(err)
	}
	for i := range step.Items {
		if step.Items[i].Stage == workloads.FF {
			step.Items = step.Items[i : i+1]
			break
		}
	}
	p, err := machine.Plan(m.Spec, &step, m.Recipe)
	if err != nil {
		t.Fatal(err)
	}
	b, err := least.Of(p)
	if err != nil {
		t.Fatal(err)
	}
	if n := b.Cycles(&m.Spec); n != 1_641_312 {
		t.Errorf("%d cycles; by hand 1,641,312", n)
	}
}

// A design is bounded without allocation, with products that may be the vector unit's. (Those that may be joined are made anew for each array.)
func TestBoundsDoNotAllocate(t *testing.T) {
	for _, c := range [][]string{{"resnet18-tiny", "bdwp"}, {"mobilenet-v2", "bdwp", "dataflow.join_groups=false"}, {"vit-cifar", "sdgp"}} {
		m := load(t, c[0], c[1], c[2:]...)
		step, err := m.Recipe.Apply(*m.Step)
		if err != nil {
			t.Fatal(err)
		}
		p, err := machine.Plan(m.Spec, &step, m.Recipe)
		if err != nil {
			t.Fatal(err)
		}
		b, err := least.Of(p)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(3, func() { b.Cycles(&m.Spec) }); n > 0 {
			t.Errorf("%v: %g allocations", c, n)
		}
	}
}
