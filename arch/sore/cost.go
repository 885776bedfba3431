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
	IdleLaneCycles int64 `json:"idle_lane_cycles" yaml:"idle_lane_cycles"` // issue slots of a lane without an element
}

// Add adds o to c.
func (c *Counts) Add(o Counts) {
	c.Groups += o.Groups
	c.Elements += o.Elements
	c.Kept += o.Kept
	c.Compares += o.Compares
	c.IdleLaneCycles += o.IdleLaneCycles
}

// Cost of a job.
type Cost struct {
	// Cycles from the first element in to the last pair out, the engine empty before and after.
	Cycles int64 `json:"cycles" yaml:"cycles"`
	// Issue is the part of Cycles in which the inputs are taken: a job of the same ratio may begin right after it.
	Issue  int64  `json:"issue_cycles" yaml:"issue_cycles"`
	Counts Counts `json:"counts" yaml:"counts"`
}

// Cost is the closed form; package doc derives it.
func (p Params) Cost(j Job) Cost {
	groups := j.Groups()
	if groups == 0 {
		return Cost{}
	}
	lanes := int64(p.Lanes)
	issue := (groups + lanes - 1) / lanes * int64(j.Ratio.M)
	return Cost{
		Cycles: issue + int64(p.PipelineLatency) + int64(j.Ratio.N),
		Issue:  issue,
		Counts: Counts{
			Groups:         groups,
			Elements:       j.Elements(),
			Kept:           j.Kept(),
			Compares:       j.Elements() * int64(j.Ratio.N),
			IdleLaneCycles: issue*lanes - j.Elements(),
		},
	}
}
