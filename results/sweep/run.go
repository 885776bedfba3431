package sweep

import (
	"context"
	"fmt"
	"sync"
	"time"

	"satsim/internal/memo"
	"satsim/results/experiment/compare"
	"satsim/results/experiment/machine"
	"satsim/results/record"
	"satsim/results/store"
)

// Options of a run.
type Options struct {
	Workers   int  // goroutines that simulate, 1 or more
	Retry     bool // run points that failed before
	Recompute bool // run all points
	// FiguresOnly stores figures without layers and word groups, and takes those for enough that are there.
	FiguresOnly bool
	// Progress is told after each point; it may be nil. It is called by one goroutine at a time.
	Progress func(Progress)
}

// Progress of a run.
type Progress struct {
	Total  int // points to simulate
	Done   int // of those, failed ones included
	Failed int
	Known  int           // points that the store had
	Rate   float64       // points a second
	Left   time.Duration // an estimate
}

// Run simulates the jobs that the store does not have, and stores each as it ends. It stops at the end of ctx and at the first error of the
// store; a point that fails is stored and counted.
func Run(ctx context.Context, s *store.Store, jobs []PlannedPoint, o Options) (Progress, error) {
	states, err := s.States(ctx)
	if err != nil {
		return Progress{}, err
	}
	r := &runner{store: s, options: o, started: time.Now(), memo: memo.New(machine.MemoBytes)}
	var todo []PlannedPoint
	for _, j := range jobs {
		if r.settled(states[j.Key]) {
			r.progress.Known++
			continue
		}
		todo = append(todo, j)
	}
	r.progress.Total, r.left = len(todo), weight(todo)
	size := max(1, min(chunkSize, len(todo)/(4*max(1, o.Workers))))
	work := make(chan []PlannedPoint)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for range max(1, o.Workers) {
		wg.Go(func() {
			if err := r.work(ctx, work); err != nil {
				cancel(err)
			}
		})
	}
	for _, c := range chunks(todo, size) {
		select {
		case work <- c:
		case <-ctx.Done():
		}
	}
	close(work)
	wg.Wait()
	if ctx.Err() != nil {
		return r.progress, context.Cause(ctx)
	}
	return r.progress, nil
}

// runner is what workers share.
type runner struct {
	store   *store.Store
	options Options
	started time.Time
	memo    *memo.Memo // of all workers' machines

	mu         sync.Mutex
	progress   Progress
	left, done int64 // weights
}

// settled reports whether a point of that state needs no simulation.
func (r *runner) settled(s store.State) bool {
	return !r.options.Recompute && (s == store.Done || s == store.Short && r.options.FiguresOnly || s == store.Failed && !r.options.Retry)
}

// work simulates chunks on one machine after the other.
func (r *runner) work(ctx context.Context, chunks <-chan []PlannedPoint) error {
	var on machines
	for chunk := range chunks {
		on.last, on.now = on.now, nil
		for i := range chunk {
			if ctx.Err() != nil {
				return nil
			}
			j := &chunk[i]
			state, err := r.store.State(ctx, j.Key)
			if err != nil {
				return err
			}
			if r.settled(state) { // by another process, meanwhile
				r.tell(j, nil)
				continue
			}
			p := j.Point
			run, err := simulate(ctx, &on, r.memo, j)
			if err != nil && ctx.Err() != nil {
				return nil
			}
			p.FiguresOnly = r.options.FiguresOnly
			if p.Run = run; err != nil {
				p.Error = oneLine(err)
			}
			// What is simulated is stored, even if the sweep is being stopped.
			if err := r.store.Put(context.WithoutCancel(ctx), &p); err != nil {
				return err
			}
			r.tell(j, err)
		}
	}
	return nil
}

// Simulate runs a point on a machine of its own. What machines find out is kept in the memo for others.
func Simulate(ctx context.Context, known *memo.Memo, j *PlannedPoint) (*record.Run, error) {
	return simulate(ctx, &machines{}, known, j)
}

// timed is how long Simulate takes, be it to refuse the point.
func timed(ctx context.Context, known *memo.Memo, j *PlannedPoint) (time.Duration, error) {
	began := time.Now()
	_, err := Simulate(ctx, known, j)
	return time.Since(began), err
}

// machines of a worker: that of its chunk, and that of the chunk before, until it has handed on what it has room for. Either may be nil.
type machines struct{ now, last *machine.Machine }

// simulate runs a job on the machine of its chunk, which the first one builds, with what the last chunk's has room for, if there is one.
func simulate(ctx context.Context, on *machines, known *memo.Memo, j *PlannedPoint) (run *record.Run, err error) {
	if j.Err != nil {
		return nil, j.Err
	}
	defer func() {
		if bug := recover(); bug != nil {
			on.now, run, err = nil, nil, fmt.Errorf("a bug of satsim: %v", bug)
		}
	}()
	if on.now == nil {
		m, err := machine.New(ctx, j.Spec, false)
		if err != nil {
			return nil, err
		}
		m.Energy, m.Memo = j.Prices, known
		if on.last != nil {
			m.Inherit(on.last)
		}
		on.now, on.last = m, nil
	}
	out, err := on.now.Simulate(j.Step, j.Recipe)
	if err != nil {
		on.now = nil // what is left in it is not defined
		return nil, err
	}
	if j.Point.DenseOnly {
		c := compare.Case{Spec: j.Spec, Step: j.Step, Baseline: j.Recipe, Recipe: j.Recipe, Memo: known}
		if out.DenseOnly, err = c.DenseOnlySteps(ctx, out.Total.Cycles); err != nil {
			return nil, err
		}
	}
	if j.Prices != nil {
		if err := compare.Pricing(&j.Spec, j.Prices).Energy(&out, j.Step.Images); err != nil {
			return nil, err
		}
	}
	out.Simulation.Events, out.Simulation.GroupsRun = 0, 0 // they depend on what the machine ran before
	return &out, nil
}

func (r *runner) tell(j *PlannedPoint, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &r.progress
	p.Done++
	if err != nil {
		p.Failed++
	}
	r.left -= j.weight()
	r.done += j.weight()
	p.Rate, p.Left = pace(p.Done, time.Since(r.started), r.done, r.left)
	if r.options.Progress != nil {
		r.options.Progress(*p)
	}
}

// pace is points a second, and the time that the weight that is left takes at the pace of the weight that is done.
func pace(points int, elapsed time.Duration, done, left int64) (rate float64, rest time.Duration) {
	return float64(points) / max(elapsed.Seconds(), 1e-9), time.Duration(float64(elapsed) * float64(left) / float64(done))
}

// Estimate says how long jobs may take that the store, if there is one, does not have. It simulates one point of each network, and stores
// nothing. Points that share word groups take less.
func Estimate(ctx context.Context, s *store.Store, jobs []PlannedPoint, o Options) (todo int, total time.Duration, err error) {
	states := map[string]store.State{}
	if s != nil {
		if states, err = s.States(ctx); err != nil {
			return 0, 0, err
		}
	}
	r := &runner{options: o}
	each := map[string]time.Duration{}
	for i := range jobs {
		j := &jobs[i]
		if r.settled(states[j.Key]) {
			continue
		}
		todo++
		if j.Err != nil {
			continue
		}
		t, ok := each[string(j.Point.Network)]
		if !ok {
			t, err = timed(ctx, nil, j)
			if ctx.Err() != nil {
				return 0, 0, ctx.Err()
			}
			if err == nil {
				each[string(j.Point.Network)] = t
			}
		}
		total += t
	}
	return todo, total / time.Duration(max(1, o.Workers)), nil
}
