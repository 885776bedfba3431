package vector

import (
	"satsim/arch/unit"
	"satsim/arch/word"
)

// Job is work of one kind on Elements elements, counted as the kind's comment in package workloads counts them.
type Job struct {
	Kind     word.PassKind
	Elements int64
}

// The counts of the unit.
const (
	Elements = iota
	Operations
	IdleLaneCycles
	StallCycles
	counts
)

var counters = [counts]unit.Counter{
	Elements:       {Name: "elements", Of: unit.Element, Means: "handled"},
	Operations:     {Name: "operations", Of: unit.Operation, Means: "lane-cycles with an element"},
	IdleLaneCycles: {Name: "idle_lane_cycles", Of: unit.Cycle, Means: "of lanes without an element beside others that had one"},
	StallCycles:    {Name: "stall_cycles", Of: unit.Cycle, Means: "in which no lane could issue: the operand is in the pipeline"},
}

// Cost is the closed form for one job; package doc derives it. A kind that is unknown costs nothing: Accepts refuses it.
func (p Params) Cost(j Job) unit.Cost { return p.Sequence(j) }

// Sequence is the closed form for jobs that follow one another without waiting for each other's results.
func (p Params) Sequence(jobs ...Job) unit.Cost {
	var c unit.Cost
	lanes, strip, latency := int64(p.Lanes), int64(p.Strip), int64(p.PipelineLatency)
	for _, j := range jobs {
		c.Counts[Elements] += j.Elements
		n, _ := p.Ops.Of(j.Kind)
		ops := int64(n)
		if ops == 0 {
			continue
		}
		waves := (j.Elements + lanes - 1) / lanes
		stall := waves / strip * (ops - 1) * max(0, latency-strip)
		if last := waves % strip; last > 0 {
			stall += (ops - 1) * max(0, latency-last)
		}
		c.Issue += waves*ops + stall
		c.Counts[Operations] += j.Elements * ops
		c.Counts[IdleLaneCycles] += (waves*lanes - j.Elements) * ops
		c.Counts[StallCycles] += stall
	}
	if c.Issue > 0 {
		c.Cycles = c.Issue + latency
	}
	return c
}
