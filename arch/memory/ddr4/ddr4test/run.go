package ddr4test

import (
	"fmt"
	"math"

	"satsim/arch/memory/ddr4"
)

// Result is what a pattern met on a channel. Times are DRAM clocks.
type Result struct {
	Clocks      int64 // from the first request until everything has drained
	Reads       int64 // bursts
	Writes      int64
	ReadLatency ddr4.Histogram // from entering the queue to the last data
	Counters    ddr4.Counters
}

// Fraction is the share of the data bus's peak that the pattern got.
func (r Result) Fraction(p ddr4.Params) float64 {
	return float64((r.Reads+r.Writes)*p.BL) / float64(r.Clocks)
}

// Run feeds a pattern to an idle channel as fast as queues, window and barriers allow. Every command goes to observe, if given.
func Run(p ddr4.Params, pat Pattern, observe func(ddr4.Command)) (Result, error) {
	if err := pat.Validate(p); err != nil {
		return Result{}, fmt.Errorf("running a pattern on a DDR4 channel: %w", err)
	}
	c, err := ddr4.New(p)
	if err != nil {
		return Result{}, err
	}
	f := feeder{c: c, cur: newCursor(p, &pat), pat: &pat, inFlight: make([]int64, 0, p.ReadQueue+int(p.TCL+p.BL)+1)}
	c.Step(0)
	var res Result
	for f.cur.left > 0 || c.Pending() > 0 {
		f.feed()
		cmd, ok := c.Step(f.wake())
		if !ok {
			continue
		}
		if observe != nil {
			observe(cmd)
		}
		switch cmd.Kind {
		case ddr4.Read:
			res.Reads++
			f.inFlight = append(f.inFlight, cmd.End)
			res.ReadLatency.Add(cmd.End - cmd.Arrival)
			res.Clocks = max(res.Clocks, cmd.End)
		case ddr4.Write:
			res.Writes++
			res.Clocks = max(res.Clocks, cmd.Clock+1)
		}
	}
	res.Counters = c.Counters()
	return res, nil
}

// feeder hands a pattern's bursts to a channel.
type feeder struct {
	c        *ddr4.Controller
	cur      *cursor
	pat      *Pattern
	inFlight []int64 // ends of the reads on the data bus, ascending
	waiting  bool    // for one of them
}

// feed queues bursts at the present clock until something is full.
func (f *feeder) feed() {
	for len(f.inFlight) > 0 && f.inFlight[0] <= f.c.Clock() {
		f.inFlight = f.inFlight[:copy(f.inFlight, f.inFlight[1:])]
	}
	f.waiting = false
	for f.cur.left > 0 {
		addr, write, first := f.cur.peek()
		outstanding := f.c.Pending() + len(f.inFlight)
		if f.pat.Window > 0 && outstanding >= f.pat.Window || f.pat.Barrier && first && outstanding > 0 {
			f.waiting = true
			return
		}
		if !f.c.Room(write) {
			return
		}
		f.c.Enqueue(addr, write, 0)
		f.cur.advance()
	}
}

// wake is the clock up to which nothing changes for the feeder unless a command is issued.
func (f *feeder) wake() int64 {
	if f.waiting && len(f.inFlight) > 0 {
		return f.inFlight[0]
	}
	return math.MaxInt64
}
