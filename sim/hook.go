package sim

import (
	"github.com/sarchlab/akita/v3/sim"

	"satsim/arch/link"
	"satsim/arch/word"
)

// Hook is Akita's hook: what it hears of a machine is for traces. Periods that are skipped fire none, so no count may rest on hooks.
type Hook = sim.Hook

// HookCtx is what a hook is told.
type HookCtx = sim.HookCtx

// Hook lets h hear of every instruction that a unit starts or ends from now on, at engine cycles: a group begins at the time at which Run is called
// (Now). Akita's hooks cannot be taken off again.
func (p *Platform) Hook(u word.Unit, h Hook) { p.workers[u].AcceptHook(h) }

// Started is the instruction that a hook is told of; ok is false where it is told of something else.
func Started(c HookCtx) (s *link.Served, ok bool) { return served(c, link.HookPosServe) }

// Ended is the instruction that ended.
func Ended(c HookCtx) (s *link.Served, ok bool) { return served(c, link.HookPosEnd) }

func served(c HookCtx, at *sim.HookPos) (s *link.Served, ok bool) {
	if c.Pos != at {
		return nil, false
	}
	s, ok = c.Item.(*link.Served)
	return s, ok
}

// hookPosJump is where hooks of a platform hear that periods are left out.
var hookPosJump = &sim.HookPos{Name: "Periods Skipped"}

// Jump is a number of equal periods that are left out between two cycles of the engine. A hook may not keep it.
type Jump struct {
	At              int64 // engine cycle
	Periods, Cycles int64 // of one
	// Working is how long each lane works in all of them.
	Working [word.Lanes]int64
	// Moved is how many instructions of the memory are in all of them, by task and variant.
	Moved [][]int64
	// Sleeping are units whose ends that are more than link.Far cycles ahead were not met in the period: such an instruction goes on through all of them.
	Sleeping [word.Units]bool
}

// HookJumps lets h hear of every number of periods that the platform leaves out from now on.
func (p *Platform) HookJumps(h Hook) {
	if p.skipper != nil {
		p.skipper.AcceptHook(h)
	}
}

// Jumped is what is left out, if that is what a hook is told of.
func Jumped(c HookCtx) (j *Jump, ok bool) {
	if c.Pos != hookPosJump {
		return nil, false
	}
	j, ok = c.Item.(*Jump)
	return j, ok
}

// Occupied is how many bytes of a buffer are reserved or held.
func (p *Platform) Occupied(b word.Buffer) int64 {
	if p.buffers[b] == nil {
		return 0
	}
	return p.buffers[b].Used()
}
