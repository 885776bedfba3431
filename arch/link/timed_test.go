package link

import (
	"errors"
	"testing"

	"satsim/arch/unit"
	"satsim/arch/word"
)

// sized is a unit whose work takes what it says: Elements cycles until the next, Channels until its results are there.
type sized struct{}

func (sized) Span(_ *word.Op, w *word.Work) (unit.Span, error) {
	if w.Elements < 0 {
		return unit.Span{}, errors.New("runs backwards")
	}
	return unit.Span{Issue: w.Elements, Cycles: w.Channels}, nil
}

func (sized) Count(*unit.Activity, *word.Op, *word.Work, int64) error { return nil }

func timed(t *testing.T, work ...word.Work) *Timed {
	t.Helper()
	o := &word.Op{Lane: word.Prune}
	for _, w := range work {
		o.Variants = append(o.Variants, word.Variant{Work: w})
	}
	s, err := NewTimed([]Task{{}, {Op: o}}, &unit.Programs{word.SORE: sized{}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// One resource, by hand: work of 5 cycles (results after 9) asked for in cycle 10 ends in 19; asked for again in 12 it starts in 15 and ends in
// 24; in 40 the unit is free. Work of no cycles takes one, and no result is there before the next may start.
func TestTimedByHand(t *testing.T) {
	s := timed(t, word.Work{Elements: 5, Channels: 9}, word.Work{}, word.Work{Elements: 3, Channels: 1})
	for _, c := range []struct {
		now        int64
		variant    int32
		next, done int64
	}{{10, 0, 15, 19}, {12, 0, 20, 24}, {40, 0, 45, 49}, {50, 1, 51, 51}, {60, 2, 63, 63}} {
		if next, done := s.Serve(c.now, 1, c.variant); next != c.next || done != c.done {
			t.Errorf("variant %d in cycle %d: next %d, done %d; want %d and %d", c.variant, c.now, next, done, c.next, c.done)
		}
	}
}

// Only how long the unit is still taken decides its future: 5 cycles from 10 are 3 more in 12, and none in 40.
func TestTimedStateIsWhatIsLeft(t *testing.T) {
	s := timed(t, word.Work{Elements: 5, Channels: 9})
	s.Serve(10, 1, 0)
	for now, want := range map[int64]uint64{12: 3, 15: 0, 40: 0} {
		if got := s.AppendState(nil, now)[0]; got != want {
			t.Errorf("in cycle %d the state is %d, want %d", now, got, want)
		}
	}
}

func TestTimedRefusesWhatTheUnitDoes(t *testing.T) {
	o := &word.Op{Lane: word.Prune, Variants: []word.Variant{{Work: word.Work{Elements: -1}}}}
	if _, err := NewTimed([]Task{{Op: o}}, &unit.Programs{word.SORE: sized{}}); err == nil {
		t.Error("a time that the unit refused")
	}
	if _, err := NewTimed([]Task{{Op: o}}, &unit.Programs{}); err == nil {
		t.Error("a time of a unit that is not set up")
	}
}
