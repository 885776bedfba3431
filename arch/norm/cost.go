package norm

import (
	"satsim/arch/unit"
)

// Job is a tile, Runs runs of Run elements that begin at lane Begin each, or the making of so many scales and shifts.
type Job struct {
	Runs, Run, Begin int64
	Factors          int64
}

// Elements that the job normalises.
func (j Job) Elements() int64 { return j.Runs * j.Run }

// The counts of the unit.
const (
	Elements = iota
	Factors
	Operations
	IdleLaneCycles
	counts
)

var counters = [counts]unit.Counter{
	Elements:       {Name: "elements", Of: unit.Element, Means: "normalised, each time that it is fetched"},
	Factors:        {Name: "factors", Of: unit.Element, Means: "scales and shifts made, one of each a place of a lane's table"},
	Operations:     {Name: "operations", Of: unit.Operation, Means: "multiply-adds, of elements and of factors"},
	IdleLaneCycles: {Name: "idle_lane_cycles", Of: unit.Cycle, Means: "of lanes without an operand beside others that had one"},
}

// Cost is the closed form; package doc derives it.
func (p Params) Cost(j Job) unit.Cost {
	var c unit.Cost
	lanes, latency := int64(p.Lanes), int64(p.PipelineLatency)
	waves := int64(0)
	switch {
	case j.Factors > 0:
		w := (j.Factors + lanes - 1) / lanes
		waves = 2 * w
		c.Issue = waves + max(0, latency-w)
	case j.Elements() > 0:
		waves = j.Runs * ((j.Begin + j.Run + lanes - 1) / lanes)
		c.Issue = waves
	default:
		return c
	}
	c.Cycles = c.Issue + latency
	c.Counts[Elements], c.Counts[Factors] = j.Elements(), j.Factors
	c.Counts[Operations] = j.Elements() + 2*j.Factors
	c.Counts[IdleLaneCycles] = waves*lanes - c.Counts[Operations]
	return c
}
