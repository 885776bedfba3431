package sore

// feeder is the controller at the engine's input: it holds the counters of job, wave and slot.
type feeder struct {
	lanes int
	jobs  []Job
	dense [][]uint16
	held  func(cycle int) bool // nothing is offered in that cycle; nil: never

	job  int
	wave int64
	slot int
}

// enter moves to the first job from i on that has work.
func (f *feeder) enter(i int) {
	for i < len(f.jobs) && f.jobs[i].Groups() == 0 {
		i++
	}
	f.job, f.wave, f.slot = i, 0, 0
}

func (f *feeder) done() bool { return f.job == len(f.jobs) }

// next is the control word of this cycle: the next slot, or none when there is no work, or when a group that begins now
// would reach a bank that is not empty by then.
func (f *feeder) next(e *engine) control {
	if f.done() {
		return control{}
	}
	e.cost.Issue++
	r := f.jobs[f.job].Ratio
	if f.held != nil && f.held(int(e.cost.Cycles)) {
		return control{}
	}
	if f.slot == 0 && e.pending() > r.M-1+e.p.PipelineLatency {
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

// advance steps the counters after a slot was taken.
func (f *feeder) advance() {
	j := f.jobs[f.job]
	if f.slot++; f.slot < j.Ratio.M {
		return
	}
	f.slot = 0
	f.wave++
	if f.wave*int64(f.lanes) >= j.Groups() {
		f.enter(f.job + 1)
	}
}

// watched tells what crosses the edges in this cycle. The next job is taken with the last slot of the one before.
func (f *feeder) watched(in, stepped control, e *engine, watch func(edge)) {
	w := edge{held: f.held != nil && f.held(int(e.cost.Cycles)), in: in, stepped: stepped, out: e.leaving}
	if in.valid {
		for lane := range f.lanes {
			w.slots = append(w.slots, f.port(in, lane))
		}
		next := *f
		next.advance()
		w.jobTaken = next.job != f.job && !next.done()
	}
	watch(w)
}
