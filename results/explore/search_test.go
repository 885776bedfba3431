package explore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/dataflow/least"
	"satsim/internal/config"
	"satsim/results/experiment/models"
	"satsim/results/store"
	"satsim/results/sweep"
)

// condition is one of a file, and in Go.
type condition struct {
	text  string
	holds func(m *sweep.Models) bool
}

func conditionsByHand() []condition {
	return []condition{
		{"stce.rows >= 7", func(m *sweep.Models) bool { return m.Spec.STCE.Rows >= 7 }},
		{"stce.rows * stce.cols <= 300", func(m *sweep.Models) bool { return m.Spec.STCE.Rows*m.Spec.STCE.Cols <= 300 }},
		{"batch == 1 or vector.lanes > 1", func(m *sweep.Models) bool { return m.Step.Images == 1 || m.Spec.Vector.Lanes > 1 }}, // of one work and not of the other
		{`recipe != "dense" or stce.cols < 80`, func(m *sweep.Models) bool { return m.Recipe.Name != "dense" || m.Spec.STCE.Cols < 80 }},
		{"batch == 2 or stce.rows > 2", func(m *sweep.Models) bool { return m.Step.Images == 2 || m.Spec.STCE.Rows > 2 }}, // and the other way round
		{"m != 4", func(m *sweep.Models) bool { return models.Ratio(m.Recipe) != "2:4" }},
	}
}

// drawn is a small space around a small network, with what is to hold in it.
func drawn(t *rapid.T) (*sweep.File, []condition) {
	f := sweep.Default()
	f.Name, f.Arch, f.Networks, f.Recipes, f.Batches = "drawn", "sat-vcu1525", []string{"testdata/tiny.yaml"}, []string{"bdwp"}, []int64{1}
	if rapid.Bool().Draw(t, "two batches") {
		f.Batches = append(f.Batches, 2)
	}
	for _, a := range []struct {
		path   string
		values []string
	}{
		{"stce.rows", []string{"2", "7", "16", "64"}},
		{"stce.cols", []string{"3", "16", "80"}},
		{"stce.add_latency", []string{"2", "6", "11"}},
		{"stce.max_interleave", []string{"1", "4", "8"}},
		{"vector.lanes", []string{"1", "8", "64"}},
		{"wuve.lanes", []string{"1", "4"}},
		{"dataflow.pregeneration", []string{"true", "false"}},
		{"stce.max_m", []string{"4", "8", "16"}}, // 4 is refused: bdwp is 2:8
		{"buffers.west.capacity", []string{"16KiB", "1MiB"}},
	} {
		var values []sweep.Value
		for _, v := range a.values {
			if rapid.Bool().Draw(t, a.path+" "+v) {
				values = append(values, sweep.Value(v))
			}
		}
		if size := len(f.Axes); len(values) > 0 && size < 3 {
			f.Axes = append(f.Axes, sweep.Axis{Path: a.path, Values: values})
		}
	}
	if rapid.Bool().Draw(t, "several recipes") {
		f.Recipes = rapid.SampledFrom([][]string{{"bdwp", "dense"}, {"dense", "sr-ste"}, {"sdwp", "dense", "bdwp"}}).Draw(t, "recipes")
		f.Sparsity = rapid.SampledFrom([][]string{nil, {"2:8"}, {"2:4", "2:8"}}).Draw(t, "ratios")
	}
	var holds []condition
	for _, c := range conditionsByHand() {
		if rapid.IntRange(0, 3).Draw(t, c.text) == 0 {
			f.Where, holds = append(f.Where, c.text), append(holds, c)
		}
	}
	return &f, holds
}

// drawnAccuracies gives recipes of a space accuracies by hand, all right ones and none at all among them: by recipe, ratio and batch.
func drawnAccuracies(t *rapid.T, s *Space) map[string]float64 {
	out := map[string]float64{}
	for r := range s.trained {
		for w := range s.trained[r] {
			of := &s.trained[r][w]
			if rapid.IntRange(0, 5).Draw(t, "untrained") == 0 {
				continue
			}
			of.Accuracy, of.Seeds = rapid.SampledFrom([]float64{0.5, 0.7, 0.75, 0.9, 1}).Draw(t, "accuracy"), 3
			out[learnedBy(of.Recipe, of.Sparsity, of.Batch)] = of.Accuracy
		}
	}
	return out
}

func learnedBy(recipe, sparsity string, batch int64) string {
	return fmt.Sprint(recipe, " ", sparsity, " ", batch)
}

func drawnOptions(t *rapid.T) Options {
	o := Options{Objectives: []Objective{Time}, Fit: rapid.SampledFrom([]FitRule{FitCertain, FitPossible, FitAny}).Draw(t, "fit"),
		Corner: rapid.SampledFrom([]Corner{Low, Middle, High}).Draw(t, "corner"), Workers: rapid.IntRange(1, 3).Draw(t, "workers"), Each: rapid.Bool().Draw(t, "each")}
	for _, more := range []Objective{Energy, "lut", "dsp"} {
		if rapid.Bool().Draw(t, string(more)) {
			o.Objectives = append(o.Objectives, more)
		}
	}
	return o
}

// all is what simulating every design of a space gives.
type all struct {
	front             [][]float64
	own               [][][]float64 // of each work, if each is judged by itself: the front by its values and resources
	every             [][]float64   // of designs that are let in
	leftOut, unloaded []int         // designs that do not meet the conditions; those without models, which nobody asks
}

// exhaustive simulates every design, by models that are loaded each by itself, and keeps those that no other beats. It knows nothing of bounds, parts,
// classes or expressions. What a selection took before is not simulated again.
func exhaustive(t *rapid.T, known map[string]Took, f *sweep.File, s *Space, o Options, holds []condition, learned map[string]float64) (found all) {
	resolve := sweep.Load(nil)
	tiers := NewTiers(nil, store.Origin{})
	base := make([]Took, len(s.Works))
	run := func(c sweep.Selection) (Took, *sweep.Models, error) {
		m, err := resolve(c)
		if err != nil {
			return Took{}, nil, err
		}
		n, ok := known[c.String()]
		if !ok {
			if n, err = tiers.Simulate(context.Background(), c, m); err == nil {
				known[c.String()] = n
			}
		}
		return n, m, err
	}
	for i, w := range s.Works {
		c, err := f.Base()
		if err != nil {
			t.Fatal(err)
		}
		c.Network, c.Recipe, c.Sparsity, c.Batch = w.Network, f.Recipes[0], w.Sparsity, w.Batch
		if base[i], _, err = run(c); err != nil {
			t.Fatal(err)
		}
	}
	var every [][]float64
	own := make([][][]float64, len(s.Works))
	for i := range s.Size {
		values := make([]float64, len(o.Objectives))
		works := make([][]float64, len(s.Works)) // of each its values, by objective
		ok, in, loaded := true, true, true
		for w := range s.Works {
			c, err := s.Selection(i, w)
			if err != nil {
				t.Fatal(err)
			}
			m, err := resolve(c)
			if loaded = loaded && err == nil; err == nil {
				in = in && !slices.ContainsFunc(holds, func(h condition) bool { return !h.holds(m) })
			}
		}
		switch {
		case !loaded:
			found.unloaded = append(found.unloaded, i)
			continue
		case !in:
			found.leftOut = append(found.leftOut, i)
			continue
		}
		for w := range s.Works {
			c, err := s.Selection(i, w)
			if err != nil {
				t.Fatal(err)
			}
			n, m, err := run(c)
			if err != nil {
				ok = false
				break
			}
			report := fpga.Assess(&m.Spec)
			if !o.Fit.admits(report.Fit) {
				ok = false
				break
			}
			seconds, baseSeconds := float64(n.Cycles)/float64(m.Spec.Clock), float64(base[w].Cycles)/float64(m.Spec.Clock)
			accuracy, trained := learned[learnedBy(c.Recipe, c.Sparsity, c.Batch)]
			if !trained && slices.Contains(o.Objectives, Accuracy) {
				ok = false
				break
			}
			joules, baseJoules := o.Corner.joules(n.Joules), o.Corner.joules(base[w].Joules)
			for _, of := range o.Objectives {
				value, ok := map[Objective]float64{Time: seconds, Energy: joules, Accuracy: 1 - accuracy}[of]
				if !ok {
					value = float64(o.Corner.of(report.Lines[of.resource()].Use))
				}
				works[w] = append(works[w], value)
			}
			for k, of := range o.Objectives {
				switch {
				case of == Time && len(s.Works) == 1:
					values[k] = seconds
				case of == Time:
					values[k] += seconds / baseSeconds
				case of == Accuracy:
					values[k] += 1 - accuracy
				case of == Energy && len(s.Works) == 1:
					values[k] = joules
				case of == Energy:
					values[k] += joules / baseJoules
				default:
					values[k] = float64(o.Corner.of(report.Lines[of.resource()].Use))
				}
			}
		}
		if ok {
			for k, of := range o.Objectives {
				if (of == Time || of == Energy || of == Accuracy) && len(s.Works) > 1 {
					values[k] /= float64(len(s.Works))
				}
			}
			if o.Each {
				values = nil
				for k, of := range o.Objectives {
					if of != Time && of != Energy && of != Accuracy {
						values = append(values, works[0][k])
						continue
					}
					for w := range works {
						values = append(values, works[w][k])
					}
				}
				for w := range works {
					own[w] = append(own[w], works[w])
				}
			}
			every = append(every, values)
		}
	}
	found.front, found.every = unbeaten(every), every
	for _, every := range own {
		found.own = append(found.own, unbeaten(every))
	}
	return found
}

// unbeaten are the values that no others beat, once each.
func unbeaten(every [][]float64) (out [][]float64) {
	for i, v := range every {
		beaten := slices.ContainsFunc(every, func(u []float64) bool { return within(u, v, 0) && !slices.Equal(u, v) })
		if !beaten && !slices.ContainsFunc(every[:i], func(u []float64) bool { return slices.Equal(u, v) }) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, slices.Compare)
	return out
}

// ownFront is what a front says of the one that a work has by itself: its values, once each.
func ownFront(front []Best, o Options, works, work int) (out [][]float64) {
	columns := Columns(o.Objectives, works, o.Each)
	for i, on := range Alone(front, columns, work) {
		if !on {
			continue
		}
		var values []float64
		for k, c := range columns {
			if c.Work == work || c.Work == All {
				values = append(values, front[i].Values[k])
			}
		}
		out = append(out, values)
	}
	return unbeaten(out)
}

// The front is that of simulating everything, whatever the space, the objectives and the workers; its certificate holds, and says what became of every design.
func TestFrontIsThatOfAllDesigns(t *testing.T) {
	known := map[string]Took{}
	rapid.Check(t, func(t *rapid.T) {
		f, holds := drawn(t)
		o := drawnOptions(t)
		if len(f.Recipes) > 1 {
			o.Objectives = slices.Insert(o.Objectives, rapid.IntRange(1, len(o.Objectives)).Draw(t, "place of accuracy"), Accuracy)
		}
		s, err := NewSpace(f, nil, o.Objectives)
		if err != nil {
			t.Fatal(err)
		}
		want := exhaustive(t, known, f, s, o, holds, drawnAccuracies(t, s))
		tiers := NewTiers(nil, store.Origin{})
		r, err := Search(context.Background(), s, tiers, o)
		if len(want.leftOut)+len(want.unloaded) == s.Size && err != nil && strings.Contains(err.Error(), "no design meets the conditions") {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		var got [][]float64
		for _, b := range r.Front {
			got = append(got, b.Values)
		}
		if !reflect.DeepEqual(got, want.front) {
			t.Fatalf("front %v, of all designs %v", got, want.front)
		}
		for w := range s.Works {
			if got := ownFront(r.Front, o, len(s.Works), w); o.Each && !reflect.DeepEqual(got, want.own[w]) {
				t.Fatalf("front of %s: %v, of all designs %v", &s.Works[w], got, want.own[w])
			}
		}
		n := &r.Counts
		if sum := n.LeftOut + n.Refused + n.TooLarge + n.ClosedForm + n.Scheduled + n.Simulated + n.Front + n.Open; sum != s.Size || n.Open != 0 || r.Gap != 0 {
			t.Fatalf("%+v of %d designs, gap %g", *n, s.Size, r.Gap)
		}
		if n.LeftOut < len(want.leftOut) || n.LeftOut > len(want.leftOut)+len(want.unloaded) {
			t.Fatalf("%d designs are left out; %d do not meet the conditions, %d can't be loaded", n.LeftOut, len(want.leftOut), len(want.unloaded))
		}
		if len(r.Front) == 0 {
			return
		}
		verify := func(change func(*Certificate), sample int) error {
			c, err := Certify(f, nil, o, r, s, store.Origin{})
			if err != nil {
				t.Fatal(err)
			}
			c.Front = slices.Clone(c.Front)
			change(c)
			again, err := NewSpace(f, nil, o.Objectives)
			if err == nil {
				err = again.Recall(c.Trained)
			}
			if err == nil {
				_, err = Verify(context.Background(), again, tiers, c, sample, 1, 1, nil)
			}
			return err
		}
		if err := verify(func(*Certificate) {}, 3); err != nil {
			t.Fatal(err)
		}
		if len(r.Front) > 1 {
			if verify(func(c *Certificate) { c.Front = c.Front[1:]; c.Counts.Front--; c.Counts.Simulated++ }, 0) == nil {
				t.Fatal("a certificate without the fastest design holds")
			}
		}
		if len(s.Works) > 1 && verify(func(c *Certificate) { c.Each = !c.Each }, 0) == nil {
			t.Fatal("a certificate of other objectives holds")
		}
		if verify(func(c *Certificate) { c.Counts.LeftOut++ }, 0) == nil {
			t.Fatal("a certificate that says one more is left out holds")
		}
		if len(want.leftOut) > 0 {
			forged := r.Front[0]
			forged.Design = want.leftOut[0]
			if err := verify(func(c *Certificate) { c.Front[0] = forged }, 0); !errors.Is(err, ErrLeftOut) {
				t.Fatalf("a certificate with a design that is left out: %v", err)
			}
		}
		if len(f.Recipes) > 1 {
			on := s.Recipes[s.places(r.Front[0].Design)[0]]
			if verify(func(c *Certificate) {
				i := slices.IndexFunc(c.Trained, func(of Trained) bool { return of.Recipe == on.Name && of.Sparsity == on.Sparsity })
				c.Trained[i].Accuracy /= 2
			}, 0) == nil {
				t.Fatal("a certificate with another accuracy of the fastest design holds")
			}
			if err := verify(func(c *Certificate) { c.Trained[0].RecipeHash = "another" }, 0); err == nil || !strings.Contains(err.Error(), "hashes") {
				t.Fatalf("a certificate with the accuracy of another recipe: %v", err)
			}
		}
	})
}

// A certificate that says anything else than what was found does not hold, and the part that is not true is named.
func TestForgedCertificateDoesNotHold(t *testing.T) {
	f, _, o := steady(t)
	o.Objectives, o.Fit = []Objective{Time, Energy, "lut"}, FitCertain
	f.Axes = []sweep.Axis{{Path: "stce.rows", Values: []sweep.Value{"8", "23", "64"}}, {Path: "stce.cols", Values: []sweep.Value{"16", "32"}}, {Path: "stce.max_m", Values: []sweep.Value{"4", "8"}}} // 4 is refused: bdwp is 2:8
	f.Where = []string{"stce.rows * stce.cols != 128"}
	s, err := NewSpace(f, nil, o.Objectives)
	if err != nil {
		t.Fatal(err)
	}
	tiers := NewTiers(nil, store.Origin{})
	r, err := Search(context.Background(), s, tiers, o)
	if err != nil {
		t.Fatal(err)
	}
	if n := &r.Counts; n.Refused == 0 || n.TooLarge == 0 || n.LeftOut == 0 || len(r.Front) < 2 {
		t.Fatalf("%+v: there is nothing to forge", *n)
	}
	certificate := func() *Certificate {
		c, err := Certify(f, nil, o, r, s, store.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		if err := c.Write(&text); err != nil {
			t.Fatal(err)
		}
		path := t.TempDir() + "/proof.json"
		if err := os.WriteFile(path, []byte(text.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		if c, _, _, err = Read(path); err != nil {
			t.Fatal(err)
		}
		return c
	}
	for name, forge := range map[string]struct {
		change func(*Certificate)
		want   string // of the error
	}{
		"none":                    {func(*Certificate) {}, ""},
		"version of bounds":       {func(c *Certificate) { c.Bounds++ }, "its bounds are of version"},
		"no version of bounds":    {func(c *Certificate) { c.Bounds = 0 }, "its bounds are of version"},
		"designs":                 {func(c *Certificate) { c.Designs++ }, "designs, the certificate says"},
		"overrides":               {func(c *Certificate) { c.Front[0].Overrides[0] = "stce.rows=9" }, "overrides"},
		"fit":                     {func(c *Certificate) { c.Front[0].Fit = fpga.Undecided }, "fit"},
		"joules":                  {func(c *Certificate) { c.Front[1].Joules[0] /= 2 }, " J; the certificate says"},
		"cycles":                  {func(c *Certificate) { c.Front[1].Cycles[0]-- }, "cycles; the certificate says"},
		"values":                  {func(c *Certificate) { c.Front[0].Values[0] /= 2 }, "cycles; the certificate says"},
		"design":                  {func(c *Certificate) { c.Front[0].Design = c.Front[1].Design }, "the certificate says"},
		"a design twice":          {func(c *Certificate) { c.Front[1] = c.Front[0] }, "no better than the other"},
		"a design less":           {func(c *Certificate) { c.Front = c.Front[1:] }, "counts.front"},
		"a design less, counted":  {func(c *Certificate) { c.Front = c.Front[1:]; c.Counts.Front--; c.Counts.Simulated++ }, "no design of the front is as good"},
		"base, design":            {func(c *Certificate) { c.Base.Design = 0 }, "base"},
		"base, overrides":         {func(c *Certificate) { c.Base.Overrides = []string{"stce.rows=8"} }, "base"},
		"base, values":            {func(c *Certificate) { c.Base.Values[0] *= 2 }, "base"},
		"base, cycles":            {func(c *Certificate) { c.Base.Cycles[0]++ }, "base"},
		"base, joules":            {func(c *Certificate) { c.Base.Joules[0] *= 2 }, "base"},
		"base, fit":               {func(c *Certificate) { c.Base.Fit = "certainly" }, "base"},
		"complete":                {func(c *Certificate) { c.Complete = false }, "complete"},
		"open":                    {func(c *Certificate) { c.Counts.Open++; c.Counts.TooLarge-- }, "complete"},
		"left out":                {func(c *Certificate) { c.Counts.LeftOut++ }, "add up"},
		"refused":                 {func(c *Certificate) { c.Counts.Refused++ }, "add up"},
		"too large":               {func(c *Certificate) { c.Counts.TooLarge++ }, "add up"},
		"closed form":             {func(c *Certificate) { c.Counts.ClosedForm++ }, "add up"},
		"scheduled":               {func(c *Certificate) { c.Counts.Scheduled++ }, "add up"},
		"simulated":               {func(c *Certificate) { c.Counts.Simulated++ }, "add up"},
		"front":                   {func(c *Certificate) { c.Counts.Front--; c.Counts.Simulated++ }, "counts.front"},
		"fewer than none":         {func(c *Certificate) { c.Counts.ClosedForm -= 20; c.Counts.Scheduled += 20 }, "counts"},
		"left out, too large":     {func(c *Certificate) { c.Counts.LeftOut++; c.Counts.TooLarge-- }, "conditions leave"},
		"too large, closed form":  {func(c *Certificate) { c.Counts.TooLarge--; c.Counts.ClosedForm++ }, "too large"},
		"refused, too large":      {func(c *Certificate) { c.Counts.Refused--; c.Counts.TooLarge++ }, "counts.refused"},
		"reasons":                 {func(c *Certificate) { c.Refused = nil }, "refused"},
		"a reason":                {func(c *Certificate) { c.Refused[0].Why = "it is slow" }, "refused"},
		"designs of a reason":     {func(c *Certificate) { c.Refused[0].Designs++ }, "refused"},
		"a reason less, counted":  {func(c *Certificate) { c.Counts.ClosedForm += c.Counts.Refused; c.Counts.Refused, c.Refused = 0, nil }, "refused"},
		"fewer designs than none": {func(c *Certificate) { c.Refused = append(c.Refused, Reason{-1, "a"}, Reason{1, "b"}) }, "refused"},
		"accuracies":              {func(c *Certificate) { c.Trained = []Trained{{Network: "resnet9", Accuracy: 1, Seeds: 3}} }, "trained"},
		"rule":                    {func(c *Certificate) { c.Fit = FitAny }, "too large"},
		"corner":                  {func(c *Certificate) { c.Corner = Low }, "the certificate says"},
	} {
		t.Run(name, func(t *testing.T) {
			c := certificate()
			forge.change(c)
			_, err := Verify(context.Background(), s, tiers, c, 0, 1, 2, nil)
			switch {
			case forge.want == "" && err != nil:
				t.Error(err)
			case forge.want != "" && err == nil:
				t.Error("it holds")
			case forge.want != "" && !strings.Contains(err.Error(), forge.want):
				t.Errorf("it says %v, and nothing of %s", err, forge.want)
			}
		})
	}
}

// A certificate whose space is no object is refused, whatever stands there.
func TestCertificateWithoutASpaceIsRefused(t *testing.T) {
	for _, space := range []string{``, `"space":null,`, `"space":1,`, `"space":"{}",`, `"space":[{}],`, `"space":{},`} {
		path := t.TempDir() + "/proof.json"
		text := `{"schema":"satsim.explore/1",` + space + `"designs":1,"objectives":["time"],"fit":"any","corner":"high","front":[{"design":0,"values":[1]}]}`
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := Read(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", space, err)
		}
	}
}

// What the scheduler refuses is neither simulated nor counted as if it were; a complete certificate counts it among what is refused.
func TestDesignsWithoutAScheduleAreRefused(t *testing.T) {
	f, s, o := steady(t)
	tiers := NewTiers(nil, store.Origin{})
	schedule, simulate, simulated := tiers.Schedule, tiers.Simulate, 0
	tiers.Schedule = func(ctx context.Context, m *sweep.Models) (Words, error) {
		if m.Spec.STCE.Rows == 24 {
			return Words{}, errors.New("it has no schedule")
		}
		return schedule(ctx, m)
	}
	r, err := Search(context.Background(), s, tiers, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Counts.Refused == 0 || r.Counts.Open > 0 {
		t.Fatalf("%+v: nothing was refused", r.Counts)
	}
	tiers.Simulate = func(ctx context.Context, c sweep.Selection, m *sweep.Models) (Took, error) {
		simulated++
		return simulate(ctx, c, m)
	}
	for _, sample := range []int{0, s.Size} {
		c, err := Certify(f, nil, o, r, s, store.Origin{})
		if err != nil {
			t.Fatal(err)
		}
		simulated = 0
		found, err := Verify(context.Background(), s, tiers, c, sample, 1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if found.Simulated != simulated-1 { // the base is not of the space
			t.Errorf("with a sample of %d it says that %d designs are simulated; %d are", sample, found.Simulated, simulated-1)
		}
		c.Counts.Refused, c.Counts.ClosedForm, c.Refused = 0, c.Counts.ClosedForm+c.Counts.Refused, nil
		if _, err := Verify(context.Background(), s, tiers, c, sample, 1, 1, nil); err == nil || !strings.Contains(err.Error(), "counts.refused") {
			t.Errorf("with a sample of %d a certificate without what the scheduler refused: %v", sample, err)
		}
	}
}

func steady(t *testing.T) (*sweep.File, *Space, Options) {
	t.Helper()
	f := sweep.Default()
	f.Name, f.Arch, f.Networks, f.Recipes, f.Batches = "steady", "sat-vcu1525", []string{"testdata/tiny.yaml"}, []string{"bdwp"}, []int64{2}
	f.Axes = []sweep.Axis{{Path: "stce.rows", Values: []sweep.Value{"8", "16", "23", "24"}}, {Path: "stce.cols", Values: []sweep.Value{"16", "30", "32"}}, {Path: "vector.lanes", Values: []sweep.Value{"16", "64"}}}
	s, err := NewSpace(&f, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &f, s, Options{Objectives: []Objective{Time, "lut"}, Fit: FitAny, Corner: High, Workers: 2}
}

// A bound that is above what it bounds rules out what it may not, be it a closed form or a schedule's: if the design is simulated all the same, the search
// ends; else the certificate does not hold by honest bounds, nor by the same ones if the design is among those that are drawn.
func TestUnsoundBoundIsCaught(t *testing.T) {
	f, s, o := steady(t)
	honest := NewTiers(nil, store.Origin{})
	lie := func(n int64, m *spec.Spec, factor float64) int64 {
		if m.STCE.Rows == 23 { // too slow, it says
			return int64(float64(n) * factor)
		}
		return n
	}
	for tier, plant := range map[string]struct {
		in      func(*Tiers, float64)
		factors []float64 // closed forms of a network as small as this are far below what it takes
	}{
		"closed form": {func(lies *Tiers, factor float64) {
			lies.Closed = func(step *least.Step, m *spec.Spec) int64 { return lie(honest.Closed(step, m), m, factor) }
		}, []float64{2, 3}},
		"schedule": {func(lies *Tiers, factor float64) {
			lies.Schedule = func(ctx context.Context, m *sweep.Models) (Words, error) {
				w, err := honest.Schedule(ctx, m)
				w.Cycles = lie(w.Cycles, &m.Spec, factor)
				return w, err
			}
		}, []float64{1.02, 3}},
	} {
		for _, factor := range plant.factors {
			t.Run(fmt.Sprintf("%s times %g", tier, factor), func(t *testing.T) {
				lies := honest
				plant.in(&lies, factor)
				r, err := Search(context.Background(), s, lies, o)
				if bound := (*BoundError)(nil); errors.As(err, &bound) {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				c, err := Certify(f, nil, o, r, s, store.Origin{})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := Verify(context.Background(), s, honest, c, 0, 1, 2, nil); err == nil || !strings.Contains(err.Error(), "stce.rows=23") {
					t.Errorf("by honest bounds: %v", err)
				}
				if _, err := Verify(context.Background(), s, lies, c, s.Size, 1, 2, nil); !errors.As(err, new(*BoundError)) {
					t.Errorf("by the same bounds, and designs that are drawn: %v", err)
				}
			})
		}
	}
}

// A search that is stopped has a gap which holds, and goes on from its store.
func TestStoppedSearchGoesOn(t *testing.T) {
	f, s, o := steady(t)
	db, err := store.Open(context.Background(), t.TempDir()+"/points.db")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	by := store.Origin{Model: "1"}
	tiers := NewTiers(db, by)
	ctx, cancel := context.WithCancel(context.Background())
	simulations := 0
	counting := tiers
	counting.Simulate = func(inner context.Context, c sweep.Selection, m *sweep.Models) (Took, error) {
		if simulations++; simulations == 12 {
			cancel()
		}
		return tiers.Simulate(inner, c, m)
	}
	o.Workers = 1
	r, err := Search(ctx, s, counting, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Counts.Open == 0 || r.Gap <= 0 {
		t.Fatalf("stopped after 12 simulations, and proven, or without a gap: %+v, gap %g", r.Counts, r.Gap)
	}
	c, err := Certify(f, nil, o, r, s, by)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(context.Background(), s, tiers, c, 3, 1, 1, nil); err != nil {
		t.Errorf("within its gap of %g: %v", r.Gap, err)
	}
	whole, err := Search(context.Background(), s, tiers, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range whole.Front { // what was open may be better by the gap, and no more
		values := slices.Clone(b.Values)
		if !slices.ContainsFunc(r.Front, func(a Best) bool { return within(a.Values, values, r.Gap+1e-9) }) {
			t.Errorf("%v is better than all of %v by more than %g", b.Values, r.Front, r.Gap)
		}
	}
	fresh, err := Search(context.Background(), s, NewTiers(nil, by), o)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fresh, whole) {
		t.Errorf("from a store %+v, without %+v", whole, fresh)
	}
}

// A search that is stopped before all designs are bounded has a result, too: no gap, and what it did not come to is open.
func TestStoppedBeforeThereIsAGap(t *testing.T) {
	f, _, o := steady(t)
	f.Axes = f.Axes[:0]
	for _, path := range []string{"stce.rows", "stce.cols"} {
		a := sweep.Axis{Path: path}
		for n := 8; n < 80; n++ {
			a.Values = append(a.Values, sweep.Value(fmt.Sprint(n)))
		}
		f.Axes = append(f.Axes, a)
	}
	o.Fit = FitCertain
	s, err := NewSpace(f, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	tiers := NewTiers(nil, store.Origin{})
	inBase := func(cancel func(), counting *Tiers, _ *Options) {
		counting.Simulate = func(ctx context.Context, c sweep.Selection, m *sweep.Models) (Took, error) {
			cancel()
			return tiers.Simulate(ctx, c, m)
		}
	}
	inClosedForms := func(cancel func(), _ *Tiers, o *Options) {
		o.Progress = func(p Progress) {
			if p.What == "closed forms" { // some were given out, not all
				cancel()
			}
		}
	}
	for name, stop := range map[string]func(func(), *Tiers, *Options){"base": inBase, "closed forms": inClosedForms} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			tiers, o := tiers, o
			stop(cancel, &tiers, &o)
			r, err := Search(ctx, s, tiers, o)
			if err != nil {
				t.Fatal(err)
			}
			n := &r.Counts
			if len(r.Front) > 0 || r.Gap != -1 || r.Base.Design != -1 || r.Bounded >= s.Size || name == "base" && r.Bounded > 0 {
				t.Errorf("%d designs on the front, gap %g, %d of %d bounded, base %+v", len(r.Front), r.Gap, r.Bounded, s.Size, r.Base)
			}
			if n.Open < s.Size-r.Bounded || n.TooLarge+n.Refused+n.Open != s.Size {
				t.Errorf("%+v of %d designs", *n, s.Size)
			}
		})
	}
}

// What comes out does not depend on the number of workers.
func TestWorkersDoNotMatter(t *testing.T) {
	_, s, o := steady(t)
	var first *Result
	for _, n := range []int{1, 2, 5} {
		o.Workers = n
		r, err := Search(context.Background(), s, NewTiers(nil, store.Origin{}), o)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
		}
		if !reflect.DeepEqual(first, r) {
			t.Errorf("%d workers: %+v, one: %+v", n, r, first)
		}
	}
}

// A machine by parts is the machine that is loaded whole.
func TestPartsMakeTheWhole(t *testing.T) {
	f, err := sweep.Open("fit")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSpace(f, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	v, resolve := s.view(), sweep.Load(nil)
	for i := 0; i < s.Size; i += s.Size/23 + 1 {
		_, got, err := v.spec(s.places(i))
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.Selection(i, 0)
		if err != nil {
			t.Fatal(err)
		}
		m, err := resolve(c)
		if err != nil {
			t.Fatal(err)
		}
		a, err := config.MarshalJSON(got)
		if err != nil {
			t.Fatal(err)
		}
		b, err := config.MarshalJSON(m.Spec)
		if err != nil {
			t.Fatal(err)
		}
		if string(a) != string(b) {
			t.Fatalf("design %d: by parts\n%s\nwhole\n%s", i, a, b)
		}
		if s.at(s.places(i)) != i {
			t.Fatalf("design %d is at %v, which is design %d", i, s.places(i), s.at(s.places(i)))
		}
	}
}
