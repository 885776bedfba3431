package spec

import (
	"satsim/arch/unit"
	"satsim/arch/word"
)

// Registry is every unit that there is, built or not.
func (s *Spec) Registry() unit.Set {
	return unit.Set{word.Memory: &s.Board.Memory, word.STCE: &s.STCE, word.SORE: &s.SORE, word.WUVE: &s.WUVE, word.Vector: &s.Vector, word.Norm: &s.Norm}
}

// Units are those that are built.
func (s *Spec) Units() unit.Set { return s.Registry().Built() }
