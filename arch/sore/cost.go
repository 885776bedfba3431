package sore

import "satsim/internal/nm"

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

// Counts of what the engine did.
type Counts struct {
	Groups         int64 `json:"groups" yaml:"groups"`                     // full and short
	Elements       int64 `json:"elements" yaml:"elements"`                 // inserted into a sorter
	Kept           int64 `json:"kept" yaml:"kept"`                         // value and index pairs that left
	Compares       int64 `json:"compares" yaml:"compares"`                 // of an element with one register of a sorter
	IdleLaneCycles int64 `json:"idle_lane_cycles" yaml:"idle_lane_cycles"` // of a lane that takes no element while jobs issue
}

// Add adds o to c.
func (c *Counts) Add(o Counts) {
	c.Groups += o.Groups
	c.Elements += o.Elements
	c.Kept += o.Kept
	c.Compares += o.Compares
	c.IdleLaneCycles += o.IdleLaneCycles
}

// Cost of one job or of several in a row.
type Cost struct {
	// Cycles from the first element in to the last pair out, the engine empty before and after.
	Cycles int64 `json:"cycles" yaml:"cycles"`
	// Issue is the part of Cycles in which elements are taken: a job of the same ratio may begin right after it.
	Issue  int64  `json:"issue_cycles" yaml:"issue_cycles"`
	Counts Counts `json:"counts" yaml:"counts"`
}

// Cost is the closed form for one job; package doc derives it.
func (p Params) Cost(j Job) Cost { return p.Sequence(j) }

// Sequence is the closed form for jobs that follow one another as closely as the registers allow.
func (p Params) Sequence(jobs ...Job) Cost {
	var c Cost
	lanes := int64(p.Lanes)
	var last nm.Ratio // of the job before; 0:0 before the first
	for _, j := range jobs {
		groups := j.Groups()
		if groups == 0 {
			continue
		}
		c.Issue += max(0, int64(last.N-j.Ratio.M))
		c.Issue += (groups + lanes - 1) / lanes * int64(j.Ratio.M)
		c.Counts.Groups += groups
		c.Counts.Elements += j.Elements()
		c.Counts.Kept += j.Kept()
		c.Counts.Compares += j.Elements() * int64(j.Ratio.N)
		last = j.Ratio
	}
	if c.Issue > 0 {
		c.Cycles = c.Issue + int64(p.PipelineLatency+last.N)
	}
	c.Counts.IdleLaneCycles = c.Issue*lanes - c.Counts.Elements
	return c
}
