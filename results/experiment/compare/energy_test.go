package compare

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"satsim/arch/energy"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/internal/config"
	"satsim/results/collect"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/results/record"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

func read(t testing.TB, kind, text string, out any) {
	t.Helper()
	if err := config.Decode(config.Source{Name: kind, Data: []byte(text)}, kind, out); err != nil {
		t.Fatal(err)
	}
}

// stepOf is the dense step of a network description.
func stepOf(t testing.TB, text string) *workloads.Step {
	t.Helper()
	var d network.Description
	read(t, "network", text, &d)
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

func recipeOf(t testing.TB, name string) recipe.Recipe {
	t.Helper()
	r, err := models.NewLoader().Recipe(name, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func pricesOf(t testing.TB, name string) *energy.Table {
	t.Helper()
	e, err := models.NewLoader().Energy(models.Names{Arch: "sat-vcu1525", Energy: name}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func defaults() spec.Spec {
	return spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
}

// convs has products of all stages, passes, updates and copies.
const convs = `kind: network
name: convs
note: two convolutions and a linear layer
samples: 16
params:
  - {name: batch, value: 4}
inputs:
  - {name: images, shape: [batch, 12, 12, 16]}
layers:
  - {name: a, op: conv, channels: 32, kernel: 3, pads: 1}
  - {name: a_bn, op: batch_norm}
  - {name: a_relu, op: relu}
  - {name: b, op: conv, channels: 64, kernel: 3, pads: 1, stride: 2}
  - {name: b_relu, op: relu}
  - {name: flat, op: flatten}
  - {name: fc, op: linear, channels: 16, bias: true}
  - {name: loss, op: loss}
`

func compared(t testing.TB, s spec.Spec) ([]record.Run, *record.Comparison) {
	t.Helper()
	c := Case{Spec: s, Step: stepOf(t, convs), Baseline: recipeOf(t, "dense"), Recipe: recipeOf(t, "bdwp"), Energy: pricesOf(t, "fpga16-ddr4")}
	runs, cmp, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return runs, cmp
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-12*max(math.Abs(a), math.Abs(b)) }

func named(t *testing.T, name string) (a energy.Action) {
	t.Helper()
	if err := a.UnmarshalText([]byte(name)); err != nil {
		t.Fatal(err)
	}
	return a
}

func actionsOf(t *testing.T, r *record.Run) energy.ActionCounts {
	t.Helper()
	a, err := collect.Actions(r.Energy)
	if err != nil {
		t.Fatal(err)
	}
	return *a
}

// Actions of layers are those of the step, one by one; joules of layers, of stages and of units add up to the step's.
func TestEnergyAddsUp(t *testing.T) {
	s := defaults()
	runs, cmp := compared(t, s)
	for i := range runs {
		r := &runs[i]
		actions := actionsOf(t, r)
		var sum energy.ActionCounts
		var layers, stages, units float64
		for k := range r.Layers {
			own := energy.ActionCounts(r.Layers[k].Actions)
			sum.Add(&own)
			layers += r.Layers[k].Energy.Joules.Value
		}
		for k := range r.Stages {
			stages += r.Stages[k].Energy.Joules.Value
		}
		for _, u := range r.Energy.Units {
			units += u.Joules.Value
		}
		if sum != actions {
			t.Errorf("%s: layers have actions %v, the step %v", r.Recipe, sum, actions)
		}
		for what, v := range map[string]float64{"layers": layers, "stages": stages, "units": units} {
			if !near(v, r.Energy.Joules.Value) {
				t.Errorf("%s: %s add up to %v J, the step takes %v J", r.Recipe, what, v, r.Energy.Joules.Value)
			}
		}
		// What is there all the time, from the step's cycles alone.
		c, pes := r.Total.Cycles, int64(s.STCE.Rows*s.STCE.Cols)
		for name, want := range map[string]int64{
			"static.device": c, "dram.background": 4 * c, "dram.interface": 4 * c, "clock.flip_flop": machine.FlipFlops(&s) * c,
			"stce.idle": pes*c - actions[named(t, "stce.multiply")],
		} {
			if a := named(t, name); actions[a] != want {
				t.Errorf("%s: %d of %s, want %d", r.Recipe, actions[a], a, want)
			}
		}
		// The DRAM moves whole bursts of 64 B: no fewer than the useful bytes.
		if got, useful := actions[named(t, "dram.read")]/8, r.Total.ReadBytes; got < useful || got%64 != 0 {
			t.Errorf("%s: %d bytes read in bursts, %d useful", r.Recipe, got, useful)
		}
		if j := r.Energy.Joules; j.Low > j.Value || j.Value > j.High || r.Energy.PowerW.Low > r.Energy.PowerW.High || r.Energy.ImagesPerJ.Low > r.Energy.ImagesPerJ.High {
			t.Errorf("%s: intervals out of order: %+v", r.Recipe, r.Energy)
		}
		if got := r.Energy.PowerW.Value * r.Total.TimeS; !near(got, r.Energy.Joules.Value) {
			t.Errorf("%s: power times time is %v J of %v", r.Recipe, got, r.Energy.Joules.Value)
		}
	}
	e := cmp.Energy
	if want := runs[0].Energy.Joules.Value / runs[1].Energy.Joules.Value; !near(e.Ratio.Value, want) || e.Ratio.Low > want || e.Ratio.High < want {
		t.Errorf("ratio %+v of %v", e.Ratio, want)
	}
	if want := runs[0].Energy.EDP.Value / runs[1].Energy.EDP.Value; !near(e.EDPRatio.Value, want) {
		t.Errorf("energy-delay ratio %+v of %v", e.EDPRatio, want)
	}
}

// What passes through a buffer is read as often as written; a link of one operand a word has as many words as operands enter.
func TestBuffersConserve(t *testing.T) {
	for name, change := range map[string]func(*spec.Spec){
		"default":              func(*spec.Spec) {},
		"link of one operand":  func(s *spec.Spec) { s.STCE.LinkWidth = 1 },
		"pruned at each fetch": func(s *spec.Spec) { s.Dataflow.Pregeneration = false },
	} {
		s := defaults()
		change(&s)
		runs, _ := compared(t, s)
		for i := range runs {
			var sum [word.Buffers]record.Buffer
			for b := range sum {
				for _, a := range runs[i].Total.Buffers {
					if a.Buffer == word.Buffer(b).String() {
						sum[b] = a
					}
				}
			}
			words := runs[i].Total.Units.Of("stce").Counts.Of("west_words")
			for _, b := range []word.Buffer{word.DenseNorth, word.OutPath, word.State, word.StateOut, word.Copies, word.PassIn, word.PassOut} {
				if sum[b].ReadBits != sum[b].WriteBits {
					t.Errorf("%s, %s: %d bits written to %s, %d read", name, runs[i].Recipe, sum[b].WriteBits, b, sum[b].ReadBits)
				}
			}
			if sum[word.West].WriteBits == 0 || sum[word.Output].ReadBits < sum[word.OutPath].WriteBits {
				t.Errorf("%s, %s: west %+v, output %+v, out path %+v", name, runs[i].Recipe, sum[word.West], sum[word.Output], sum[word.OutPath])
			}
			if s.STCE.LinkWidth == 1 && sum[word.West].ReadBits != 16*words {
				t.Errorf("%s, %s: %d bits read from west, %d words of one operand", name, runs[i].Recipe, sum[word.West].ReadBits, words)
			}
		}
	}
}

// FF of one linear layer, by hand. X[4 x 8] W[8 x 4] on 2 x 2 elements, dense, output stationary, one output an element, so 2 x 2 folds of 2 x 2 outputs:
//
//	action                count                                                              pJ each      pJ
//	multiply              4 x 8 x 4                                                    128        1     128
//	add, accumulate       the same                                                     128    2 + 3     640
//	operand hop, write    an operand enters for each of 2 column folds, passes 2 cols  128   5 + 7    1536
//	weight hop            a weight enters for each of 2 row folds, passes 2 rows       128       11    1408
//	sum hop               a column's results leave over 2 rows and 1: 3; 8 columns      24       13     312
//	west read             4 x 8 operands twice, 16 bits                               1024     1/64      16
//	west write            64 B                                                         512     1/64       8
//	north read            8 x 4 weights twice, 16 bits                                1024     1/32      32
//	north write           64 B                                                         512     1/32      16
//	output write, read    4 x 4 results, 16 bits; memory takes them                    256  1/4 + 1/8    96
//	DRAM read             X and W: a burst of 512 bits each                           1024        1    1024
//	DRAM write            Y: 32 B in a burst of 512 bits                               512        2    1024
//
// 6240 pJ. And 2 W as long as the layer takes: 10 nJ a cycle of 200 MHz.
func TestLayerByHand(t *testing.T) {
	var table energy.Table
	text := "kind: energy\nname: hand\nentries:\n"
	for _, e := range strings.Fields(`stce.multiply=1/1 stce.add=2/1 stce.accumulate=3/1 stce.operand_hop=5/1 stce.group_write=7/1 stce.weight_hop=11/1 stce.sum_hop=13/1
		buffers.west_read=1/64 buffers.west_write=1/64 buffers.north_read=1/32 buffers.north_write=1/32 buffers.output_write=1/4 buffers.output_read=1/8 dram.read=1/1 dram.write=2/1`) {
		action, price, _ := strings.Cut(e, "=")
		pj, per, _ := strings.Cut(price, "/")
		unit := "bit"
		switch action {
		case "stce.multiply", "stce.add", "stce.accumulate":
			unit = "operation"
		case "stce.operand_hop", "stce.group_write", "stce.weight_hop", "stce.sum_hop":
			unit = "word"
		}
		text += "  - {action: " + action + ", value: " + pj + "pJ, low: " + pj + "pJ, high: " + pj + "pJ, unit: " + unit + ", per: " + per + ", technology: none, source: by hand}\n"
	}
	read(t, "energy", text+"  - {action: static.device, value: 2W, low: 2W, high: 2W, unit: second, technology: none, source: by hand}\n", &table)
	s := defaults()
	s.STCE.Rows, s.STCE.Cols = 2, 2
	s.Board.Memory.Channels = 1
	s.Dataflow.InterleaveMapping, s.Dataflow.OfflineScheduling = false, false
	step := stepOf(t, `kind: network
name: one
note: one linear layer
samples: 4
params:
  - {name: batch, value: 4}
inputs:
  - {name: x, shape: [batch, 8]}
layers:
  - {name: fc, op: linear, channels: 4}
  - {name: loss, op: loss}
`)
	c := Case{Spec: s, Step: step, Baseline: recipeOf(t, "dense"), Recipe: recipeOf(t, "dense"), Energy: &table}
	runs, _, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	l := &runs[0].Layers[0]
	if l.Layer != "fc" || l.Stage != "FF" {
		t.Fatalf("the first row is %s %s", l.Layer, l.Stage)
	}
	want := 6240e-12 + 10e-9*float64(l.Cycles)
	if !near(l.Energy.Joules.Value, want) {
		t.Errorf("%v J, want %v J (%d cycles)", l.Energy.Joules.Value, want, l.Cycles)
		for a, n := range l.Actions {
			if n > 0 {
				t.Logf("%s: %d", energy.Action(a), n)
			}
		}
	}
}

// The baseline on a dense-only array: three of them, at the ends and the middle of the estimates, faster than the same recipe with selectors, and no energy
// for sorting or selecting.
func TestDenseOnly(t *testing.T) {
	s := defaults()
	s.STCE.Rows, s.STCE.Cols = 8, 8
	c := Case{Spec: s, Step: stepOf(t, convs), Baseline: recipeOf(t, "dense"), Recipe: recipeOf(t, "bdwp"), Energy: pricesOf(t, "fpga16-ddr4"), DenseOnly: true}
	runs, cmp, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(runs) != 4 || len(cmp.DenseOnly) != 3 || runs[3].Recipe != "bdwp" {
		t.Fatalf("%d runs, %+v", len(runs), cmp.DenseOnly)
	}
	c.DenseOnly = false
	pair, _, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range cmp.DenseOnly {
		if d.Rows*d.Cols < 64 || runs[i].Total.Cycles > pair[0].Total.Cycles {
			t.Errorf("%s end: %dx%d takes %d cycles, with selectors %d", d.End, d.Rows, d.Cols, runs[i].Total.Cycles, pair[0].Total.Cycles)
		}
		if want := float64(runs[i].Total.Cycles) / float64(runs[3].Total.Cycles); d.Speedup != want || cmp.Speedup > want {
			t.Errorf("%s end: speed-up %v, cycles say %v; overall %v", d.End, d.Speedup, want, cmp.Speedup)
		}
		if u := &runs[i].Total.Units; slices.ContainsFunc(*u, func(u record.Unit) bool { return u.Unit == "sore" }) || len(*u) != 3 {
			t.Errorf("%s end: the units are %+v; SORE is not built", d.End, *u)
		}
		if slices.ContainsFunc(runs[i].Energy.Units, func(u record.UnitEnergy) bool { return u.Unit == "sore" }) {
			t.Errorf("%s end: SORE, which is not built, has joules: %+v", d.End, runs[i].Energy.Units)
		}
		if a := actionsOf(t, &runs[i]); a[named(t, "stce.select")] != 0 || a[named(t, "sore.compare")] != 0 {
			t.Errorf("%s end: %d selections, %d comparisons", d.End, a[named(t, "stce.select")], a[named(t, "sore.compare")])
		}
		if d.Energy == nil || d.Energy.Ratio.Low > d.Energy.Ratio.High {
			t.Errorf("%s end: energy %+v", d.End, d.Energy)
		}
	}
}

// Without SORE a dense step runs, and takes as long; a recipe that prunes is refused by name, wherever it would be sorted: in the update, at each
// fetch, at the array's edge, and where gradients are pruned as they come. What is pruned to masks that stay is never sorted.
func TestWithoutSORE(t *testing.T) {
	step := stepOf(t, convs)
	run := func(s spec.Spec, r recipe.Recipe) (record.Run, error) {
		m, err := machine.New(context.Background(), s, false)
		if err != nil {
			t.Fatal(err)
		}
		return m.Simulate(step, r)
	}
	s, dense := defaults(), recipeOf(t, "dense")
	with, err := run(s, dense)
	if err != nil {
		t.Fatal(err)
	}
	s.SORE.Lanes = 0
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	without, err := run(s, dense)
	if err != nil || without.Total.Cycles != with.Total.Cycles {
		t.Errorf("%v; %d cycles without SORE, %d with it", err, without.Total.Cycles, with.Total.Cycles)
	}
	kept := recipeOf(t, "bdwp")
	kept.Masks = recipe.Never
	if _, err := run(s, kept); err != nil {
		t.Errorf("masks that stay: %v", err)
	}
	for _, c := range []struct {
		recipe string
		set    func(*spec.Dataflow)
	}{
		{"bdwp", func(*spec.Dataflow) {}}, {"sdgp", func(*spec.Dataflow) {}},
		{"bdwp", func(d *spec.Dataflow) { d.Pregeneration = false }},
		{"bdwp", func(d *spec.Dataflow) { d.Pregeneration, d.PruneAt = false, word.AtEdge }},
	} {
		k := s
		c.set(&k.Dataflow)
		if _, err := run(k, recipeOf(t, c.recipe)); err == nil || !strings.Contains(err.Error(), "is pruned to 2:8 on the machine, which has no sore to sort (sore.lanes is 0)") {
			t.Errorf("%s, %+v: %v", c.recipe, k.Dataflow, err)
		}
	}
}

// A step scheduled for less energy takes no more than one scheduled for bytes alone.
func TestScheduledForEnergy(t *testing.T) {
	s := defaults()
	total := func(o spec.Objective) float64 {
		s.Dataflow.Objective = o
		runs, _ := compared(t, s)
		return runs[1].Energy.Joules.Value
	}
	if e, b := total(spec.ObjectiveEnergy), total(spec.ObjectiveBytes); e > b {
		t.Errorf("%v J when scheduled for energy, %v J for bytes", e, b)
	}
}
