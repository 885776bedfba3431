package vector

import (
	"fmt"

	"satsim/internal/microcode"
)

// Needs are the places of constants and of sums that a lane has to have for a program on rows of so many columns, which it takes at a time.
func (p Params) Needs(q *microcode.Program, columns int) (constants, sums int) {
	l := p.lieOf(q, columns, columns, 0)
	switch {
	case l.row > 0 && (ReadsColumns(q) || !overRows(q)):
		constants = (columns + p.Lanes - 1) / p.Lanes
	case ReadsColumns(q):
		constants = columns / gcd(columns, p.Lanes)
	}
	return constants, l.turn
}

// Takes says why the unit in Verilog, built with that room, does not run a program on a job whose rows have so many columns, or nothing. It says nothing of what Simulate refuses by itself, but for
// columns that its lanes have no room for at a time.
func (p Params) Takes(room Room, j Job, q *microcode.Program, columns int) error {
	if onceAGroup(j.Kind) {
		return fmt.Errorf("%s: work once a group has no hardware in Verilog", j.Kind)
	}
	if err := Runs(q); err != nil {
		return err
	}
	if j.Kind == DepthwiseUpdate && (j.Resume || j.Leave) {
		return fmt.Errorf("%s: sums are resumed or left; in Verilog they begin at +0, and are read between jobs", j.Kind)
	}
	if err := p.fits(j, q, columns); err != nil {
		return err
	}
	over, waves := overRows(q), (columns+p.Lanes-1)/p.Lanes
	if over && waves > p.Strip {
		return fmt.Errorf("%s: rows of %d are %d waves; strip, %d, is accepted", q.Name, columns, waves, p.Strip)
	}
	constants, sums := p.Needs(q, columns)
	if j.Kind != DepthwiseUpdate && constants > room.Columns {
		return fmt.Errorf("%s: constants of %d columns are %d in each of %d lanes; %d are accepted", q.Name, columns, constants, p.Lanes, room.Columns)
	}
	if j.Kind != DepthwiseUpdate && sums > room.Sums {
		return fmt.Errorf("%s: sums of %d columns are %d in each of %d lanes; %d are accepted", q.Name, columns, sums, p.Lanes, room.Sums)
	}
	return nil
}
