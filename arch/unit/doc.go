// Package unit is what a unit of the machine is to everybody else: the simulator, the planner, energy and the record.
//
// A Unit says what it counts and what of it costs energy, and sets itself up for a word group. The Program that results is the unit's
// closed form as others see it: how long a piece of work takes (Span) and what it does (Count). Nobody else knows how.
//
// What was done, or is going to be, is one flat Activity, whoever asks: a simulated run, a prediction, the energy of either, the record. It
// holds, in integers that only ever grow:
//
//	Units    what each unit did, in counts of its own: a.Units[word.STCE][stce.UsefulMACs]
//	Busy     the cycles in which each unit could take nothing else
//	Bytes    what each lane moved to or from off-chip memory
//	Buffers  what was read from and written to each on-chip buffer
//
// A Set is the units of one machine. A unit that is not built is not in it, and costs nothing anywhere; work for it is an error.
//
// The off-chip memory is a unit like the others in all but time: how long a transfer takes depends on the state that the ones before left, so
// its Program has no Span (ErrState) and its server is its own.
//
// # A new unit
//
// Its lanes and buffers go into package word, its room implements Unit in a file unit.go, and spec lists it. Check says what a unit has
// forgotten of its description; the completeness test of package spec asks each listed unit for all the rest.
package unit
