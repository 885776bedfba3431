package sore

import (
	"satsim/arch/unit"
	"satsim/internal/nm"
)

// Job is Runs runs of Channels consecutive channels each, pruned at Ratio. A run of C channels has ceil(C/M) groups, the
// last of which may be short.
type Job struct {
	Runs     int64
	Channels int64
	Ratio    nm.Ratio
}

// Groups of the job, short ones included.
func (j Job) Groups() int64 { return j.Runs * int64(j.Ratio.Groups(int(j.Channels))) }

// Elements that the job sorts.
func (j Job) Elements() int64 { return j.Runs * j.Channels }

// Kept is the number of elements that leave the engine.
func (j Job) Kept() int64 { return j.Runs * int64(j.Ratio.Kept(int(j.Channels))) }

// The counts of the engine.
const (
	Groups = iota
	Elements
	Kept
	Compares
	IdleLaneCycles
	counts
)

var counters = [counts]unit.Counter{
	Groups:         {Name: "groups", Of: unit.Element, Means: "full and short"},
	Elements:       {Name: "elements", Of: unit.Element, Means: "inserted into a sorter"},
	Kept:           {Name: "kept", Of: unit.Element, Means: "value and index pairs that left"},
	Compares:       {Name: "compares", Of: unit.Operation, Means: "of an element with one register of a sorter"},
	IdleLaneCycles: {Name: "idle_lane_cycles", Of: unit.Cycle, Means: "of a lane that takes no element while jobs issue"},
}

// Cost is the closed form for one job; package doc derives it.
func (p Params) Cost(j Job) unit.Cost { return p.Sequence(j) }

// Sequence is the closed form for jobs that follow one another as closely as the registers allow.
func (p Params) Sequence(jobs ...Job) unit.Cost {
	var c unit.Cost
	lanes := int64(p.Lanes)
	var last nm.Ratio // of the job before; 0:0 before the first
	for _, j := range jobs {
		groups := j.Groups()
		if groups == 0 {
			continue
		}
		c.Issue += max(0, int64(last.N-j.Ratio.M))
		c.Issue += (groups + lanes - 1) / lanes * int64(j.Ratio.M)
		c.Counts[Groups] += groups
		c.Counts[Elements] += j.Elements()
		c.Counts[Kept] += j.Kept()
		c.Counts[Compares] += j.Elements() * int64(j.Ratio.N)
		last = j.Ratio
	}
	if c.Issue > 0 {
		c.Cycles = c.Issue + int64(p.PipelineLatency+last.N)
	}
	c.Counts[IdleLaneCycles] = c.Issue*lanes - c.Counts[Elements]
	return c
}
