package uncertainty

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"satsim/arch/energy"
	"satsim/results/experiment"
	"satsim/results/experiment/models"
	"satsim/results/store"
	"satsim/results/sweep"
)

const tiny = `kind: network
name: tiny
params: [{name: batch, value: 16}]
inputs: [{name: images, shape: [batch, 8, 8, 16]}]
layers:
  - {name: a, op: conv, channels: 32, kernel: 3, pads: 1}
  - {name: norm, op: batch_norm}
  - {name: b, op: conv, channels: 32, kernel: 3, pads: 1}
  - {name: flatten, op: flatten}
  - {name: fc, op: linear, channels: 8}
  - {name: loss, op: loss}
`

func tinyFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tiny.yaml")
	if err := os.WriteFile(path, []byte(tiny), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func space(t *testing.T, networks ...string) *Space {
	t.Helper()
	s, err := NewSpace(Question{Names: models.Names{Arch: "sat-vcu1525", Recipe: "bdwp"}, Networks: networks, Against: "dense"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func silent(string, int, int) error { return nil }

// result of a plan, simulated into a store of its own.
func result(t *testing.T, s *Space, p Plan, workers int) *Result {
	t.Helper()
	kept, err := store.Open(t.Context(), store.Memory)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	study, err := NewStudy(s, p, store.Origin{}, silent)
	if err != nil {
		t.Fatal(err)
	}
	if err := study.Run(t.Context(), kept, sweep.Options{Workers: workers}); err != nil {
		t.Fatal(err)
	}
	r, err := study.Read(t.Context(), kept, store.Origin{}, 1.75)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Half of the odds lie on either side of a default inside of its range, and every value that an assumption may take is accepted by its parameter.
func TestEveryAssumptionCanBeWhatItMay(t *testing.T) {
	s := space(t, tinyFile(t))
	if len(s.Assumptions) < 25 {
		t.Errorf("%d assumptions", len(s.Assumptions))
	}
	for i := range s.Assumptions {
		a := &s.Assumptions[i]
		if a.Why == "" || a.May == "" || a.Default == "" {
			t.Errorf("%+v lacks a default, a range or a reason", a)
		}
		m := a.measure()
		if !slices.IsSorted(m) {
			t.Errorf("%s: scores do not rise with the odds", a.Name)
		}
		standard := a.standard().score
		below, above := 0, 0
		for _, x := range m {
			if x < standard {
				below++
			} else if x > standard {
				above++
			}
		}
		if below > 0 && above > 0 && max(below, above) > grid/2 {
			t.Errorf("%s: %d of %d quantiles below the default, %d above", a.Name, below, grid, above)
		}
		for _, u := range []float64{0, 0.3, 0.6, 1} {
			d := s.draw(with(s.standards(), i, a.value(u)))
			if _, _, err := s.step(s.Networks[0], &d, store.Origin{}); err != nil {
				t.Errorf("%s = %s: %v", a.Name, a.value(u).text, err)
			}
		}
	}
	for _, name := range []string{"clock", denseOnly, equal, batch, "stce.add_latency", "stce.link_width", "stce.preload", "stce.drain", "dataflow.overlap_passes",
		"board.memory.port_clock", "recipe.optimiser", "energy.static"} {
		if !slices.ContainsFunc(s.Assumptions, func(a Assumption) bool { return a.Name == name }) {
			t.Errorf("%s is no assumption", name)
		}
	}
	if slices.ContainsFunc(s.Assumptions, func(a Assumption) bool { return a.Name == "norm.pipeline_latency" }) {
		t.Error("a unit that is not built is in doubt")
	}
}

// By hand: from 0.6 to 1.5 with 1 as the median, a quarter of the odds up lies at 0.6 + 0.4/2 = 0.8, three quarters at 1 + 0.5/2; with 1 as an end the odds are even.
func TestSpread(t *testing.T) {
	for _, c := range []struct{ low, high, u, want float64 }{
		{0.6, 1.5, 0, 0.6}, {0.6, 1.5, 0.25, 0.8}, {0.6, 1.5, 0.5, 1}, {0.6, 1.5, 0.75, 1.25}, {0.6, 1.5, 1, 1.5}, {1, 3, 0.25, 1.5}, {0.5, 1, 0.5, 0.75},
	} {
		if got := spread(c.low, c.high, c.u); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%+v: %g", c, got)
		}
	}
	three := Assumption{values: []value{{"a", 0}, {"b", 1}, {"c", 2}}, home: 1}
	for u, want := range map[float64]string{0: "a", 0.24: "a", 0.26: "b", 0.74: "b", 0.76: "c", 1: "c"} {
		if got := three.value(u).text; got != want {
			t.Errorf("at %g %s, want %s", u, got, want)
		}
	}
	three.home = 2
	for u, want := range map[float64]string{0: "a", 0.32: "a", 0.35: "b", 0.68: "c", 1: "c"} {
		if got := three.value(u).text; got != want {
			t.Errorf("even odds: at %g %s, want %s", u, got, want)
		}
	}
}

func TestPrice(t *testing.T) {
	e := energy.Entry{Action: energy.WestRead, Value: energy.Amount{Joules: 4e-12}, Low: energy.Amount{Joules: 1e-12}, High: energy.Amount{Joules: 10e-12}}
	for x, want := range map[float64]float64{0: 1e-12, 0.5: 2.5e-12, 1: 4e-12, 1.5: 7e-12, 2: 10e-12} {
		if got := price(&e, x).Joules; math.Abs(got-want) > 1e-24 {
			t.Errorf("at %g %g J, want %g", x, got, want)
		}
	}
}

// With all defaults it is what satsim run says.
func TestDefaultsAreTheHeadline(t *testing.T) {
	file := tinyFile(t)
	r := result(t, space(t, file), Plan{}, 1)
	c, err := experiment.LoadWith(experiment.Names{Network: file}, experiment.Options{Companions: experiment.CompanionsHeadline})
	if err != nil {
		t.Fatal(err)
	}
	want, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	got := r.Default[1]
	if got.Time != 1 || got.Speedup != want.Comparison.Speedup || got.Resources != want.Comparison.DenseOnly[1].Speedup || math.Abs(got.Energy/want.Comparison.Energy.Ratio.Value-1) > 1e-12 {
		t.Errorf("%+v, satsim run says %g, %+v, %+v", got, want.Comparison.Speedup, want.Comparison.DenseOnly, want.Comparison.Energy)
	}
}

// A slower dense-only machine and a smaller batch do what they say: the first divides the speed-up at the same resources and nothing else.
func TestTheDenseOnlyClockCountsOnce(t *testing.T) {
	r := result(t, space(t, tinyFile(t)), Plan{Alone: true}, 2)
	at := slices.IndexFunc(r.Study.Space.Assumptions, func(a Assumption) bool { return a.Name == denseOnly })
	standard, fast := r.Default[1], *r.Alone[at].Most
	if fast.Speedup != standard.Speedup || fast.Time != 1 || fast.Energy != standard.Energy {
		t.Errorf("its clock moves this machine: %+v, %+v", standard, fast)
	}
	// Memory does not get faster with it, so it is 1.2 times as fast at the most.
	if ratio := standard.Resources / fast.Resources; ratio <= 1.01 || ratio > 1.2000001 {
		t.Errorf("1.2 times the clock takes %g", ratio)
	}
}

// Whoever simulates it, whenever: one worker or two, stopped in the middle or not.
func TestAStudyThatWasStoppedGoesOn(t *testing.T) {
	s := space(t, tinyFile(t))
	plan := Plan{Samples: 10, Seed: 3}
	want := result(t, s, plan, 1)
	path := filepath.Join(t.TempDir(), "points.db")
	for round := range 2 {
		kept, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		study, err := NewStudy(s, plan, store.Origin{}, silent)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		simulated := 0
		err = study.Run(ctx, kept, sweep.Options{Workers: 2, Progress: func(p sweep.Progress) {
			if simulated = p.Done; round == 0 && p.Done == 9 {
				stop()
			}
		}})
		stop()
		switch {
		case round == 0 && err == nil:
			t.Fatal("it was not stopped")
		case round == 0:
			if _, err := study.Read(t.Context(), kept, store.Origin{}, 1.75); err == nil {
				t.Error("a part of the points is taken for the whole")
			}
		case err != nil:
			t.Fatal(err)
		case simulated >= len(study.Jobs)-8:
			t.Errorf("%d of %d points simulated again", simulated, len(study.Jobs))
		default:
			got, err := study.Read(t.Context(), kept, store.Origin{}, 1.75)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Joint, want.Joint) || !reflect.DeepEqual(got.Default, want.Default) {
				t.Errorf("other figures:\n%v\n%v", got.Joint, want.Joint)
			}
		}
		if err := kept.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Quantiles and shares of figures by hand.
func TestDistribution(t *testing.T) {
	r := &Result{Figure: 1.75, Default: []Figures{{Speedup: 2}}}
	for i := range 100 {
		r.Joint = append(r.Joint, []Figures{{Speedup: 1 + float64((i*37)%100+1)/100}}) // 1.01 to 2
	}
	d := r.Distribution(Outputs()[1], 0)
	// 26 of 100 are 1.75 and more; the error is sqrt(0.26 x 0.74 / 100).
	if d.Default != 2 || math.Abs(d.Low-1.05) > 1e-9 || math.Abs(d.Median-1.5) > 1e-9 || math.Abs(d.Top-1.95) > 1e-9 || d.Reaches != 0.26 || math.Abs(d.ReachesError-0.043863) > 1e-6 {
		t.Errorf("%+v", d)
	}
}
