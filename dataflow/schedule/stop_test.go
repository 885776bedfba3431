package schedule_test

import (
	"errors"
	"testing"

	"satsim/arch/spec"
	"satsim/dataflow/schedule"
)

// A search that is stopped at its third tiling gives that error at once, and is as good as new afterwards.
func TestStop(t *testing.T) {
	p := plan(t, step(t, "resnet18-tiny"), spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()})
	s, err := schedule.NewSearcher(p, spec.ObjectiveLatency, nil)
	if err != nil {
		t.Fatal(err)
	}
	g := products(p)[0]
	if x := g.Shape.Space(&p.Spec); x.Len() <= 3 {
		t.Fatalf("%d tilings: too few to stop at the third", x.Len())
	}
	stop, asked := errors.New("stop"), 0
	s.Stop = func() error {
		if asked++; asked == 3 {
			return stop
		}
		return nil
	}
	if _, err := s.Best(g); !errors.Is(err, stop) || asked != 3 {
		t.Errorf("%v after %d questions, want %v after 3", err, asked, stop)
	}
	s.Stop = nil
	if _, err := s.Best(g); err != nil {
		t.Error(err)
	}
}
