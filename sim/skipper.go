package sim

import (
	"slices"

	"github.com/sarchlab/akita/v3/sim"

	"satsim/arch/link"
	"satsim/arch/word"
	"satsim/sim/skip"
)

// skipper watches a platform between cycles: when all components have done what they do in the cycle, so that what it sees does not depend on their order within the
// cycle. It never touches the engine.
type skipper struct {
	sim.HookableBase
	platform *Platform
	clock    *link.Clock
	detector *skip.Detector
	queued   bool

	offset int64 // cycles skipped in this group
	looks  int64
	asked  int64 // since the last jump

	state     []uint64
	far       []int64
	remaining []int64
	counters  []int64
}

func newSkipper(p *Platform, c *link.Clock) *skipper {
	s := &skipper{platform: p, clock: c, detector: skip.NewDetector()}
	c.Behind = s.look
	return s
}

// start begins a group.
func (s *skipper) start(depth []int) {
	s.detector.Start(depth)
	s.offset, s.looks, s.asked, s.queued = 0, 0, 0, false
}

// patience is how many requests in vain make the distance between looks one longer, and farthest the largest distance: where nothing repeats, looking shall not cost.
const patience, farthest = 32, 64

// request asks for a look at the end of this cycle.
func (s *skipper) request(int64) {
	s.asked++
	every := min(1+s.asked/patience, farthest)
	if !s.queued && s.asked%every == 0 {
		s.queued = true
		s.clock.Want()
	}
}

// look is between a cycle and what comes next.
func (s *skipper) look(now int64) {
	s.queued = false
	p := s.platform
	if p.fault.Err() != nil {
		return
	}
	s.remaining = p.ctrl.Remaining(s.remaining[:0])
	worth := false
	for _, r := range s.remaining {
		worth = worth || r > 2
	}
	if !worth {
		return
	}
	s.looks++
	s.state, s.far = p.appendState(s.state[:0], s.far[:0], now)
	s.counters = p.appendCounters(s.counters[:0], now)
	jump, ok := s.detector.Observe(skip.Observation{State: s.state, Far: s.far, Remaining: s.remaining, Cycle: now + s.offset, Counters: s.counters})
	if !ok {
		return
	}
	s.asked = 0
	for _, l := range jump.Lower {
		p.ctrl.Lower(l.Stream, l.Loop, jump.Periods*l.Iterations)
	}
	for _, i := range jump.Sleeping {
		p.workers[i].BringForward(now, jump.Periods*jump.Cycles)
	}
	p.jump(s, now, jump)
	s.offset += jump.Periods * jump.Cycles
}

// jump adds what is left out to the counters, and tells hooks.
func (p *Platform) jump(s *skipper, now int64, j *skip.Jump) {
	if s.NumHooks() == 0 {
		p.addCounters(j.Counters, j.Periods)
		return
	}
	told := Jump{At: now, Periods: j.Periods, Cycles: j.Cycles}
	working := func(l word.Lane) int64 { return p.workers[l.Unit()].LaneTime(p.lane[l])[link.Working] }
	for l := range word.Lane(word.Lanes) {
		told.Working[l] = -working(l)
	}
	runs := p.workers[word.Memory].Runs
	for _, r := range runs {
		told.Moved = append(told.Moved, slices.Clone(r))
	}
	p.addCounters(j.Counters, j.Periods)
	for l := range word.Lane(word.Lanes) {
		told.Working[l] += working(l)
	}
	for task, r := range runs {
		for v := range r {
			told.Moved[task][v] = r[v] - told.Moved[task][v]
		}
	}
	for _, i := range j.Sleeping {
		told.Sleeping[i] = true
	}
	s.InvokeHook(sim.HookCtx{Domain: s, Pos: hookPosJump, Item: &told})
}
