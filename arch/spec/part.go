package spec

import (
	"satsim/arch/memory"
	"satsim/arch/norm"
	"satsim/arch/sore"
	"satsim/arch/stce"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/internal/quantity"
)

// Part is what some units read of a spec; what the others read is zero. Equal parts, equal units.
type Part struct {
	clock  quantity.Frequency // the memory's times are in its cycles
	memory memory.Params
	stce   stce.Params
	sore   sore.Params
	wuve   wuve.Params
	vector vector.Params
	norm   norm.Params
}

// Part of some units.
func (s *Spec) Part(of [word.Units]bool) (p Part) {
	if of[word.Memory] {
		p.clock, p.memory = s.Clock, s.Board.Memory
	}
	if of[word.STCE] {
		p.stce = s.STCE
	}
	if of[word.SORE] {
		p.sore = s.SORE
	}
	if of[word.WUVE] {
		p.wuve = s.WUVE
	}
	if of[word.Vector] {
		p.vector = s.Vector
	}
	if of[word.Norm] {
		p.norm = s.Norm
	}
	return p
}
