package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/internal/nm"
	"satsim/results/experiment/models"
	"satsim/results/query"
	"satsim/results/store"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

const tiny = `kind: network
name: tiny
params: [{name: batch, value: 4}, {name: width, value: 16}]
inputs: [{name: images, shape: [batch, 8, 8, 16]}]
layers:
  - {name: a, op: conv, channels: width, kernel: 3, pads: 1}
  - {name: b, op: conv, channels: width, kernel: 3, pads: 1}
  - {name: flatten, op: flatten}
  - {name: fc, op: linear, channels: 8}
  - {name: loss, op: loss}
`

// resolver is a small stand-in for the command line's: one architecture, one network, two recipes.
func resolver(c Selection) (*Models, error) {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.Name = c.Arch
	var d network.Description
	if err := config.Decode(config.Source{Name: "tiny.yaml", Data: []byte(tiny)}, "network", &d); err != nil {
		return nil, err
	}
	for _, o := range c.Set {
		var err error
		if rest, ok := strings.CutPrefix(o.Path, "network."); ok {
			err = d.Set(rest, o.Value)
		} else {
			err = config.Set(&s, []config.Override{o})
		}
		if err != nil {
			return nil, err
		}
	}
	if c.Batch != 0 {
		if err := d.SetParam("batch", c.Batch); err != nil {
			return nil, err
		}
	}
	g, err := d.Graph()
	if err != nil {
		return nil, err
	}
	step, err := g.Step()
	if err != nil {
		return nil, err
	}
	m := &Models{Models: &models.Models{Spec: s, Step: &step, Recipe: recipe.Default()}}
	if c.Recipe == "bdwp" {
		base := m.Recipe
		m.Baseline = &base
		m.Recipe.Name = "bdwp"
		m.Recipe.FF.Prune, m.Recipe.BP.Prune = recipe.Weights, recipe.Weights
		m.Recipe.Sparsity = recipe.OptionalRatio{Ratio: nm.Ratio{N: 2, M: 8}}
		if c.Sparsity != "" {
			if m.Recipe.Sparsity.Ratio, err = nm.Parse(c.Sparsity); err != nil {
				return nil, err
			}
		}
	}
	if m.ArchText, err = config.MarshalJSON(s); err != nil {
		return nil, err
	}
	m.NetworkText, err = config.MarshalJSON(d)
	return m, err
}

// read decodes a sweep file's text.
func read(t *testing.T, text string) *File {
	t.Helper()
	f := Default()
	if err := config.Decode(config.Source{Name: "s.yaml", Data: []byte("kind: sweep\n" + text)}, "sweep", &f); err != nil {
		t.Fatal(err)
	}
	return &f
}

const base = "name: s\narch: mine\nnetworks: [tiny]\nrecipes: [bdwp]\n"

func plan(t *testing.T, text string) *Plan {
	t.Helper()
	p, err := New(read(t, text), resolver, store.Origin{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What each form of an axis means, by hand.
func TestExpand(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing varies", "", []string{"tiny, bdwp on mine"}},
		{"a grid is crossed, the first axis slowest", `
axes:
  - {path: stce.rows, values: [16, 32]}
  - {path: clock, values: [100MHz, 200MHz]}`, []string{
			"tiny, bdwp on mine, stce.rows=16, clock=100MHz", "tiny, bdwp on mine, stce.rows=16, clock=200MHz",
			"tiny, bdwp on mine, stce.rows=32, clock=100MHz", "tiny, bdwp on mine, stce.rows=32, clock=200MHz"}},
		{"zipped paths go in lockstep", `
axes:
  - zip: [{path: stce.rows, values: [16, 32]}, {path: stce.cols, values: [8, 4]}]`, []string{
			"tiny, bdwp on mine, stce.rows=16, stce.cols=8", "tiny, bdwp on mine, stce.rows=32, stce.cols=4"}},
		{"points are sets", `
set: [vector.lanes=8]
axes:
  - points: [[], [stce.rows=8, "dataflow.omit=[loss, add]"]]`, []string{
			"tiny, bdwp on mine, vector.lanes=8", "tiny, bdwp on mine, vector.lanes=8, stce.rows=8, dataflow.omit=[loss, add]"}},
		{"labels cross, too", `
batches: [2, 4]
sparsity: ["2:8", "1:4"]`, []string{
			"tiny batch 2, bdwp 2:8 on mine", "tiny batch 2, bdwp 1:4 on mine", "tiny batch 4, bdwp 2:8 on mine", "tiny batch 4, bdwp 1:4 on mine"}},
		{"labels can be axes", `
axes:
  - zip: [{path: batch, values: [2, 4]}, {path: sparsity, values: ["2:8", "4:8"]}]`, []string{
			"tiny batch 2, bdwp 2:8 on mine", "tiny batch 4, bdwp 4:8 on mine"}},
	} {
		choices, err := read(t, base+c.text).Expand()
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		var got []string
		for i := range choices {
			got = append(got, choices[i].String())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

func TestFilesAreChecked(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"name: s\narch: mine\nrecipes: [bdwp]\n", "networks: it is missing"},
		{base + "axes: [{path: network, values: [tiny]}]\n", "networks: an axis sets network, too"},
		{base + "axes: [{path: stce.rows}]\n", "path or values is missing"},
		{base + "axes: [{}]\n", "none or several"},
		{base + "axes: [{path: a, values: [1], points: [[]]}]\n", "none or several"},
		{base + "axes: [{zip: [{path: a, values: [1, 2]}, {path: b, values: [1]}]}]\n", "axes[0].zip[1].values: it has 1 values"},
		{base + "axes: [{points: [[stce.rows]]}]\n", "axes[0].points[0][0]"},
		{base + "set: [rows]\n", "set[0]"},
		{base + "sparsity: [\"9:8\"]\n", "sparsity[0]"},
		{base + "batches: [0]\n", "batches[0]"},
		{base + "where: [\"stce.rows <\"]\n", "where[0]"},
		{base + "grid: []\n", "unknown key"},
	} {
		f := Default()
		err := config.Decode(config.Source{Name: "s.yaml", Data: []byte("kind: sweep\n" + c.text)}, "sweep", &f)
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "s.yaml:") {
			t.Errorf("%q: %v, want %q", c.text, err, c.says)
		}
	}
}

func TestTooManyPoints(t *testing.T) {
	f := read(t, base)
	values := make([]Value, 1001)
	for i := range values {
		values[i] = "1"
	}
	f.Axes = []Axis{{Path: "a", Values: values}, {Path: "b", Values: values}}
	if _, err := f.Expand(); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("error %v", err)
	}
}

func TestConditionsSeeTheOverrides(t *testing.T) {
	p := plan(t, base+`
batches: [2, 4]
sparsity: ["2:8", "1:4"]
axes:
  - {path: stce.rows, values: [8, 16, 9999]}
  - {path: network.width, values: [16, 32]}
  - {path: clock, values: [100MHz, 200MHz]}
where:
  - stce.rows * batch <= 32 and m == 8
  - network.width == 2 * stce.rows or clock == q("0.1GHz")
`)
	// rows*batch <= 32: (8,2) (8,4) (16,2); width and clock: for 8 rows, 16 at both clocks and 32 at 100 MHz; for 16 rows, 32 at both and 16
	// at 100 MHz. So 9 points of 48, each with a baseline of its own.
	if len(p.Jobs) != 18 || p.Baselines != 9 || p.LeftOut != 48-9 {
		t.Errorf("%d jobs, %d baselines, %d left out", len(p.Jobs), p.Baselines, p.LeftOut)
	}
	if _, err := New(read(t, base+`where: ["stce.rosw > 1"]`), resolver, store.Origin{}, nil); err == nil || !strings.Contains(err.Error(), "nearest: stce.rows") {
		t.Errorf("an unknown name: %v", err)
	}
	if _, err := New(read(t, base+`where: ["batch > 100"]`), resolver, store.Origin{}, nil); err == nil || !strings.Contains(err.Error(), "no point meets") {
		t.Errorf("nothing left: %v", err)
	}
}

func TestKindsOfStepsStandBesideTheirPoints(t *testing.T) {
	text := strings.Replace(base, "[bdwp]", "[bdwp, plain]", 1) + "trainings: true\n"
	phased := func(c Selection) (*Models, error) {
		m, err := resolver(c)
		if err == nil && c.Recipe == "bdwp" {
			dense := recipe.Rule{Prune: recipe.Dense}
			m.Recipe.Epochs, m.Recipe.Masks = 3, 4
			m.Recipe.Schedule = []recipe.Phase{{Name: "dense", Epochs: 1, FF: dense, BP: dense}}
		}
		return m, err
	}
	p, err := New(read(t, text), phased, store.Origin{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	// The baseline, which is asked for, too; bdwp; and of bdwp a dense step, one that finds masks and one that keeps them.
	if len(p.Jobs) != 5 || p.Kinds != 3 || p.Baselines != 0 {
		t.Fatalf("%d points, %d kinds of steps, %d baselines", len(p.Jobs), p.Kinds, p.Baselines)
	}
	names := ""
	for _, j := range p.Jobs {
		if j.Point.Baseline == "" {
			names += j.Recipe.Name + ";"
		}
	}
	if names != "dense;bdwp dense;bdwp;bdwp;" {
		t.Errorf("compared with nothing: %s", names)
	}
	if p, err = New(read(t, strings.Replace(text, "trainings: true", "", 1)), phased, store.Origin{}, nil); err != nil || len(p.Jobs) != 2 || p.Kinds != 0 {
		t.Errorf("without trainings: %d points: %v", len(p.Jobs), err)
	}
}

func TestBaselinesAreSharedPoints(t *testing.T) {
	p := plan(t, "name: s\narch: mine\nnetworks: [tiny]\nrecipes: [dense, bdwp]\nsparsity: [\"2:8\", \"1:4\"]\n")
	// dense once, though there are two ratios and it is the baseline, too; bdwp twice.
	if len(p.Jobs) != 3 || p.Baselines != 0 {
		t.Fatalf("%d jobs, %d baselines", len(p.Jobs), p.Baselines)
	}
	for _, j := range p.Jobs[1:] {
		if j.Point.Baseline != p.Jobs[0].Key {
			t.Errorf("%s has another baseline", j.Choice.String())
		}
	}
}

func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Memory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func list(t *testing.T, s *store.Store) []store.Point {
	t.Helper()
	points, err := s.List(context.Background(), store.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	return points
}

func run(t *testing.T, s *store.Store, jobs []PlannedPoint, o Options) Progress {
	t.Helper()
	p, err := Run(context.Background(), s, jobs, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const grid = base + `
sparsity: ["2:8", "1:4"]
axes:
  - {path: stce.rows, values: [8, 16]}
  - {path: vector.lanes, values: [16, 32]}
`

// One worker or many, in one go or in parts, the store has the same points with the same figures.
func TestRunsInPartsAndSideBySideAreEqual(t *testing.T) {
	whole, parts := open(t), open(t)
	p := plan(t, grid)
	if got := run(t, whole, p.Jobs, Options{Workers: 1}); got.Done != 12 || got.Failed != 0 || got.Known != 0 {
		t.Errorf("%+v", got)
	}
	first := run(t, parts, p.Jobs[3:8], Options{Workers: 3})
	if first.Done != 5 {
		t.Errorf("%+v", first)
	}
	if rest := run(t, parts, p.Jobs, Options{Workers: 3}); rest.Known != 5 || rest.Done != 7 || rest.Total != 7 {
		t.Errorf("%+v", rest)
	}
	if again := run(t, parts, p.Jobs, Options{Workers: 3}); again.Known != 12 || again.Done != 0 {
		t.Errorf("%+v", again)
	}
	if again := run(t, parts, p.Jobs, Options{Workers: 3, Recompute: true}); again.Known != 0 || again.Done != 12 {
		t.Errorf("%+v", again)
	}
	if a, b := list(t, whole), list(t, parts); !reflect.DeepEqual(a, b) || len(a) != 12 {
		t.Errorf("%d and %d points, or other figures", len(a), len(b))
	}
}

// Every ratio has a speed-up against a baseline that is in the store, and the MACs of the sparse products are the ratio's part of the dense
// ones: 8 output channels in fc are no whole group of BP's reduction at 1:16, so its ratios here are those of the tiny network's layers.
func TestWhatIsStoredIsWhatWasAskedFor(t *testing.T) {
	s := open(t)
	run(t, s, plan(t, grid).Jobs, Options{Workers: 2})
	rows, err := query.NamePoints(list(t, s))
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		v := rows[i].Values
		want := "1:1"
		if v["recipe"] == "bdwp" {
			want = fmt.Sprintf("%v:%v", v["n"], v["m"])
		}
		if v["sparsity"] != want || v["baseline"] != "dense" || v["batch"] != 4 {
			t.Errorf("%v %v against %v, batch %v", v["recipe"], v["sparsity"], v["baseline"], v["batch"])
		}
		if v["recipe"] == "dense" && v["speedup"] != 1.0 {
			t.Errorf("dense is %v times as fast as itself", v["speedup"])
		}
		// conv a: 8*8*4 outputs x 16 x 9*16; its FF and WU; a has no BP. conv b: FF, BP, WU. fc: 4 x 1024 x 8 in each.
		conv, fc := 256*16*144, 4*1024*8
		dense, kept := 5*conv+3*fc, 5*conv+3*fc
		if want != "1:1" { // FF of a, b and fc, BP of b and fc at a quarter
			kept = dense - (3*conv+2*fc)*3/4
		}
		if v["dense_macs"] != dense || v["performed_macs"] != kept {
			t.Errorf("%v %v: %v MACs of %v, want %d of %d", v["recipe"], v["sparsity"], v["performed_macs"], v["dense_macs"], kept, dense)
		}
	}
}

func TestFailingPointsAreStoredAndTheRestGoesOn(t *testing.T) {
	s := open(t)
	p := plan(t, base+`
sparsity: ["2:8", "1:32"]
axes:
  - {path: stce.rows, values: [8, 9999]}
`)
	// With 8 rows: dense, 2:8, and 1:32, which the array was not built for. 9999 rows are refused, at both ratios.
	refused, err := Check(t.Context(), p.Jobs)
	if err != nil || len(refused) != 3 {
		t.Errorf("%d points are refused before they run, want the 3 that fail: %v (%v)", len(refused), refused, err)
	}
	for _, r := range refused {
		if why := r.Why.Error(); !strings.Contains(why, "pruned to 1:32") && !strings.Contains(why, "rows: 9999 is out of range") {
			t.Errorf("%s: %s", r.Point, why)
		}
	}
	got := run(t, s, p.Jobs, Options{Workers: 2})
	if got.Done != 5 || got.Failed != 3 {
		t.Errorf("%+v", got)
	}
	var errs []string
	for _, q := range list(t, s) {
		if q.Failed() {
			errs = append(errs, q.Error)
		}
	}
	slices.Sort(errs)
	if len(errs) != 3 || !strings.Contains(strings.Join(errs, "|"), "pruned to 1:32") || !strings.Contains(strings.Join(errs, "|"), "rows: 9999 is out of range") {
		t.Errorf("errors %q", errs)
	}
	if again := run(t, s, p.Jobs, Options{Workers: 1}); again.Known != 5 {
		t.Errorf("%+v", again)
	}
	if again := run(t, s, p.Jobs, Options{Workers: 1, Retry: true}); again.Known != 2 || again.Failed != 3 {
		t.Errorf("%+v", again)
	}
	rows, err := query.NamePoints(list(t, s))
	if err != nil {
		t.Fatal(err)
	}
	bad, err := query.Filter(rows, []string{`error != "" and sparsity == "1:32"`}, nil)
	if err != nil || len(bad) != 2 {
		t.Errorf("%d failed points of that ratio, %v", len(bad), err)
	}
	if _, err := New(read(t, base+"set: [stce.rosw=1]"), resolver, store.Origin{}, nil); err == nil || !strings.Contains(err.Error(), "nearest: stce.rows") {
		t.Errorf("a path that no point has: %v", err)
	}
}

// A panic below costs the point.
func TestPanicIsAnError(t *testing.T) {
	s := open(t)
	p := plan(t, base)
	jobs := slices.Clone(p.Jobs)
	jobs[0].Step = nil // nothing can be made of that
	jobs[0].Point.Note = "broken"
	got := run(t, s, jobs, Options{Workers: 1})
	if got.Done != 2 || got.Failed != 1 {
		t.Errorf("%+v", got)
	}
	states, err := s.States(context.Background())
	if err != nil || states[jobs[0].Key] != store.Failed || states[jobs[1].Key] != store.Done {
		t.Errorf("states %v, %v", states, err)
	}
}

func TestStoppedRunsStopAndGoOn(t *testing.T) {
	s := open(t)
	p := plan(t, grid)
	ctx, cancel := context.WithCancel(context.Background())
	got, err := Run(ctx, s, p.Jobs, Options{Workers: 1, Progress: func(p Progress) {
		if p.Done == 3 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || got.Done != 3 || got.Failed != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	if n := len(list(t, s)); n != 3 {
		t.Errorf("%d points", n)
	}
	if rest := run(t, s, p.Jobs, Options{Workers: 1}); rest.Known != 3 || rest.Done != 9 {
		t.Errorf("%+v", rest)
	}
}

func TestProgressEstimatesByWeight(t *testing.T) {
	s := open(t)
	p := plan(t, grid)
	var last Progress
	run(t, s, p.Jobs, Options{Workers: 2, Progress: func(now Progress) {
		if now.Done != last.Done+1 || now.Total != 12 || now.Rate <= 0 || now.Left < 0 {
			t.Errorf("%+v after %+v", now, last)
		}
		last = now
	}})
	if last.Done != 12 || last.Left != 0 {
		t.Errorf("at the end %+v", last)
	}
}

// Three points in 6 s are one in 2 s. They have 8 of the 8 + 20 items: the other 20 take 20/8 of 6 s.
func TestPaceByHand(t *testing.T) {
	if rate, left := pace(3, 6*time.Second, 8, 20); rate != 0.5 || left != 15*time.Second {
		t.Errorf("%v points/s, %v left; want 0.5, 15s", rate, left)
	}
}

func TestEstimateStoresNothing(t *testing.T) {
	s := open(t)
	p := plan(t, grid)
	run(t, s, p.Jobs[:5], Options{Workers: 1})
	todo, total, err := Estimate(context.Background(), s, p.Jobs, Options{Workers: 1})
	if err != nil || todo != 7 || total <= 0 {
		t.Errorf("%d to do in %v, %v", todo, total, err)
	}
	if n := len(list(t, s)); n != 5 {
		t.Errorf("%d points", n)
	}
}

// Shards of any plan: together the whole, each point once, the same each time, and no two further apart than the heaviest run of neighbours
// that they can be dealt.
func TestShardsAreDisjointBalancedAndDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &Plan{}
		for step := range rapid.IntRange(1, 6).Draw(t, "networks") {
			s := &workloads.Step{Items: make([]workloads.Item, rapid.IntRange(1, 40).Draw(t, "items"))}
			for i := range rapid.IntRange(0, 30).Draw(t, "points") {
				p.Jobs = append(p.Jobs, PlannedPoint{Key: fmt.Sprint(step, "/", i), Step: s, Point: store.Point{Arch: json.RawMessage(fmt.Sprint(i / 5))}})
			}
		}
		n := rapid.IntRange(1, 7).Draw(t, "shards")
		var all []string
		least, most := int64(math.MaxInt64), int64(0)
		for i := 1; i <= n; i++ {
			jobs := p.Shard(Shard{i, n})
			for k := range jobs {
				all = append(all, jobs[k].Key)
			}
			if again := p.Shard(Shard{i, n}); !slices.EqualFunc(jobs, again, func(a, b PlannedPoint) bool { return a.Key == b.Key }) {
				t.Fatal("a shard changes")
			}
			w := weight(jobs)
			least, most = min(least, w), max(most, w)
		}
		var want []string
		heaviest := int64(0)
		for i := range p.Jobs {
			want = append(want, p.Jobs[i].Key)
			heaviest = max(heaviest, p.Jobs[i].weight())
		}
		slices.Sort(all)
		slices.Sort(want)
		if !slices.Equal(all, want) {
			t.Fatalf("shards have %d points, the plan %d, or others", len(all), len(want))
		}
		if most-least > chunkSize*heaviest {
			t.Fatalf("loads from %d to %d, heaviest point %d", least, most, heaviest)
		}
	})
}

func TestParseShard(t *testing.T) {
	for text, want := range map[string]Shard{"": {1, 1}, "1/1": {1, 1}, "2/3": {2, 3}} {
		if got, err := ParseShard(text); got != want || err != nil {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/2/3"} {
		if _, err := ParseShard(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

func TestMergedShardsAreTheWhole(t *testing.T) {
	whole, merged := open(t), open(t)
	p := plan(t, grid)
	run(t, whole, p.Jobs, Options{Workers: 2})
	for i := 1; i <= 3; i++ {
		part := open(t)
		run(t, part, p.Shard(Shard{i, 3}), Options{Workers: 1})
		if _, err := merged.Merge(context.Background(), part); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := list(t, whole), list(t, merged); !reflect.DeepEqual(a, b) {
		t.Errorf("%d and %d points, or other figures", len(a), len(b))
	}
}

// A file of 2 x 3 points with a condition that all meet is stopped at its second condition, and at its fifth point's models.
func TestResolvingPointsCanBeStopped(t *testing.T) {
	f := read(t, "name: s\narch: mine\nnetworks: [tiny]\nrecipes: [dense, bdwp]\naxes: [{path: stce.rows, values: [8, 16, 32]}]\nwhere: [\"stce.rows > 1\"]\n")
	stop := errors.New("stop")
	for _, c := range []struct {
		what string
		at   int
	}{{"conditions", 1}, {"models of points", 4}} {
		_, err := New(f, resolver, store.Origin{}, func(what string, done, total int) error {
			if total != 6 {
				t.Errorf("%d %s, want 6", total, what)
			}
			if what == c.what && done == c.at {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) {
			t.Errorf("%s: %v, want %v", c.what, err, stop)
		}
	}
}

// What conditions read, by hand: their own names, and whatever names a model. Rows that have no other names give the same.
func TestWhatConditionsRead(t *testing.T) {
	f := Default()
	f.Name, f.Where = "s", []string{"let big = 2; stce.rows > 3 and network.batch > big", "any([1, 4], # == board.memory.channels)"}
	c, err := f.Conditions(Load(nil))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		"stce.rows": true, "board.memory": true, "board.memory.channels": true, "network.batch": true, "batch": true, "arch": true, "sparsity": true, "recipe": true,
		"stce.row": false, "stce.cols": false, "board.memory.channel": false, "network.image": false, "clock": false,
	} {
		if c.Reads(path) != want {
			t.Errorf("%s is read: %v", path, !want)
		}
	}
	at := func(rows, batch string) Selection {
		return Selection{Names: models.Names{Arch: "sat-vcu1525", Network: "resnet9", Recipe: "bdwp"}, Set: []config.Override{{Path: "stce.rows", Value: rows}, {Path: "network.batch", Value: batch}, {Path: "clock", Value: "1MHz"}}}
	}
	var wait sync.WaitGroup
	for range 4 { // goroutines
		wait.Go(func() {
			for _, tt := range []struct {
				rows, batch string
				holds       bool
			}{{"4", "3", true}, {"3", "3", false}, {"4", "2", false}} {
				if got, err := c.Holds(at(tt.rows, tt.batch)); err != nil || got != tt.holds {
					t.Errorf("%+v: %v, %v", tt, got, err)
				}
			}
		})
	}
	wait.Wait()
	f.Where = nil
	if c, err = f.Conditions(nil); err != nil || c.Reads("arch") {
		t.Errorf("no conditions read something: %v", err)
	}
}
