package schedule_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/spec"
	"satsim/dataflow"
	"satsim/dataflow/schedule"
	"satsim/internal/config"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

var made = schedule.MadeFor{Arch: "sha256:a", Network: "sha256:b", Recipe: "sha256:c"}

// searched gives a plan the words of a search.
func searched(t rapid.TB, p *dataflow.Plan) *dataflow.Plan {
	t.Helper()
	s, err := schedule.NewSearcher(p, spec.ObjectiveLatency, nil)
	if err != nil {
		t.Fatal(err)
	}
	switch err := s.All(true); {
	case err == nil:
	case strings.Contains(err.Error(), "fits the buffers"): // the smallest buffers do not hold a column of everything
		t.Skip(err)
	default:
		t.Fatal(err)
	}
	return p
}

// written prints a plan's words.
func written(t rapid.TB, p *dataflow.Plan) []byte {
	t.Helper()
	f, err := schedule.FileOf(p, made)
	if err != nil {
		t.Fatal(err)
	}
	f.Recipe = "some"
	text, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// again is a plan of the same step on the same machine, without words.
func again(t rapid.TB, p *dataflow.Plan) *dataflow.Plan {
	t.Helper()
	q, err := dataflow.New(p.Step, p.Spec, p.Options)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestAReplayGivesTheSameWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := searched(t, smallPlan(t))
		for _, g := range products(p) { // as if edited: kept elsewhere than a search would
			c := *g.Choice
			c.West, c.North = rapid.IntRange(0, 5).Draw(t, "west"), rapid.IntRange(0, 5).Draw(t, "north")
			c.Out = rapid.IntRange(0, c.Out).Draw(t, "out")
			if err := p.Choose(g, c); err != nil {
				t.Log(err) // it does not fit, and the words stay
			}
		}
		text := written(t, p)
		q := again(t, p)
		if err := schedule.Replay(config.Source{Name: "s.yaml", Data: text}, q, made, false); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		for i := range p.Groups {
			if a, b := p.Groups[i].Word.AppendKey(nil), q.Groups[i].Word.AppendKey(nil); !bytes.Equal(a, b) || !reflect.DeepEqual(p.Groups[i].Choice, q.Groups[i].Choice) {
				t.Fatalf("%s: %+v, replayed %+v", p.Groups[i].Label, p.Groups[i].Word, q.Groups[i].Word)
			}
		}
		f, err := schedule.Decode(config.Source{Name: "s.yaml", Data: text})
		if err != nil {
			t.Fatal(err)
		}
		same, err := f.Encode()
		if err != nil || !bytes.Equal(same, text) {
			t.Fatalf("printed again (%v):\n%s\nwant\n%s", err, same, text)
		}
	})
}

// example is a schedule of the smallest shipped step that has all kinds of groups, with its plan.
func example(t testing.TB) (*dataflow.Plan, string) {
	t.Helper()
	g := &network.Graph{Name: "two", Inputs: []network.Input{{Name: "images", Shape: network.Shape{2, 6, 6, 8}}}, Nodes: []network.Node{
		{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: 8, Kernel: [2]int64{3, 3}},
		{Name: "bn", Op: network.BatchNorm, Inputs: []string{"first"}},
		{Name: "second", Op: network.Conv, Inputs: []string{"bn"}, Channels: 8, Kernel: [2]int64{3, 3}},
		{Name: "loss", Op: network.Loss, Inputs: []string{"second"}},
	}}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	p, err := dataflow.New(&step, spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}, dataflow.Options{
		Interleave: true, Pregenerate: true, Update: recipe.Default().Update(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return again(t, p), string(written(t, searched(t, p)))
}

// A word that does not fit is refused where it stands, with the reason.
func TestWhatDoesNotFitIsRefusedWhereItStands(t *testing.T) {
	p, text := example(t)
	line := func(of string) int {
		at := strings.Index(text, of)
		if at < 0 {
			t.Fatalf("no %q in\n%s", of, text)
		}
		return strings.Count(text[:at], "\n") + 1
	}
	first := text[strings.Index(text, "choice: {"):]
	first = first[:strings.Index(first, "\n")]
	edit := func(old, to string) string { // of the first choice
		if !strings.Contains(first, old) {
			t.Fatalf("no %q in %s", old, first)
		}
		return strings.Replace(text, first, strings.Replace(first, old, to, 1), 1)
	}
	cut := func(key string) string { // the value of a key of the first choice
		v := first[strings.Index(first, key+": "):]
		return v[:strings.IndexAny(v, ",}]")]
	}
	for name, c := range map[string]struct {
		text, want string
		line       int
	}{
		"depth":     {edit(cut("interleave"), "interleave: 64"), "groups[0].choice.interleave: depth 64 is out of range; accepted: 1 to 8", line(first)},
		"mode":      {edit(cut("mode"), "mode: is"), `groups[0].choice.mode: "is" is unknown; os or ws is accepted`, line(first)},
		"tile":      {edit(cut("f"), "f: 9"), "groups[0].choice.tile.f: 9 is out of range; accepted: 1 to 8", line(first)},
		"bands":     {edit(cut("t")+",", "t: 1,"), "groups[0].choice.tile.t: bands of 1 of 4 rows in tiles of 2 images; accepted: 4, or b: 1", line(first)},
		"order":     {edit("order: [g,", "order: [b,"), "groups[0].choice.order: loop b twice", line(first)},
		"level":     {edit("}}", "}, west: 6}"), "groups[0].choice.west: level 6 is out of range; accepted: 0 to 5", line(first)},
		"label":     {strings.Replace(text, "label: first FF", "label: frist FF", 1), `groups[0].label: the network has no product "frist FF"; nearest: first FF`, line("label: first FF")},
		"twice":     {strings.Replace(text, "label: second FF", "label: first FF", 1), "a second word for first FF", line("label: second FF")},
		"missing":   {strings.Replace(text, "label: second FF", "label: first FF", 1), "there is no word for second FF", line("groups:")},
		"kind":      {strings.Replace(text, "kind: product", "kind: prodct", 1), `groups[0].kind: "prodct" is no kind of group; accepted: product, pass, update`, line("kind: product")},
		"key":       {edit("mode:", "mood:"), "groups[0].choice.mood: unknown key", line(first)},
		"text":      {edit("}}", "}, west: far}"), "groups[0].choice.west", line(first)},
		"made for":  {strings.Replace(text, "network: sha256:b", "network: sha256:x", 1), "made_for.network: the schedule was made for another network (sha256:x); accepted: sha256:b", line("network: sha256:b")},
		"no choice": {strings.Replace(text, first, "", 1), "groups[0]: a product without a choice", line("- label: first FF")},
	} {
		err := schedule.Replay(config.Source{Name: "s.yaml", Data: []byte(c.text)}, again(t, p), made, false)
		if err == nil {
			t.Errorf("%s: it is accepted", name)
			continue
		}
		if where := fmt.Sprintf("s.yaml:%d:", c.line); !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), where) {
			t.Errorf("%s: %v\nwant %s ... %s", name, err, where, c.want)
		}
	}
	other := strings.Replace(text, "network: sha256:b", "network: sha256:x", 1)
	if err := schedule.Replay(config.Source{Name: "s.yaml", Data: []byte(other)}, again(t, p), made, true); err != nil {
		t.Errorf("made for something else, and anything goes: %v", err)
	}
	small := again(t, p)
	small.Spec.Buffers.West.Capacity = 64
	err := schedule.Replay(config.Source{Name: "s.yaml", Data: []byte(text)}, small, made, true)
	if err == nil || !strings.Contains(err.Error(), "does not fit the west buffer; accepted: up to 64 bytes") {
		t.Errorf("a tile larger than the buffer: %v", err)
	}
}

// Whatever the file says: no panic, and what is accepted are words that a machine can run.
func FuzzReplay(f *testing.F) {
	p, text := example(f)
	f.Add([]byte(text))
	f.Add([]byte(strings.ReplaceAll(text, "b: 2", "b: 1")))
	f.Add([]byte("kind: schedule\nrecipe: x\ngroups: []\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		q := again(t, p)
		if schedule.Replay(config.Source{Name: "s.yaml", Data: data}, q, made, true) != nil {
			return
		}
		for i := range q.Groups {
			if err := q.Groups[i].Word.Validate(); err != nil {
				t.Fatalf("%s: %v", q.Groups[i].Label, err)
			}
		}
	})
}

func TestHashesTellModelsApart(t *testing.T) {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	var d network.Description
	r := recipe.Default()
	base, err := schedule.MadeForOf(s, d, r)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change  func(*spec.Spec, *network.Description, *recipe.Recipe)
		differs schedule.MadeFor // where
	}{
		"names": {func(s *spec.Spec, d *network.Description, r *recipe.Recipe) { s.Name, d.Name, r.Name = "x", "y", "z" }, schedule.MadeFor{}},
		"how": {func(s *spec.Spec, _ *network.Description, _ *recipe.Recipe) {
			s.Dataflow.OfflineScheduling, s.Dataflow.Objective = false, "bytes"
		}, schedule.MadeFor{}},
		"rows":      {func(s *spec.Spec, _ *network.Description, _ *recipe.Recipe) { s.STCE.Rows = 8 }, schedule.MadeFor{Arch: "x"}},
		"channels":  {func(s *spec.Spec, _ *network.Description, _ *recipe.Recipe) { s.Board.Memory.Channels = 1 }, schedule.MadeFor{Arch: "x"}},
		"parameter": {func(_ *spec.Spec, d *network.Description, _ *recipe.Recipe) { d.Samples = 7 }, schedule.MadeFor{Network: "x"}},
		"optimiser": {func(_ *spec.Spec, _ *network.Description, r *recipe.Recipe) { r.Optimiser = recipe.Adam }, schedule.MadeFor{Recipe: "x"}},
	} {
		s, d, r := s, d, r
		c.change(&s, &d, &r)
		got, err := schedule.MadeForOf(s, d, r)
		if err != nil {
			t.Fatal(err)
		}
		if (got.Arch != base.Arch) != (c.differs.Arch != "") || (got.Network != base.Network) != (c.differs.Network != "") || (got.Recipe != base.Recipe) != (c.differs.Recipe != "") {
			t.Errorf("%s: %+v, was %+v", name, got, base)
		}
	}
}
