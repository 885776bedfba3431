package explore

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/energy"
	"satsim/internal/config"
	"satsim/results/experiment/models"
	"satsim/results/store"
	"satsim/results/sweep"
	"satsim/workloads/network"
	"satsim/workloads/network/networktest"
)

// headline are the five networks that the shipped space is searched for.
func headline() []string {
	return []string{"resnet9", "vit-cifar", "vgg19-cifar", "resnet18-tiny", "resnet50"}
}

// shares are a tier's bounds of a step, as parts of what is simulated: cycles, and joules at the high end.
type shares struct{ cycles, joules float64 }

// sound holds the bounds of a step against what it takes, in cycles and in joules at each corner.
func sound(t rapid.TB, tiers Tiers, c sweep.Selection, m *sweep.Models) (closed, scheduled shares) {
	t.Helper()
	ctx := context.Background()
	took, err := tiers.Simulate(ctx, c, m)
	if err != nil {
		t.Fatal(err)
	}
	words, err := tiers.Schedule(ctx, m)
	if err != nil {
		t.Fatal(err)
	}
	x, class, s := bounded(t, tiers, m)
	for _, tier := range []struct {
		name   string
		cycles int64
		did    *energy.ActionCounts
		out    *shares
	}{{"closed form", s.cycles[0], &class.did[0], &closed}, {"schedule", words.Cycles, &words.Did, &scheduled}} {
		if s.cycles[0] = tier.cycles; tier.cycles > took.Cycles {
			t.Fatalf("%s, %s: a bound of %d cycles, simulated %d", c.String(), tier.name, tier.cycles, took.Cycles)
		}
		tier.out.cycles = float64(tier.cycles) / float64(took.Cycles)
		for _, x.options.Corner = range []Corner{Low, Middle, High} {
			j, err := x.joules(class, s, 0, tier.did)
			if err != nil {
				t.Fatal(err)
			}
			simulated := x.options.Corner.joules(took.Joules)
			if j > simulated {
				t.Fatalf("%s, %s: a bound of %g J at the %s end, simulated %g", c.String(), tier.name, j, x.options.Corner, simulated)
			}
			tier.out.joules = j / simulated
		}
	}
	return closed, scheduled
}

// What a schedule's words take at the least is no more than what they take, and at least 99 % of it for the networks of the headline on the default machine, dense and BDWP.
func TestScheduleIsCloseToWhatIsSimulated(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	resolve, tiers := sweep.Load(nil), NewTiers(nil, store.Origin{})
	for _, net := range headline() {
		for _, recipe := range []string{"dense", "bdwp"} {
			var c sweep.Selection
			c.Arch, c.Network, c.Recipe = "sat-vcu1525", net, recipe
			m, err := resolve(c)
			if err != nil {
				t.Fatal(err)
			}
			closed, scheduled := sound(t, tiers, c, m)
			t.Logf("%s, %s: of simulated cycles and joules the schedule's bounds are %.4f and %.4f, closed forms %.4f and %.4f", net, recipe, scheduled.cycles, scheduled.joules, closed.cycles, closed.joules)
			if scheduled.cycles < 0.99 {
				t.Errorf("%s, %s: the schedule's bound is %.4f of what is simulated", net, recipe, scheduled.cycles)
			}
		}
	}
}

// No design of the shipped space beats a bound, in cycles or joules, with any network of the headline. How close the bounds are is logged: docs/explore.md says what it was.
func TestNoDesignBeatsItsBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	fewer(t, 10)
	f, err := sweep.Open("fit")
	if err != nil {
		t.Fatal(err)
	}
	f.Networks = headline()
	s, err := NewSpace(f, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	tiers := NewTiers(nil, store.Origin{})
	tierOf := map[string][][]float64{}
	for _, name := range []string{"cycles by closed form", "joules by closed form", "cycles by schedule", "joules by schedule"} {
		tierOf[name] = make([][]float64, len(s.Works))
	}
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.IntRange(0, len(s.Works)-1).Draw(t, "network")
		evenly := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)) // rapid prefers small numbers
		c, err := s.Selection(evenly.IntN(s.Size), w)
		if err != nil {
			t.Fatal(err)
		}
		m, err := s.models(c)
		if err != nil {
			t.Fatal(err)
		}
		a, b := sound(t, tiers, c, m)
		for name, share := range map[string]float64{"cycles by closed form": a.cycles, "joules by closed form": a.joules, "cycles by schedule": b.cycles, "joules by schedule": b.joules} {
			tierOf[name][w] = append(tierOf[name][w], share)
		}
	})
	for _, name := range slices.Sorted(maps.Keys(tierOf)) {
		for w, all := range tierOf[name] {
			if slices.Sort(all); len(all) > 0 {
				t.Logf("%s, %s, %d designs: least %.4f, a tenth below %.4f, middle %.4f of what is simulated", name, s.Works[w].Network, len(all), all[0], all[len(all)/10], all[len(all)/2])
			}
		}
	}
}

// No step of a random network on a random machine takes fewer cycles or joules than its bounds.
func TestNoRandomStepBeatsItsBounds(t *testing.T) {
	resolve, tiers := sweep.Load(nil), NewTiers(nil, store.Origin{})
	least := math.Inf(1)
	rapid.Check(t, func(t *rapid.T) {
		var c sweep.Selection
		c.Arch, c.Network, c.Batch = "sat-vcu1525", "resnet9", 2
		c.Recipe = rapid.SampledFrom([]string{"dense", "bdwp", "sdgp", "sr-ste"}).Draw(t, "recipe")
		c.Energy = rapid.SampledFrom([]string{"", "asic45-horowitz"}).Draw(t, "energy")
		for _, p := range []struct {
			path   string
			values []string
		}{
			{"stce.rows", []string{"1", "3", "23", "64"}}, {"stce.cols", []string{"1", "5", "32", "100"}}, {"stce.add_latency", []string{"1", "6", "13"}},
			{"stce.max_interleave", []string{"1", "3", "16"}}, {"stce.link_width", []string{"1", "4", "16"}}, {"stce.edge_folds", []string{"exact", "full"}},
			{"stce.drain", []string{"overlap", "serial", "hidden"}}, {"stce.preload", []string{"shadow", "serial", "chase"}},
			{"vector.lanes", []string{"1", "7", "64", "1000"}}, {"wuve.lanes", []string{"1", "64"}}, {"sore.lanes", []string{"1", "32"}}, {"norm.lanes", []string{"32"}},
			{"buffers.west.capacity", []string{"256KiB", "4MiB"}}, {"clock", []string{"100MHz", "250MHz"}},
			{"board.memory.channels", []string{"1", "4"}}, {"board.memory.port_width_bits", []string{"64", "2048"}}, {"board.memory.port_duplex", []string{"true", "false"}},
			{"dataflow.interleave_mapping", []string{"false"}}, {"dataflow.overlap_passes", []string{"false"}}, {"dataflow.pregeneration", []string{"false"}},
			{"dataflow.join_groups", []string{"true", "false"}}, {"dataflow.vector_updates", []string{"true", "false"}}, {"dataflow.offline_scheduling", []string{"false"}},
			{"dataflow.objective", []string{"energy"}}, {"dataflow.prune_at", []string{"edge"}},
		} {
			if v := rapid.SampledFrom(append([]string{"", ""}, p.values...)).Draw(t, p.path); v != "" {
				c.Set = append(c.Set, config.Override{Path: p.path, Value: v, Origin: "test"})
			}
		}
		if rapid.IntRange(0, 4).Draw(t, "memory") == 0 { // command by command, which bounds of the fast model are none of
			c.Set = append(c.Set, config.Override{Path: "board.memory.model", Value: "detailed", Origin: "test"}, config.Override{Path: "board.memory.port_duplex", Value: "false", Origin: "test"})
		}
		m, err := resolve(c)
		if err != nil {
			t.Fatal(err)
		}
		shape := network.Shape{rapid.Int64Range(1, 3).Draw(t, "images"), rapid.SampledFrom([]int64{2, 4, 6}).Draw(t, "height"),
			rapid.SampledFrom([]int64{2, 4, 10}).Draw(t, "width"), rapid.SampledFrom([]int64{8, 24, 64}).Draw(t, "channels")}
		step, err := networktest.RandomGraph(t, shape, networktest.Plain(shape)).Step()
		if err != nil {
			t.Fatal(err)
		}
		own := *m.Models
		own.Step = &step
		_, scheduled := sound(t, tiers, c, &sweep.Models{Models: &own})
		least = min(least, scheduled.cycles)
	})
	t.Logf("a schedule's bound is %.4f of what is simulated, at the least", least)
}

// Nor does a step of a shipped network under a shipped recipe, attention, embeddings, depthwise convolutions and all, on the machine as it is or another one.
func TestNoShippedStepBeatsItsBounds(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates")
	}
	fewer(t, 5)
	var lists [2][]string
	for i, kind := range []string{"network", "recipe"} {
		var err error
		if lists[i], err = models.Shipped(kind); err != nil {
			t.Fatal(err)
		}
	}
	networks := slices.DeleteFunc(lists[0], func(name string) bool { return name == "llama2-7b" || name == "gpt2" }) // they don't fit, or take long
	resolve, tiers := sweep.Load(nil), NewTiers(nil, store.Origin{})
	rapid.Check(t, func(t *rapid.T) {
		var c sweep.Selection
		c.Arch, c.Batch = "sat-generous", 1
		c.Set = []config.Override{{Path: "vector.random", Value: "4", Origin: "test"}} // for recipes that draw
		c.Network, c.Recipe = rapid.SampledFrom(networks).Draw(t, "network"), rapid.SampledFrom(lists[1]).Draw(t, "recipe")
		for _, o := range []config.Override{
			{Path: "recipe.loss_scale", Value: "dynamic"}, {Path: "recipe.optimiser", Value: "adam"}, {Path: "stce.rows", Value: "7"}, {Path: "norm.lanes", Value: "32"}, {Path: "vector.lanes", Value: "128"},
		} {
			if o.Origin = "test"; rapid.Bool().Draw(t, o.Path) {
				c.Set = append(c.Set, o)
			}
		}
		m, err := resolve(c)
		if err != nil {
			t.Fatal(err)
		}
		sound(t, tiers, c, m)
	})
}
