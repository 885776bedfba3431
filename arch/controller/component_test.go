package controller

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sarchlab/akita/v3/sim"

	"satsim/arch/link"
	"satsim/arch/word"
)

// sink takes instructions off a queue, each so many cycles after the one before, and may report them as finished.
type sink struct {
	*link.Clocked
	queue  *link.Link
	report *link.Link
	every  int64
	next   int64
	got    []instruction
}

type instruction struct {
	at      int64
	op      int32
	variant int32
}

func (s *sink) Step(now int64) {
	if now < s.next {
		s.WakeAt(s.next)
		return
	}
	m := s.queue.Next(now)
	if m == nil {
		return
	}
	s.got = append(s.got, instruction{now, m.Op, m.Variant})
	if s.report != nil {
		s.report.Reserve(1)
		s.report.Post(now, 1, m.Op, m.Variant, m.Class)
	}
	s.queue.Acquire()
	s.queue.Release(now)
	s.next = now + s.every
	s.WakeAt(s.next)
}

type bench struct {
	engine  *sim.SerialEngine
	fault   *link.Fault
	ctrl    *Controller
	sinks   map[word.Lane]*sink
	crossed []int64
}

func newBench(depth, every int64, lanes ...word.Lane) *bench {
	b := &bench{engine: sim.NewSerialEngine(), fault: link.NewFault(context.Background()), sinks: map[word.Lane]*sink{}}
	b.ctrl = New("Controller", link.NewClock(b.engine), b.fault, func(now int64) { b.crossed = append(b.crossed, now) })
	for _, l := range lanes {
		s := &sink{every: every}
		s.Clocked = link.NewClocked("Sink", link.NewClock(b.engine), b.fault, s)
		s.queue = link.New("Queue", b.ctrl, s, depth, int(depth))
		b.ctrl.Connect(l, s.queue)
		b.sinks[l] = s
	}
	return b
}

func (b *bench) run(t *testing.T, g *word.Group) {
	t.Helper()
	b.ctrl.Start(0, g)
	if err := b.engine.Run(); err != nil {
		t.Fatal(err)
	}
}

func loop(trips int64) word.Loop { return word.Loop{Trips: trips, Step: 1, Edge: 1} }

// always is one variant for all iterations.
var always = []word.Variant{{}}

// A loop of three, an op in it and one after it, queues of two and a taker every ten cycles. By hand: two of the loop are issued in cycle 1 and the
// first is taken in 2; its place can be used in 3, so the third is issued in 3, and the op after the loop with it. The last trip is another
// variant. The second and the third iteration begin in cycle 1, each when the one before is issued; the op after the loop begins none.
func TestIssueByHand(t *testing.T) {
	b := newBench(2, 10, word.ReadWest, word.Prune)
	last := []word.Variant{{Mask: word.Last(0), Value: 0}, {Mask: word.Last(0), Value: word.Last(0)}}
	b.run(t, &word.Group{Streams: []word.Stream{{
		Loops: []word.Loop{loop(3)},
		Ops:   []word.Op{{Lane: word.ReadWest, Level: 1, Variants: last}, {Lane: word.Prune, Post: true, Variants: always}},
	}}})
	if want := []instruction{{2, 0, 0}, {12, 0, 0}, {22, 0, 1}}; !reflect.DeepEqual(b.sinks[word.ReadWest].got, want) {
		t.Errorf("the loop: %v, want %v", b.sinks[word.ReadWest].got, want)
	}
	if want := []instruction{{4, 1, 0}}; !reflect.DeepEqual(b.sinks[word.Prune].got, want) {
		t.Errorf("after the loop: %v, want %v", b.sinks[word.Prune].got, want)
	}
	if want := []int64{1}; !reflect.DeepEqual(b.crossed, want) {
		t.Errorf("iterations begin in %v, want %v", b.crossed, want)
	}
	if !b.ctrl.Done() || b.fault.Err() != nil {
		t.Errorf("done %t, %v", b.ctrl.Done(), b.fault.Err())
	}
}

// A stream that waits for another starts in the cycle after that one's last op was reported: taken and reported in 2, seen and issued in 3,
// taken in 4. Its ops are numbered through the group.
func TestBarrierByHand(t *testing.T) {
	b := newBench(2, 10, word.Prune, word.Update)
	s := b.sinks[word.Prune]
	s.report = link.New("Report", s, b.ctrl, 1<<20, 4)
	b.ctrl.Listen(s.report)
	g := &word.Group{Streams: []word.Stream{
		{Ops: []word.Op{{Lane: word.Prune, Variants: always}}},
		{Ops: []word.Op{{Lane: word.Update, Variants: always}}, After: []int{0}},
	}}
	if want := []bool{true, false}; !reflect.DeepEqual(Waited(g), want) {
		t.Errorf("waited for: %v, want %v", Waited(g), want)
	}
	b.run(t, g)
	if want := []instruction{{4, 1, 0}}; !reflect.DeepEqual(b.sinks[word.Update].got, want) {
		t.Errorf("%v, want %v", b.sinks[word.Update].got, want)
	}
}

// Trips that are taken off do not run: of 100, two are issued before, 90 are taken off, 8 are left.
func TestLoweringByHand(t *testing.T) {
	b := newBench(2, 1, word.ReadWest)
	g := &word.Group{Streams: []word.Stream{{Loops: []word.Loop{loop(100)}, Ops: []word.Op{{Lane: word.ReadWest, Level: 1, Variants: always}}}}}
	lowered := false
	b.ctrl.boundary = func(int64) {
		if !lowered {
			lowered = true
			if got := b.ctrl.Remaining(nil); len(got) != 1 || got[0] != 98 {
				t.Errorf("%v iterations are left, want 98: the third is the present one", got)
			}
			b.ctrl.Lower(0, 0, 90)
		}
	}
	b.run(t, g)
	if n := len(b.sinks[word.ReadWest].got); n != 10 || !b.ctrl.Done() {
		t.Errorf("%d ran, want 10; done %t", n, b.ctrl.Done())
	}
}

// The state is the same whatever the iteration's number, but for the first.
func TestStateForgetsIterations(t *testing.T) {
	var states [][]uint64
	b := newBench(1, 1, word.ReadWest)
	b.ctrl.boundary = func(now int64) { states = append(states, b.ctrl.AppendState(nil, now)) }
	b.run(t, &word.Group{Streams: []word.Stream{{Loops: []word.Loop{loop(6)}, Ops: []word.Op{{Lane: word.ReadWest, Level: 1, Variants: always}}}}})
	if len(states) != 5 || !slices.Equal(states[2], states[3]) {
		t.Errorf("%d states, equal %t", len(states), len(states) > 3 && slices.Equal(states[2], states[3]))
	}
}

func TestNoVariantIsAFault(t *testing.T) {
	b := newBench(1, 1, word.ReadWest)
	b.run(t, &word.Group{Tag: 7, Streams: []word.Stream{{Ops: []word.Op{{Lane: word.ReadWest, Variants: []word.Variant{{Mask: 1, Value: 1}}}}}}})
	if err := b.fault.Err(); err == nil || !strings.Contains(err.Error(), "group 7, stream 0, op 0 (read_west): no variant covers") {
		t.Errorf("%v", err)
	}
	if b.ctrl.Done() {
		t.Error("an instruction that could not be issued is done")
	}
}

func TestParams(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	for _, p := range []Params{{0, 0}, {65, 0}, {1, -1}, {1, 1<<30 + 1}} {
		if p.Validate() == nil {
			t.Errorf("%+v is accepted", p)
		}
	}
	for _, p := range []Params{{1, 0}, {64, 1 << 30}} {
		if err := p.Validate(); err != nil {
			t.Errorf("%+v: %v", p, err)
		}
	}
}
