package compare

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"

	"satsim/results/experiment/models"
	"satsim/workloads/recipe"
)

// The baseline of the same resources is never slower than the accelerator itself that runs dense, at any end, whatever the array's maxima,
// latencies and links, also where groups of M join the products of depthwise convolutions; and a board's scarcest resource decides how large it is.
func TestDenseOnlyIsNeverSlowerThanTheMachineRunningDense(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates many machines")
	}
	loaded := map[string]*models.Models{}
	for _, network := range []string{"resnet9", "mobilenet-v2"} {
		m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: network, Recipe: "dense", Batch: 1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		loaded[network] = m
	}
	rapid.Check(t, func(t *rapid.T) {
		m := loaded[rapid.SampledFrom([]string{"resnet9", "mobilenet-v2"}).Draw(t, "network")]
		step := *m.Step
		step.Items, step.Partial = step.Items[:6], true
		s := m.Spec
		draw := func(name string, of ...int) int { return rapid.SampledFrom(of).Draw(t, name) }
		p := &s.STCE
		p.Rows, p.Cols = draw("rows", 4, 8, 12, 16), draw("cols", 4, 8, 12, 16)
		p.MaxM = draw("max_m", 2, 4, 8, 16)
		p.MaxN = draw("max_n", 1, 2)
		s.SORE.MaxN, s.SORE.MaxM = p.MaxN, p.MaxM
		p.AddLatency, p.LinkWidth = draw("add_latency", 3, 8), draw("link_width", 1, 2, 4)
		s.Board.Device.DSPs = int64(draw("DSPs", 3000, 6840, 20000))
		c := Case{Spec: s, Step: &step, Baseline: m.Recipe, Recipe: m.Recipe}
		best, err := c.rivals(context.Background(), 0, newSpares())
		if err != nil {
			t.Fatal(err)
		}
		side, err := c.alone(context.Background(), s, recipe.Recipe(m.Recipe), "dense")
		if err != nil {
			t.Fatal(err)
		}
		sides := []Side{side}
		if err := through(sides); err != nil {
			t.Fatal(err)
		}
		own := sides[0].step.Run.Total.Cycles
		for _, r := range best {
			if r.cycles > own || r.own && r.cycles != own {
				t.Errorf("%v: dense-only %dx%d takes %d cycles, the machine running dense %d", r.end, r.size.Rows, r.size.Cols, r.cycles, own)
			}
		}
		// Where the machine's groups join nothing, some array is as fast by itself.
		if m == loaded["resnet9"] {
			arrays, err := c.rivals(context.Background(), math.MaxInt64, newSpares())
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range arrays {
				if r.own || r.cycles > own {
					t.Errorf("%v: dense-only %dx%d takes %d cycles, the machine running dense %d", r.end, r.size.Rows, r.size.Cols, r.cycles, own)
				}
			}
		}
		// Where it is known what the machine itself takes, it need not run.
		known, err := c.rivals(context.Background(), own, newSpares())
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range known {
			if r.cycles != best[i].cycles || r.own != best[i].own {
				t.Errorf("%v: %+v, and %+v where the machine's own is known", r.end, best[i], r)
			}
		}
	})
}

// A depthwise convolution keeps one column of a dense array busy; products that are stacked with zeros between use the others. So the rivals of a machine that
// joins products join as well: at the least they are half as fast again on the first layers of MobileNet-V2 (six times as fast on a step at batch 256). The machine itself, which
// joins in its groups, is left out here.
func TestDenseOnlyArraysJoinProducts(t *testing.T) {
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: "mobilenet-v2", Recipe: "dense", Batch: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	step := *m.Step
	step.Items, step.Partial = step.Items[:8], true
	var cycles [2]int64
	for i := range cycles {
		s := m.Spec
		s.Dataflow.JoinGroups = i == 1
		c := Case{Spec: s, Step: &step, Baseline: m.Recipe, Recipe: m.Recipe}
		best, err := c.rivals(context.Background(), math.MaxInt64, newSpares())
		if err != nil {
			t.Fatal(err)
		}
		cycles[i] = best[0].cycles
	}
	if 3*cycles[1] > 2*cycles[0] {
		t.Errorf("%d cycles without joined products, %d with", cycles[0], cycles[1])
	}
}
