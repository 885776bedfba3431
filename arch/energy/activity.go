package energy

import (
	"fmt"

	"satsim/arch/buffer"
	"satsim/arch/spec"
	"satsim/arch/unit"
	"satsim/arch/word"
)

// sides are the actions of each memory that links' tiles are in.
var sides = [buffer.Places]struct{ read, write Action }{
	buffer.InWest:   {WestRead, WestWrite},
	buffer.InNorth:  {NorthRead, NorthWrite},
	buffer.InOutput: {OutputRead, OutputWrite},
	buffer.InUpdate: {UpdateRead, UpdateWrite},
	buffer.InPass:   {PassRead, PassWrite},
}

// CountsOf are the actions of an activity: all but those of time.
func CountsOf(a *unit.Activity) (ActionCounts, error) {
	var c ActionCounts
	var sum unit.Tally
	for k := ofUnits; int(k) < len(actions); k++ {
		d := &actions[k]
		for _, i := range d.Counts {
			sum.Add(&c[k], a.Units[d.id][i], 1)
		}
	}
	for b := word.Buffer(0); b < word.Buffers; b++ {
		did := a.Buffers[b]
		if did == (unit.Access{}) {
			continue
		}
		at := sides[buffer.PlaceOf(b)]
		if at.read == 0 || at.write == 0 {
			return c, fmt.Errorf("counting accesses: %d bits read and %d written in the %s buffer, whose memory has no action", did.ReadBits, did.WriteBits, b)
		}
		sum.Add(&c[at.read], did.ReadBits, 1)
		sum.Add(&c[at.write], did.WriteBits, 1)
	}
	return c, sum.Err()
}

// Machine is how much of everything there is, for what costs energy by being there.
type Machine [MaxActions]int64

// MachineOf is the machine of a spec that has so many flip-flops.
func MachineOf(s *spec.Spec, flipFlops int64) Machine {
	m := Machine{FlipFlopClock: flipFlops, Static: 1}
	for id, u := range s.Units() {
		if u == nil {
			continue
		}
		for i, a := range u.Actions() {
			m[first[id]+Action(i)] = a.Parts
		}
	}
	return m
}

// Steady is the machine without what costs nothing while it works: what costs energy in every cycle, whatever is done.
func (m Machine) Steady() Machine {
	for k := range actions {
		if len(actions[k].Less) > 0 {
			m[k] = 0
		}
	}
	return m
}

// Over are the actions of so many cycles in which the machine did a: idle cycles of units, the clock, and power.
func (m *Machine) Over(cycles int64, a *unit.Activity) (ActionCounts, error) {
	var c ActionCounts
	for k, parts := range m {
		if parts == 0 {
			continue
		}
		var all, busy int64
		var sum unit.Tally
		sum.Add(&all, parts, cycles)
		for _, i := range actions[k].Less {
			sum.Add(&busy, a.Units[actions[k].id][i], 1)
		}
		if sum.Err() != nil {
			return c, fmt.Errorf("counting %s over %d cycles of %d: more than 63 bits", Action(k), cycles, parts)
		}
		if all < busy {
			return c, fmt.Errorf("counting %s: %d actions in %d cycles of %d", Action(k), busy, cycles, parts)
		}
		c[k] = all - busy
	}
	return c, nil
}
