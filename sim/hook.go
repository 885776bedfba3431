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

// Hook lets h hear of every instruction that a unit starts from now on, at engine cycles: a group begins at the time at which Run is called
// (Now). Akita's hooks cannot be taken off again.
func (p *Platform) Hook(u word.Unit, h Hook) { p.workers[u].AcceptHook(h) }

// Started is the instruction that a hook is told of; ok is false where it is told of something else.
func Started(c HookCtx) (s *link.Served, ok bool) {
	if c.Pos != link.HookPosServe {
		return nil, false
	}
	s, ok = c.Item.(*link.Served)
	return s, ok
}
