package collect_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"satsim/arch/link"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/internal/config"
	"satsim/internal/nm"
	"satsim/results/collect"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/sim"
	"satsim/workloads"
)

// ran is a step of the network beside the kept records under BDWP, scheduled and simulated group by group.
func ran(t *testing.T, set ...config.Override) (*dataflow.Plan, []*sim.Outcome) {
	t.Helper()
	ctx := context.Background()
	m, err := models.Load(models.Names{Arch: "sat-generous", Network: "../record/testdata/tiny.yaml", Recipe: "bdwp"}, set)
	if err != nil {
		t.Fatal(err)
	}
	mach, err := machine.New(ctx, m.Spec, true)
	if err != nil {
		t.Fatal(err)
	}
	s := machine.Step{Dense: m.Step, Recipe: m.Recipe}
	if err := mach.Schedule(&s); err != nil {
		t.Fatal(err)
	}
	p, err := sim.New(ctx, m.Spec, false)
	if err != nil {
		t.Fatal(err)
	}
	outcomes := make([]*sim.Outcome, len(s.Plan.Groups))
	for i := range s.Plan.Groups {
		o, err := p.Run(&s.Plan.Groups[i].Word)
		if err != nil {
			t.Fatal(err)
		}
		outcomes[i] = &o
	}
	return s.Plan, outcomes
}

// find is the group in which the plan has a layer's and stage's work for a lane, and the number of the op in it.
func find(t *testing.T, p *dataflow.Plan, layer string, stage workloads.Stage, lane word.Lane) (group, op int) {
	t.Helper()
	for i := range p.Groups {
		g := &p.Groups[i]
		n := 0
		for si := range g.Word.Streams {
			it := &p.Step.Items[g.Owner(si)]
			for oi := range g.Word.Streams[si].Ops {
				if it.Layer == layer && it.Stage == stage && g.Word.Streams[si].Ops[oi].Lane == lane {
					return i, n
				}
				n++
			}
		}
	}
	t.Fatalf("%s %s has no %s", layer, stage, lane)
	return 0, 0
}

// once adds n to how often the first variant that ran did.
func once(t *testing.T, o *sim.Outcome, op int, n int64) {
	t.Helper()
	for v := range o.Runs[op] {
		if o.Runs[op][v] > 0 {
			o.Runs[op][v] += n
			return
		}
	}
	t.Fatal("it never ran")
}

// What adds up is a record.
func TestWhatAddsUpIsRecorded(t *testing.T) {
	p, outcomes := ran(t)
	run, err := collect.Run(p, outcomes)
	if err != nil {
		t.Fatal(err)
	}
	// By hand: 4 images of 8 x 8; a layer of FF, BP and WU has as many MACs in each, the first no BP. 3 x 3 x 3 x 16 and 3 x 3 x 16 x 16 weights at
	// 4 x 64 places, 16 x 8 at 4. BDWP at 2:8 prunes FF and BP of all but the first, whose 3 channels are one group.
	conv1, conv2, fc := int64(256*432), int64(256*2304), int64(4*128)
	var dense, performed, sum int64
	for i, s := range run.Stages {
		want := conv1 + conv2 + fc
		if s.Stage == "BP" {
			want -= conv1
		}
		if s.DenseMACs != want {
			t.Errorf("%s has %d MACs, want %d", s.Stage, s.DenseMACs, want)
		}
		kept := want
		switch s.Stage {
		case "FF":
			kept = conv1 + (conv2+fc)/4
		case "BP":
			kept = (conv2 + fc) / 4
		}
		if s.PerformedMACs != kept {
			t.Errorf("%s performs %d MACs, want %d", s.Stage, s.PerformedMACs, kept)
		}
		dense += s.DenseMACs
		performed += s.PerformedMACs
		sum += s.Cycles
		if got, want := run.Stalls[i].Stage, s.Stage; got != want {
			t.Errorf("stalls of %s, want %s", got, want)
		}
	}
	if run.Total.DenseMACs != dense || run.Total.PerformedMACs != performed || run.Total.Cycles != sum || run.Stalls[3].Stage != "step" {
		t.Errorf("stages add up to %d MACs and %d cycles, the step has %d and %d", dense, sum, run.Total.DenseMACs, run.Total.Cycles)
	}
	var cycles, instructions int64
	for i := range outcomes {
		cycles += outcomes[i].Cycles
		for _, op := range outcomes[i].Runs {
			for _, n := range op {
				instructions += n
			}
		}
	}
	if run.Total.Cycles != cycles || run.Simulation.Instructions != instructions || run.Simulation.Groups != int64(len(outcomes)) {
		t.Errorf("%d cycles, %+v; outcomes have %d cycles, %d instructions in %d groups", run.Total.Cycles, run.Simulation, cycles, instructions, len(outcomes))
	}
	// Bytes: conv1 reads 4 x 64 x 3 images and 432 weights of 2 bytes in FF, and writes 4 x 64 x 16 outputs, 10592 in all; conv2 in FF and fc in FF, each
	// the same in BP, 20992 and 448; in WU both operands, and 8 bytes of weight and momentum of each parameter both ways, 16640, 53248 and 2240.
	// That is 125600. Of pruned weights in FF and BP a quarter is kept, 16 bits and 3 of index each: conv2's 4608 bytes are 1368, fc's 256 are 76.
	if want := int64(125600 - 2*(4608-1368) - 2*(256-76)); run.CompulsoryBytes != want {
		t.Errorf("%d compulsory bytes, want %d", run.CompulsoryBytes, want)
	}
	if got, want := run.ImagesPS*run.Total.TimeS, 4.0; got < want*(1-1e-12) || got > want*(1+1e-12) {
		t.Errorf("%v images a step, want %v", got, want)
	}
	for _, l := range run.Layers {
		want := "1:1"
		if l.Stage != "WU" && (l.Layer == "conv2" || l.Layer == "fc") {
			want = "2:8"
		}
		if l.Sparsity != want {
			t.Errorf("%s %s is pruned to %s, want %s", l.Layer, l.Stage, l.Sparsity, want)
		}
	}
	clock := float64(p.Spec.Clock)
	f := &run.Total
	for what, c := range map[string]struct{ got, want float64 }{
		"time":        {f.TimeS, float64(f.Cycles) / clock},
		"dense":       {f.DenseGFLOPS, 2 * float64(f.DenseMACs) * clock / float64(f.Cycles) / 1e9},
		"performed":   {f.EffectiveGFLOPS, 2 * float64(f.PerformedMACs) * clock / float64(f.Cycles) / 1e9},
		"utilisation": {f.Utilisation, float64(f.PerformedMACs) / float64(f.Cycles) / 1024},
	} {
		if d := c.got/c.want - 1; d < -1e-12 || d > 1e-12 {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
}

// The rows of a step: each unit of the machine but the memory, busy as long as its lanes computed; and the buffers that were used.
func TestRowsOfAStep(t *testing.T) {
	p, outcomes := ran(t)
	run, err := collect.Run(p, outcomes)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, u := range run.Total.Units {
		names = append(names, u.Unit)
	}
	if want := []string{"stce", "sore", "wuve", "vector"}; !slices.Equal(names, want) {
		t.Errorf("units %v, want %v", names, want)
	}
	computing := map[string]int64{}
	for _, l := range run.Stalls[len(run.Stalls)-1].Lanes {
		computing[l.Lane] = l.Computing
	}
	if u := run.Total.Units.Of("stce"); u.Busy != computing["array"] || u.Busy == 0 {
		t.Errorf("the array is busy for %d cycles, its lane computes for %d", u.Busy, computing["array"])
	}
	if n := run.Total.Units.Of("wuve").Counts.Of("parameters"); n != 2864 {
		t.Errorf("%d parameters are updated, want 3*3*3*16 + 3*3*16*16 + 16*8", n)
	}
	// West is filled with what the memory reads for it, and read by the array fold by fold; weights and momentum of 4 bytes each pass through state once.
	var west int64
	for _, o := range run.Memory.Stages[len(run.Memory.Stages)-1].Operands {
		if o.Lane == "read_west" {
			west += o.Bytes
		}
	}
	found := 0
	for _, b := range run.Total.Buffers {
		switch b.Buffer {
		case "west":
			found++
			if b.WriteBits != 8*west || b.ReadBits == b.WriteBits {
				t.Errorf("%+v; %d bytes were read for west", b, west)
			}
		case "state":
			found++
			if want := int64(8 * 8 * 2864); b.WriteBits != want || b.ReadBits != want {
				t.Errorf("%+v, want %d bits", b, want)
			}
		case "dense_north":
			t.Errorf("%+v: nothing is pruned at a fetch", b)
		}
	}
	if found != 2 {
		t.Errorf("west or state is missing in %+v", run.Total.Buffers)
	}
}

// Pruned before each use, every operand is sorted at least once.
func TestSortedTooLittle(t *testing.T) {
	p, outcomes := ran(t, config.Override{Path: "dataflow.pregeneration", Value: "false"})
	g, op := find(t, p, "fc", workloads.FF, word.Prune)
	once(t, outcomes[g], op, -1)
	_, err := collect.Run(p, outcomes)
	if want := "fc FF is not conserved: 0 sorted elements simulated, 128 from the shapes"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// Each sum that has to hold, broken by one piece of work: the error says what, and of which layer and stage.
func TestWhatDoesNotAddUpIsRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		alter func(t *testing.T, p *dataflow.Plan, o []*sim.Outcome)
		want  string
	}{
		{"a tile of the array more", func(t *testing.T, p *dataflow.Plan, o []*sim.Outcome) {
			g, op := find(t, p, "conv2", workloads.FF, word.Array)
			once(t, o[g], op, 1)
		}, "conv2 FF is not conserved: 1179648 useful MACs simulated, 589824 from the shapes"},
		{"less pruned than the words were made for", func(_ *testing.T, p *dataflow.Plan, _ []*sim.Outcome) {
			for i := range p.Step.Items {
				if it := &p.Step.Items[i]; it.Layer == "conv2" && it.Stage == workloads.BP {
					it.Products[0].Sparse.Ratio = nm.Ratio{N: 4, M: 8}
				}
			}
		}, "conv2 BP is not conserved: 147456 issued MACs simulated, 294912 from the shapes"},
		{"a piece of vector work less", func(t *testing.T, p *dataflow.Plan, o []*sim.Outcome) {
			g, op := find(t, p, "pool", workloads.FF, word.VectorPass)
			once(t, o[g], op, -1)
		}, "pool FF is not conserved: 0 vector elements simulated, 4096 from the shapes"},
		{"a piece of an update less", func(t *testing.T, p *dataflow.Plan, o []*sim.Outcome) {
			g, op := find(t, p, "fc", workloads.WU, word.Update)
			once(t, o[g], op, -1)
		}, "fc WU is not conserved: 0 updated parameters simulated, 128 from the shapes"},
		{"a sorted piece more", func(t *testing.T, p *dataflow.Plan, o []*sim.Outcome) {
			g, op := find(t, p, "conv2", workloads.WU, word.Prune)
			once(t, o[g], op, 1)
		}, "conv2 WU is not conserved: "},
		{"a tile less read", func(t *testing.T, p *dataflow.Plan, o []*sim.Outcome) {
			g, op := find(t, p, "conv2", workloads.FF, word.ReadWest)
			once(t, o[g], op, -1)
		}, "bytes (fewer than compulsory) simulated"},
		{"a cycle that no cause explains", func(t *testing.T, p *dataflow.Plan, o []*sim.Outcome) {
			g, _ := find(t, p, "conv2", workloads.FF, word.Array)
			o[g].Lanes[word.Array][link.Working]++
		}, "the causes of array add up to"},
		{"fewer cycles than a unit works", func(t *testing.T, p *dataflow.Plan, o []*sim.Outcome) {
			g, _ := find(t, p, "conv2", workloads.FF, word.Array)
			o[g].Cycles = 150
		}, "took 150 cycles, fewer than its units' work of"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, outcomes := ran(t)
			c.alter(t, p, outcomes)
			_, err := collect.Run(p, outcomes)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}
