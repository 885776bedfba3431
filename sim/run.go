package sim

import (
	"errors"
	"fmt"
	"strings"

	"satsim/arch/link"
	"satsim/arch/memory"
	"satsim/arch/word"
)

// Outcome is what a group took.
type Outcome struct {
	Cycles int64 // from one drain to the next, Reconfigure included
	// Runs is how often each variant of each op ran, ops numbered through the group.
	Runs [][]int64
	// Lanes is where each lane's time went; every lane's causes add up to Cycles - Reconfigure.
	Lanes [word.Lanes][link.Causes]int64
	// Memory is what happened on each channel; its times are in units of which a second has MemoryHz.
	Memory   []memory.ChannelCounters
	MemoryHz int64
	// Events that were simulated.
	Events int64
}

// Run simulates one group. After an error the platform is of no further use.
func (p *Platform) Run(g *word.Group) (out Outcome, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("group %d: %s at cycle %d: internal error: %v", g.Tag, p.fault.Running(), p.Now(), r)
		}
	}()
	if p.spent {
		return Outcome{}, fmt.Errorf("group %d: another platform inherited from this one, which runs nothing any more", g.Tag)
	}
	start := p.Now()
	if err := p.load(start, g); err != nil {
		return Outcome{}, fmt.Errorf("group %d does not fit the machine: %w", g.Tag, err)
	}
	steps := p.steps()
	offset := int64(0)
	if p.skipper != nil {
		depth := make([]int, len(g.Streams))
		for i := range g.Streams {
			depth[i] = len(g.Streams[i].Loops)
		}
		p.skipper.start(depth)
	}
	p.ctrl.Start(start, g)
	_ = p.engine.Run() // Akita's Run returns nil always; errors are in the fault
	if err := p.fault.Err(); err != nil {
		return Outcome{}, fmt.Errorf("group %d: %w", g.Tag, err)
	}
	if err := p.drained(); err != nil {
		return Outcome{}, fmt.Errorf("group %d: %w", g.Tag, err)
	}
	end := start
	for _, w := range p.workers {
		end = max(end, w.LastEnd)
	}
	out.Events = p.steps() - steps
	if p.skipper != nil {
		offset = p.skipper.offset
		out.Events += p.skipper.looks
	}
	out.Cycles = end - start + offset + p.spec.Controller.Reconfigure
	p.collect(&out, end, end-start+offset, g)
	if err := conserve(g, out.Runs); err != nil {
		return Outcome{}, fmt.Errorf("group %d is not conserved: %w", g.Tag, err)
	}
	return out, nil
}

func (p *Platform) steps() int64 {
	n := p.ctrl.Steps
	for _, w := range p.workers {
		n += w.Steps
	}
	return n
}

// collect what a group did that ended at a cycle of the engine and took so many cycles.
func (p *Platform) collect(out *Outcome, end, cycles int64, g *word.Group) {
	for _, w := range p.workers {
		w.Close(end, cycles)
	}
	for l := word.Lane(0); l < word.Lanes; l++ {
		w := p.workers[l.Unit()]
		out.Lanes[l] = *w.LaneTime(p.lane[l])
	}
	k, n := 0, 0
	for si := range g.Streams {
		k += len(g.Streams[si].Ops)
		for oi := range g.Streams[si].Ops {
			n += len(g.Streams[si].Ops[oi].Variants)
		}
	}
	all := make([]int64, 0, n)
	out.Runs, k = make([][]int64, 0, k), 0
	for si := range g.Streams {
		for oi := range g.Streams[si].Ops {
			first := len(all)
			all = append(all, p.workers[g.Streams[si].Ops[oi].Lane.Unit()].Runs[k]...)
			out.Runs = append(out.Runs, all[first:len(all):len(all)])
			k++
		}
	}
	out.Memory, out.MemoryHz = p.memory.Counters(nil), p.memory.UnitHz()
}

// drained reports who waits for what when the engine ran dry with work left.
func (p *Platform) drained() error {
	var left []string
	if !p.ctrl.Done() {
		left = append(left, "the controller has instructions left")
	}
	for l := word.Lane(0); l < word.Lanes; l++ {
		if cause, busy := p.workers[l.Unit()].Waiting(p.lane[l]); busy {
			left = append(left, fmt.Sprintf("%s waits for %s", l, reason(cause)))
		}
	}
	for b, l := range p.buffers {
		if l != nil && !l.Empty() {
			left = append(left, fmt.Sprintf("the %s buffer still holds tiles", word.Buffer(b)))
		}
	}
	if len(left) == 0 {
		return nil
	}
	return errors.New("stalled: " + strings.Join(left, "; "))
}

// reason says what a cause means; of an instruction that waits for nothing, that it has not had its turn.
func reason(cause link.Cause) string {
	b, room, wait := cause.Buffer()
	switch {
	case !wait:
		return "its turn"
	case room:
		return fmt.Sprintf("room in the %s buffer", b)
	default:
		return fmt.Sprintf("a tile in the %s buffer", b)
	}
}

// appendCounters appends every counter of the run.
func (p *Platform) appendCounters(dst []int64, now int64) []int64 {
	for _, w := range p.workers {
		dst = w.AppendCounters(dst, now)
	}
	return p.fast.AppendCounters(dst)
}

// addCounters adds what appendCounters gave for one period, times over.
func (p *Platform) addCounters(delta []int64, times int64) {
	for _, w := range p.workers {
		delta = w.AddCounters(delta, times)
	}
	p.fast.AddCounters(delta, times)
}

// appendState appends the state of everything that has one, and for each worker how far ahead the first end is that it does not tell.
func (p *Platform) appendState(b []uint64, far []int64, now int64) ([]uint64, []int64) {
	b = p.ctrl.AppendState(b, now)
	for _, w := range p.workers {
		var ahead int64
		b, ahead = w.AppendState(b, now)
		far = append(far, ahead)
	}
	for _, l := range p.buffers {
		if l != nil {
			b = l.AppendState(b, now)
		}
	}
	return b, far
}
