package link

import (
	"context"
	"slices"
	"testing"

	"github.com/sarchlab/akita/v3/sim"

	"satsim/arch/unit"
	"satsim/arch/word"
)

// started notes which task starts when.
type started struct{ at, tasks []int64 }

func (s *started) Func(c sim.HookCtx) {
	if x, ok := c.Item.(*Served); ok && c.Pos == HookPosServe {
		s.at, s.tasks = append(s.at, x.Start), append(s.tasks, int64(x.Task))
	}
}

// Lanes share a unit in their own order, whatever the order of the group's ops: both have an instruction in cycle 2, the first lane's work comes first, and the second's
// results are there 5 cycles later. A lane that the group does not use had no instruction in any cycle.
func TestLanesShareTheirUnitInOrder(t *testing.T) {
	e, f := sim.NewSerialEngine(), NewFault(context.Background())
	clock := NewClock(e)
	source := NewClocked("Source", clock, f, &recorder{})
	w := NewWorker("Worker", clock, f)
	var queues [3]*Link
	for i := range queues {
		queues[i] = New("Queue", source, w, 2, 2)
		w.AddLane(queues[i])
	}
	op := func() *word.Op {
		return &word.Op{Lane: word.Prune, Variants: []word.Variant{{Work: word.Work{Elements: 5, Channels: 5}}}}
	}
	tasks := []Task{{Op: op(), Lane: 2}, {Op: op(), Lane: 0}} // the last lane's op first
	server, err := NewTimed(tasks, &unit.Programs{word.SORE: sized{}})
	if err != nil {
		t.Fatal(err)
	}
	heard := &started{}
	w.AcceptHook(heard)
	w.Load(0, tasks, server)
	for task, lane := range []int{2, 0} {
		queues[lane].Reserve(1)
		queues[lane].Post(1, 1, int32(task), 0, 0)
	}
	if err := e.Run(); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(heard.tasks, []int64{1, 0}) || !slices.Equal(heard.at, []int64{2, 2}) || w.LastEnd != 12 {
		t.Errorf("tasks %v started in %v, the last ended in %d; want [1 0] in [2 2], 12", heard.tasks, heard.at, w.LastEnd)
	}
	w.Close(12, 12)
	if idle := w.LaneTime(1)[NoWord]; idle != 12 {
		t.Errorf("a lane that is not used had no instruction in %d of 12 cycles", idle)
	}
}
