package schedule_test

import (
	"bytes"
	"slices"
	"testing"

	"satsim/arch/spec"
	"satsim/dataflow"
	"satsim/dataflow/schedule"
	"satsim/internal/config"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// folding is a plan of two convolutions with a batch norm and a clip between them, on a machine with so many multiply-adds to apply it where it is read.
func folding(t *testing.T, lanes, vector int) *dataflow.Plan {
	t.Helper()
	g := &network.Graph{Name: "read", Inputs: []network.Input{{Name: "images", Shape: network.Shape{8, 16, 16, 32}}}, Nodes: []network.Node{
		{Name: "first", Op: network.Conv, Inputs: []string{"images"}, Channels: 32, Kernel: [2]int64{1, 1}},
		{Name: "bn", Op: network.BatchNorm, Inputs: []string{"first"}},
		{Name: "relu", Op: network.ReLU, Inputs: []string{"bn"}},
		{Name: "second", Op: network.Conv, Inputs: []string{"relu"}, Channels: 64, Kernel: [2]int64{3, 3}, Pads: [4]int64{1, 1, 1, 1}},
		{Name: "loss", Op: network.Loss, Inputs: []string{"second"}},
	}}
	step, err := g.Step()
	if err != nil {
		t.Fatal(err)
	}
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.Norm.Lanes, s.Vector.Lanes = lanes, vector
	p, err := dataflow.New(&step, s, dataflow.Options{Interleave: true, Pregenerate: true, Update: recipe.Default().Update()})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func folded(t *testing.T, p *dataflow.Plan, offline bool) *dataflow.Plan {
	t.Helper()
	s, err := schedule.NewSearcher(p, spec.ObjectiveLatency, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Fold(offline); err != nil {
		t.Fatal(err)
	}
	if err := s.All(offline); err != nil {
		t.Fatal(err)
	}
	return p
}

// 65,536 elements: as a pass they are two operations each, 4,096 cycles on 32 vector lanes. On 32 lanes of the normaliser they pass beside the array, which needs
// nine times as long for the forward product alone (2,048 positions x 9 taps x 32 x 64, of 1,024 a cycle: 36,864). On one lane they would hold it up twice, forward and in the
// weight update, 65,536 cycles each; so the pass stays, by search and by the one rule. A machine without the unit has nothing to decide.
func TestFoldKeepsThePassWhereItDoesNotPay(t *testing.T) {
	for _, offline := range []bool{true, false} {
		for lanes, want := range map[int][]string{0: nil, 1: nil, 32: {"bn"}} {
			if got := folded(t, folding(t, lanes, 32), offline).Folded; !slices.Equal(got, want) {
				t.Errorf("%d lanes, offline %v: %v is applied where it is read, want %v", lanes, offline, got, want)
			}
		}
	}
}

// A schedule file says which norms are no passes, and a replay has them so, in the same words.
func TestReplayFolds(t *testing.T) {
	p := folded(t, folding(t, 32, 32), true)
	f, err := schedule.FileOf(p, schedule.MadeFor{})
	if err != nil {
		t.Fatal(err)
	}
	f.Recipe = "bdwp"
	text, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	q := folding(t, 32, 32)
	if err := schedule.Replay(config.Source{Name: "s.yaml", Data: text}, q, schedule.MadeFor{}, false); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if !slices.Equal(q.Folded, []string{"bn"}) || len(q.Groups) != len(p.Groups) {
		t.Errorf("%v, %d groups of %d", q.Folded, len(q.Groups), len(p.Groups))
	}
	for i := range p.Groups {
		if a, b := p.Groups[i].Word.AppendKey(nil), q.Groups[i].Word.AppendKey(nil); !bytes.Equal(a, b) {
			t.Errorf("%s has other words", p.Groups[i].Label)
		}
	}
	// A machine without the unit refuses the file.
	if err := schedule.Replay(config.Source{Name: "s.yaml", Data: text}, folding(t, 0, 32), schedule.MadeFor{}, true); err == nil || !bytes.Contains([]byte(err.Error()), []byte("on_read")) {
		t.Errorf("%v", err)
	}
}

// What folding saves, as predicted, is the difference of what the chosen words of both plans move, group by group; and of what the search says that they take, of the pass's group what its words say.
func TestFoldSaysWhatItSaves(t *testing.T) {
	var bytes, cycles [2]int64
	for i, p := range []*dataflow.Plan{folded(t, folding(t, 0, 4), true), folded(t, folding(t, 32, 4), true)} {
		f, err := schedule.FileOf(p, schedule.MadeFor{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := schedule.NewSearcher(p, spec.ObjectiveLatency, nil)
		if err != nil {
			t.Fatal(err)
		}
		for k := range f.Groups {
			e, g := &f.Groups[k], &p.Groups[k]
			bytes[i] += e.Predicted.ReadBytes + e.Predicted.WriteBytes
			switch {
			case g.Kind == dataflow.ProductGroup:
				r, err := s.Best(g)
				if err != nil {
					t.Fatal(err)
				}
				cycles[i] += r.Score.Cycles
			default:
				cycles[i] += e.Predicted.Cycles
			}
		}
		if i == 0 {
			if p.Saved != (dataflow.Saving{}) {
				t.Errorf("%+v is saved where nothing is folded", p.Saved)
			}
			continue
		}
		want := dataflow.Saving{Cycles: cycles[0] - cycles[1], Bytes: bytes[0] - bytes[1]}
		if p.Saved != want || want.Cycles <= 0 {
			t.Errorf("%+v is saved; plans differ by %+v", p.Saved, want)
		}
	}
}
