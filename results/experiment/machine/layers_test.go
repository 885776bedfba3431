package machine

import (
	"cmp"
	"context"
	"flag"
	"math"
	"reflect"
	"slices"
	"testing"

	"satsim/arch/memory"
	"satsim/results/experiment/models"
	"satsim/results/record"
)

var (
	everyLayer = flag.Bool("every-layer", false, "hold the memory models to each other on every layer, and on the step")
	layerBatch = flag.Int64("layer-batch", 4, "samples a step there")
)

// shipped is the shipped architecture and a step of resnet18-tiny.
func shipped(t *testing.T, recipe string, batch int64) *models.Models {
	t.Helper()
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: "resnet18-tiny", Recipe: recipe, Batch: batch}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// layerPoint is a layer's stage on both models.
type layerPoint struct {
	name           string
	fast, detailed int64
}

func (p layerPoint) error() float64 { return float64(p.fast)/float64(p.detailed) - 1 }

// summary logs and bounds errors; a bound of 0 only logs.
func summary(t *testing.T, what string, points []layerPoint, worst, median, mean float64) {
	t.Helper()
	slices.SortFunc(points, func(a, b layerPoint) int { return cmp.Compare(math.Abs(b.error()), math.Abs(a.error())) })
	sum := 0.0
	for _, p := range points {
		sum += p.error() / float64(len(points))
	}
	w, m := points[0], math.Abs(points[len(points)/2].error())
	t.Logf("%s: %d layers and stages: worst %+.2f %% (%s: %d and %d cycles), median %.3f %%, signed mean %+.3f %%", what, len(points), 100*w.error(), w.name, w.fast, w.detailed, 100*m, 100*sum)
	if math.Abs(w.error()) > worst || m > median || math.Abs(sum) > mean {
		t.Errorf("%s: the bounds are %.1f %%, %.2f %% and %.2f %%", what, 100*worst, 100*median, 100*mean)
	}
}

// The fast memory model against the detailed one on whole layers: the cycles of each stage as the machine asks (its array hides some of an
// error), and of the same requests back to back. With every layer at batch 64:
//
//	go test ./results/experiment/machine -run FastMemoryFollows -every-layer -layer-batch 64 -v
func TestFastMemoryFollowsDetailedOnLayers(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the detailed memory model")
	}
	some := []string{"conv1", "bn1", "maxpool", "layer2.0.conv1", "layer4.1.conv2", "fc"}
	var asked, alone []layerPoint
	for _, name := range []string{"dense", "bdwp"} {
		m := shipped(t, name, *layerBatch)
		s, step, r := m.Spec, *m.Step, m.Recipe
		for i := range step.Items {
			it := &step.Items[i]
			if !*everyLayer && !slices.Contains(some, it.Layer) {
				continue
			}
			part := step
			part.Items, part.Partial = step.Items[i:i+1], true
			a, b := layerPoint{name: name + " " + it.Layer + " " + it.Stage.String()}, layerPoint{}
			b.name = a.name
			for _, model := range []memory.ModelKind{memory.ModelFast, memory.ModelDetailed} {
				s := s
				s.Board.Memory.Model = model
				stream, err := Traffic(context.Background(), s, &part, r)
				if err != nil {
					t.Fatalf("%s: %v", a.name, err)
				}
				m, err := memory.New(s.Board.Memory, int64(s.Clock))
				if err != nil {
					t.Fatal(err)
				}
				again, err := memory.Replay(m, int64(s.Clock), stream.Requests, 2, nil)
				if err != nil {
					t.Fatal(err)
				}
				if model == memory.ModelFast {
					a.fast, b.fast = stream.Asked.Cycles, again.Cycles
				} else {
					a.detailed, b.detailed = stream.Asked.Cycles, again.Cycles
				}
			}
			asked, alone = append(asked, a), append(alone, b)
		}
	}
	summary(t, "as asked", asked, 0.025, 0.005, 0.005)
	summary(t, "back to back", alone, 0.08, 0.03, 0.03)
	if *everyLayer {
		wholeStep(t)
	}
}

// wholeStep logs what the choice of the model does to the headline.
func wholeStep(t *testing.T) {
	t.Helper()
	var speedup [2]float64
	for i, model := range []memory.ModelKind{memory.ModelFast, memory.ModelDetailed} {
		var cycles [2]int64
		for k, name := range []string{"dense", "bdwp"} {
			of := shipped(t, name, *layerBatch)
			of.Spec.Board.Memory.Model = model
			m, err := New(context.Background(), of.Spec, false)
			if err != nil {
				t.Fatal(err)
			}
			run, err := m.Simulate(of.Step, of.Recipe)
			if err != nil {
				t.Fatal(err)
			}
			cycles[k] = run.Total.Cycles
		}
		speedup[i] = float64(cycles[0]) / float64(cycles[1])
		t.Logf("%s: %d and %d cycles, bdwp against dense %.4f", model, cycles[0], cycles[1], speedup[i])
	}
	if e := speedup[0]/speedup[1] - 1; math.Abs(e) > 0.02 {
		t.Errorf("the ratio of bdwp to dense is off by %+.2f %%", 100*e)
	}
}

// A step's outcome on a machine that simulated another step before, and its requests, are those on a new machine: what `satsim run` says of a recipe does not depend on what it is
// held against. The detailed memory keeps rows, queues and its refresh interval from group to group, but not from step to step.
func TestAStepKnowsNothingOfTheOneBefore(t *testing.T) {
	before, of := shipped(t, "dense", 4), shipped(t, "bdwp", 4)
	for _, model := range []memory.ModelKind{memory.ModelFast, memory.ModelDetailed} {
		run := func(first bool) (record.Run, []memory.Request) {
			s := of.Spec
			s.Board.Memory.Model = model
			m, err := New(context.Background(), s, true)
			if err != nil {
				t.Fatal(err)
			}
			if first {
				other := Step{Dense: before.Step, Recipe: before.Recipe, Watch: &recorder{tally: memory.NewTally()}}
				if err := m.Do(&other); err != nil {
					t.Fatal(err)
				}
			}
			heard := recorder{tally: memory.NewTally()}
			step := Step{Dense: of.Step, Recipe: of.Recipe, Watch: &heard}
			if err := m.Do(&step); err != nil {
				t.Fatal(err)
			}
			return step.Run, heard.requests
		}
		want, asked := run(false)
		got, again := run(true)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %d cycles after another step, %d on a new machine, or something else of the record differs", model, got.Total.Cycles, want.Total.Cycles)
		}
		if len(asked) == 0 || !slices.Equal(again, asked) {
			t.Errorf("%s: %d requests after another step, %d on a new machine, or others", model, len(again), len(asked))
		}
	}
}
