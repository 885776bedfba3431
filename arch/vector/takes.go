package vector

import (
	"fmt"

	"satsim/internal/microcode"
)

// Takes says why the unit in Verilog, built with that room, does not run a program on a job whose rows have so many columns, or nothing. It says nothing of what Simulate refuses by itself, but for
// sums that its lanes could not hold in place.
func (p Params) Takes(room Room, j Job, q *microcode.Program, columns int) error {
	if onceAGroup(j.Kind) {
		return fmt.Errorf("%s: work once a group has no hardware in Verilog", j.Kind)
	}
	if err := Runs(q); err != nil {
		return err
	}
	if j.Kind == DepthwiseUpdate { // nothing waits for sums there, which begin at +0 and are read between jobs
		switch {
		case j.Resume || j.Leave:
			return fmt.Errorf("%s: sums are resumed or left; in Verilog they begin at +0, and are read between jobs", j.Kind)
		case j.Row%int64(p.Lanes) != 0:
			return fmt.Errorf("%s: %d channels; in Verilog each of several taps begins with a wave where they are a multiple of %d lanes", j.Kind, j.Row, p.Lanes)
		}
	}
	if err := p.fits(j, q, columns); err != nil {
		return err
	}
	over, waves := overRows(q), (columns+p.Lanes-1)/p.Lanes
	if over && waves > p.Strip {
		return fmt.Errorf("%s: rows of %d are %d waves; strip, %d, is accepted", q.Name, columns, waves, p.Strip)
	}
	if n := p.constantsOf(q, columns); n > room.Columns {
		return fmt.Errorf("%s: constants of %d columns are %d in each of %d lanes; %d are accepted", q.Name, columns, n, p.Lanes, room.Columns)
	}
	if n := p.sumsOf(q, columns); n > room.Sums {
		return fmt.Errorf("%s: sums of %d columns are %d in each of %d lanes; %d are accepted", q.Name, columns, n, p.Lanes, room.Sums)
	}
	return nil
}

// constantsOf are the places that constants of columns take in a lane. Rows that begin with a wave leave lanes out.
func (p Params) constantsOf(q *microcode.Program, columns int) int {
	switch {
	case !ReadsColumns(q):
		return 0
	case overRows(q):
		return (columns + p.Lanes - 1) / p.Lanes
	}
	return columns / gcd(columns, p.Lanes)
}

// sumsOf are the places that sums over columns and windows take in a lane.
func (p Params) sumsOf(q *microcode.Program, columns int) int {
	for _, t := range q.Totals {
		switch {
		case t.Ways == microcode.OverRows:
		case overRows(q):
			return microcode.ColumnWays * ((columns + p.Lanes - 1) / p.Lanes)
		case t.Ways == microcode.OverColumns:
			return microcode.ColumnWays * columns / p.Lanes
		default:
			return columns / p.Lanes
		}
	}
	return 0
}
