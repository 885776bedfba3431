package sore

import "satsim/arch/unit"

// feeder is the controller at the engine's input: it holds the counters of job, wave and slot, and the job that is offered next.
type feeder struct {
	lanes int
	jobs  []Job
	dense [][]uint16
	gaps  unit.Gaps

	active bool // a job is under way
	job    int
	wave   int64
	slot   int

	next    int  // the job that comes
	offered bool // it stands at the port, until it is taken

	late, asks bool // of this cycle: no slot is offered; one is asked for
}

// work is the first job from i on that has some.
func (f *feeder) work(i int) int {
	for i < len(f.jobs) && f.jobs[i].Groups() == 0 {
		i++
	}
	return i
}

// take begins the job that comes, if it is offered.
func (f *feeder) take() {
	f.active = f.offered
	if f.offered {
		f.job, f.wave, f.slot = f.next, 0, 0
		f.next, f.offered = f.work(f.next+1), false
	}
}

// start has the first job taken before cycle 0.
func (f *feeder) start() {
	f.next = f.work(0)
	f.offered = f.next < len(f.jobs)
	f.take()
}

func (f *feeder) done() bool { return !f.active && f.next == len(f.jobs) }

// offer is the control word of this cycle: the next slot, or none when there is no work or none is offered, or when a group that begins now
// would reach a bank that is not empty by then.
func (f *feeder) offer(e *engine, cycle int) control {
	f.late = f.gaps.NoOperands(cycle)
	none := f.gaps.NoJob(cycle)
	f.offered = f.next < len(f.jobs) && (f.offered || !none)
	f.asks = false
	if !f.active {
		return control{}
	}
	e.cost.Issue++
	r := f.jobs[f.job].Ratio
	f.asks = f.slot > 0 || e.pending() <= r.M-1+e.p.PipelineLatency
	if !f.asks || f.late {
		return control{}
	}
	return control{valid: true, last: f.slot == r.M-1, n: r.N, job: f.job, wave: f.wave}
}

// pending is the number of cycles, from the next one on, in which banks emit groups that are complete or on their way.
func (e *engine) pending() int {
	cycles := e.left
	for i := len(e.control) - 1; i >= 0; i-- {
		if e.control[i].last {
			// It is inserted len(control)-1-i cycles from now, and emitted after that.
			cycles = len(e.control) - 1 - i + e.control[i].n
		}
	}
	return cycles
}

// port is what stands on a lane's input in a cycle with that control word.
func (f *feeder) port(c control, lane int) slot {
	if !c.valid {
		return slot{}
	}
	j := f.jobs[f.job]
	group := int(f.wave)*f.lanes + lane
	perRun := j.Ratio.Groups(int(j.Channels))
	run, channel := group/perRun, group%perRun*j.Ratio.M+f.slot
	if int64(run) >= j.Runs || int64(channel) >= j.Channels {
		return slot{}
	}
	return slot{value: f.dense[f.job][run*int(j.Channels)+channel], index: uint8(f.slot), element: true}
}

// ready says whether a job is taken if one is offered: none is under way, or with this control word its last slot is taken.
func (f *feeder) ready(c control) bool {
	return !f.active || c.last && (f.wave+1)*int64(f.lanes) >= f.jobs[f.job].Groups()
}

// advance steps the counters after a cycle with that control word.
func (f *feeder) advance(c control) {
	switch {
	case f.ready(c):
		f.take()
	case c.last:
		f.slot = 0
		f.wave++
	case c.valid:
		f.slot++
	}
}

// watched tells what crosses the edges in this cycle.
func (f *feeder) watched(in, stepped control, busy bool, e *engine, watch func(edge)) {
	w := edge{
		late: f.late, asks: f.asks, offered: f.offered, ready: f.ready(in), busy: busy, in: in, stepped: stepped, out: e.leaving,
		active: f.active, job: f.job, wave: f.wave, slot: f.slot, next: f.next, from: e.from, pair: e.pair,
	}
	if in.valid {
		for lane := range f.lanes {
			w.slots = append(w.slots, f.port(in, lane))
		}
	}
	watch(w)
}
