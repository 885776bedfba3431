package link

import (
	"slices"

	"github.com/sarchlab/akita/v3/sim"

	"satsim/arch/word"
)

// Task is an op of a group as a worker sees it: the links of its ends and, per variant, the work.
type Task struct {
	Op      *word.Op
	Lane    int     // of the worker
	In, Out []*Link // parallel to Op.In and Op.Out
	Notify  *Link   // where to report the last iteration, or nil
}

// Server is a unit's closed form in time: how long an instruction takes. Implementations keep their state in integers.
type Server interface {
	// Serve starts variant v of task t at cycle now. The lane may start its next instruction at next and this one's results are there at
	// done; now <= next <= done.
	Serve(now int64, t int, v int32) (next, done int64)
	// AppendState appends the state that decides later answers, relative to now.
	AppendState(b []uint64, now int64) []uint64
}

const flights = 2 // instructions of a lane under way: one whose results are still to come, and the next

type flight struct {
	task, variant int32
	class         word.Class
	done          int64
}

type lane struct {
	queue *Link // instructions from the controller

	running  [flights]flight
	head, n  int
	nextFree int64

	started bool
	idle0   int64 // time without a word when the last instruction ended
	wait    Cause // what the next instruction lacks; Working: nothing, or the lane's turn comes by itself
	on      *Link // where that comes from
	cause   Cause
	since   int64
	time    [Causes]int64
	causes  uint64 // a bit for each that the group's tasks of the lane can have
}

// HookPosServe is where a worker's hooks hear that an instruction starts, HookPosEnd that one ends: the item is a *Served.
var (
	HookPosServe = &sim.HookPos{Name: "Instruction Start"}
	HookPosEnd   = &sim.HookPos{Name: "Instruction End"}
)

// Served is an instruction that starts or ends. A hook may not keep it.
type Served struct {
	Task        int // of the group's
	Variant     int32
	Class       word.Class
	Number      int64 // of the task's instructions, from 0, skipped ones counted; of one that ends it is not said
	Start, Done int64 // cycles; of one that ends, both are when it did
}

// Worker is the component of every unit.
type Worker struct {
	*Clocked
	served Served
	server Server
	timed  *Timed // the server, if it is one
	tasks  []Task
	lanes  []lane
	used   []*lane // by the group's tasks; the others wait for its end

	// Runs counts finished instructions per task and variant.
	Runs [][]int64
	runs []int64 // all of them, one after the other
	// LastEnd is the cycle at which the last instruction ended.
	LastEnd int64
}

// NewWorker makes a worker without lanes.
func NewWorker(name string, clock *Clock, fault *Fault) *Worker {
	w := &Worker{}
	w.Clocked = NewClocked(name, clock, fault, w)
	return w
}

// AddLane adds an instruction queue and returns the lane's number.
func (w *Worker) AddLane(queue *Link) int {
	w.lanes = append(w.lanes, lane{queue: queue, cause: NoWord})
	return len(w.lanes) - 1
}

// Load gives the drained worker the tasks of a group that starts now, and the server that times them. Instructions name tasks by index.
func (w *Worker) Load(now int64, tasks []Task, server Server) {
	w.tasks, w.server, w.LastEnd = tasks, server, now
	w.timed, _ = server.(*Timed)
	for i := range w.lanes {
		l := &w.lanes[i]
		l.cause, l.since, l.nextFree, l.time = NoWord, now, 0, [Causes]int64{}
		l.await(NoWord, l.queue)
		l.started, l.idle0 = false, 0
		l.causes = 1<<firstWait - 1
	}
	w.Runs, w.used = make([][]int64, len(tasks)), w.used[:0]
	w.runs = make([]int64, variants(tasks))
	counts := w.runs
	for i := range tasks {
		t := &tasks[i]
		if t.Op == nil {
			continue
		}
		n := len(t.Op.Variants)
		w.Runs[i], counts = counts[:n:n], counts[n:]
		w.lanes[t.Lane].can(t.Op)
	}
	for i := range w.lanes { // in their own order, in which they share the unit
		if slices.ContainsFunc(tasks, func(t Task) bool { return t.Op != nil && t.Lane == i }) {
			w.used = append(w.used, &w.lanes[i])
		}
	}
}

// can notes what the lane may wait for on behalf of an op.
func (l *lane) can(o *word.Op) {
	for _, e := range o.In {
		l.causes |= 1 << WaitTile(e.Buffer)
	}
	for _, e := range o.Out {
		l.causes |= 1 << WaitRoom(e.Buffer)
	}
}

// variants of all tasks.
func variants(tasks []Task) (n int) {
	for i := range tasks {
		if o := tasks[i].Op; o != nil {
			n += len(o.Variants)
		}
	}
	return n
}

// Step implements Stepper: it ends what is due, then starts what can start.
func (w *Worker) Step(now int64) {
	for _, l := range w.used {
		for l.n > 0 && l.running[l.head].done <= now {
			w.end(l, now)
		}
	}
	for _, l := range w.used {
		for w.start(l, now) {
		}
	}
}

func (w *Worker) end(l *lane, now int64) {
	f := l.running[l.head]
	l.head = (l.head + 1) % flights
	l.n--
	t := &w.tasks[f.task]
	op := t.Op
	for i, e := range op.In {
		if e.Closes(op.Level, f.class) {
			t.In[i].Release(now)
		}
	}
	space := &op.Variants[f.variant].Work.Space
	for i, e := range op.Out {
		if e.Closes(op.Level, f.class) {
			t.Out[i].Post(now, space[i], f.task, f.variant, uint32(f.class))
		}
	}
	w.Runs[f.task][f.variant]++
	if w.NumHooks() > 0 {
		w.served = Served{Task: int(f.task), Variant: f.variant, Class: f.class, Start: now, Done: now}
		w.InvokeHook(sim.HookCtx{Domain: w, Pos: HookPosEnd, Item: &w.served})
	}
	l.account(now, l.cause)
	l.idle0, w.LastEnd = l.time[NoWord], now
	if t.Notify != nil {
		if last := word.Boundary(0, op.Level, true); f.class&last == last {
			t.Notify.Reserve(1)
			t.Notify.Post(now, 1, f.task, f.variant, uint32(f.class))
		}
	}
}

// start begins the lane's next instruction if it can, and says whether it did.
func (w *Worker) start(l *lane, now int64) bool {
	if l.n == flights || l.nextFree > now {
		l.account(now, Working)
		l.await(Working, nil)
		if l.n < flights {
			w.turn(l, now)
		}
		return false
	}
	m := l.queue.Next(now)
	if m == nil {
		l.idle(now, NoWord)
		w.await(l, now, NoWord, l.queue)
		return false
	}
	t := &w.tasks[m.Op]
	op, class := t.Op, word.Class(m.Class)
	for i, e := range op.In {
		if e.Opens(op.Level, class) && t.In[i].Next(now) == nil {
			l.idle(now, WaitTile(e.Buffer))
			w.await(l, now, WaitTile(e.Buffer), t.In[i])
			return false
		}
	}
	space := &op.Variants[m.Variant].Work.Space
	for i, e := range op.Out {
		if e.Opens(op.Level, class) && !t.Out[i].Room(now, space[i]) {
			l.idle(now, WaitRoom(e.Buffer))
			l.await(WaitRoom(e.Buffer), t.Out[i])
			return false
		}
	}
	for i, e := range op.In {
		if e.Opens(op.Level, class) {
			t.In[i].Acquire()
		}
	}
	for i, e := range op.Out {
		if e.Opens(op.Level, class) {
			t.Out[i].Reserve(space[i])
		}
	}
	if !l.started { // all that went before was filling
		l.account(now, Working)
		var all int64
		for _, t := range l.time {
			all += t
		}
		l.started, l.time = true, [Causes]int64{Filling: all}
	}
	next, done := w.server.Serve(now, int(m.Op), m.Variant)
	if w.NumHooks() > 0 {
		w.served = Served{Task: int(m.Op), Variant: m.Variant, Class: class, Number: w.begun(int(m.Op)), Start: now, Done: done}
		w.InvokeHook(sim.HookCtx{Domain: w, Pos: HookPosServe, Item: &w.served})
	}
	l.running[(l.head+l.n)%flights] = flight{task: m.Op, variant: m.Variant, class: class, done: done}
	l.n++
	l.nextFree = next
	l.account(now, Working)
	l.queue.Acquire()
	l.queue.Release(now)
	w.WakeAt(done)
	return true
}

// begun is how many instructions of a task were started.
func (w *Worker) begun(task int) (n int64) {
	for _, runs := range w.Runs[task] {
		n += runs
	}
	for i := range w.lanes {
		l := &w.lanes[i]
		for j := range l.n {
			if int(l.running[(l.head+j)%flights].task) == task {
				n++
			}
		}
	}
	return n
}

// turn wakes the worker when the lane is free again, if there is an instruction for it then; one that comes later wakes it itself.
func (w *Worker) turn(l *lane, now int64) {
	if l.queue.Awaited() {
		l.await(NoWord, l.queue)
		return
	}
	w.WakeAt(l.nextFree)
}

// await is a wait for a message of a link. One that is on its way told nobody when it was sent.
func (w *Worker) await(l *lane, now int64, wait Cause, on *Link) {
	l.await(wait, on)
	if !on.Awaited() {
		w.WakeAt(now + 1)
	}
}

func (l *lane) await(wait Cause, on *Link) { l.wait, l.on = wait, on }

// NotifyRecv wakes the worker for a message that one of its lanes waits for, and for no other: it would change nothing.
func (w *Worker) NotifyRecv(at sim.VTimeInSec, p sim.Port) {
	for _, l := range w.used {
		if l.on != nil && l.on.Dst == p && l.on.First() {
			w.WakeAt(max(int64(at), l.nextFree))
		}
	}
}
