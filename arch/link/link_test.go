package link

import (
	"context"
	"slices"
	"testing"

	"github.com/sarchlab/akita/v3/sim"
)

// recorder notes the cycles in which it runs.
type recorder struct{ at []int64 }

func (r *recorder) Step(now int64) { r.at = append(r.at, now) }

func pair(t *testing.T, capacity int64) (*sim.SerialEngine, *Link, *recorder, *recorder) {
	t.Helper()
	e := sim.NewSerialEngine()
	f := NewFault(context.Background())
	src, dst := &recorder{}, &recorder{}
	return e, New("Link", NewClocked("Src", NewClock(e), f, src), NewClocked("Dst", NewClock(e), f, dst), capacity, 1), src, dst
}

// A message of 60 of 100 bytes sent in cycle 5 is seen in 6, when its receiver runs; a second of 60 has no room until the first's
// space, released in 9, can be used in 10, when the sender runs.
func TestLinkByHand(t *testing.T) {
	e, l, src, dst := pair(t, 100)
	if !l.Room(5, 60) {
		t.Fatal("no room in an empty link")
	}
	l.Reserve(60)
	l.Post(5, 60, 1, 2, 3)
	if l.Next(5) != nil {
		t.Error("seen in the cycle in which it was sent")
	}
	m := l.Next(6)
	if m == nil || m.Size != 60 || m.Op != 1 || m.Variant != 2 || m.Class != 3 {
		t.Fatalf("in cycle 6: %+v", m)
	}
	l.Acquire()
	if l.Next(6) != nil {
		t.Error("acquired twice")
	}
	if l.Room(7, 60) {
		t.Error("room for 120 of 100")
	}
	l.Release(9)
	if l.Room(9, 60) {
		t.Error("space used in the cycle of its release")
	}
	if !l.Room(10, 60) || !l.Empty() {
		t.Error("no room after the release")
	}
	if err := e.Run(); err != nil {
		t.Fatal(err)
	}
	if len(dst.at) != 1 || dst.at[0] != 6 || len(src.at) != 1 || src.at[0] != 10 {
		t.Errorf("receiver ran in %v, sender in %v; want [6] and [10]", dst.at, src.at)
	}
}

// Whether the sender looks before or after the receiver releases in the same cycle, both sees the space a cycle later and is woken once.
func TestOrderWithinACycleDoesNotMatter(t *testing.T) {
	for _, lookFirst := range []bool{true, false} {
		e, l, src, _ := pair(t, 10)
		l.Reserve(10)
		l.Post(1, 10, 0, 0, 0)
		if l.Next(2) == nil {
			t.Fatal("not seen")
		}
		l.Acquire()
		if lookFirst {
			l.Room(4, 10)
			l.Release(4)
		} else {
			l.Release(4)
			l.Room(4, 10)
		}
		if err := e.Run(); err != nil {
			t.Fatal(err)
		}
		if len(src.at) != 1 || src.at[0] != 5 {
			t.Errorf("look first %t: sender ran in %v, want [5]", lookFirst, src.at)
		}
	}
}

// States are equal when futures are, whatever the absolute cycle.
func TestLinkStateIsRelative(t *testing.T) {
	state := func(offset int64) []uint64 {
		_, l, _, _ := pair(t, 100)
		for i := int64(0); i < 3; i++ {
			l.Reserve(20)
			l.Post(offset+i, 20, int32(i), 0, 0)
		}
		l.Next(offset + 2)
		l.Acquire()
		l.Release(offset + 2)
		return l.AppendState(nil, offset+2)
	}
	if !slices.Equal(state(1), state(1_000_000_001)) {
		t.Error("the state depends on the absolute cycle")
	}
}

func TestWakesOnceACycle(t *testing.T) {
	e, r := sim.NewSerialEngine(), &recorder{}
	c := NewClocked("C", NewClock(e), NewFault(context.Background()), r)
	for _, at := range []int64{7, 3, 7, 3, 5} {
		c.WakeAt(at)
	}
	if err := e.Run(); err != nil {
		t.Fatal(err)
	}
	if len(r.at) != 3 || r.at[0] != 3 || r.at[1] != 5 || r.at[2] != 7 || c.Steps != 3 {
		t.Errorf("ran in %v, want [3 5 7]", r.at)
	}
}
