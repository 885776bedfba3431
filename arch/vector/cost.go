package vector

// Job is work of one kind on Elements elements, counted as the kind's comment in package workloads counts them.
type Job struct {
	Kind     Kind
	Elements int64
}

// Counts of what the unit did.
type Counts struct {
	Elements       int64 `json:"elements" yaml:"elements"`
	Operations     int64 `json:"operations" yaml:"operations"`             // lane-cycles with an element
	IdleLaneCycles int64 `json:"idle_lane_cycles" yaml:"idle_lane_cycles"` // of lanes without an element beside others that had one
	StallCycles    int64 `json:"stall_cycles" yaml:"stall_cycles"`         // in which no lane could issue: the operand is in the pipeline
}

// Add adds o to c.
func (c *Counts) Add(o Counts) {
	c.Elements += o.Elements
	c.Operations += o.Operations
	c.IdleLaneCycles += o.IdleLaneCycles
	c.StallCycles += o.StallCycles
}

// Cost of one job or of several in a row.
type Cost struct {
	// Cycles from the first operation to the last result, the unit empty before and after, memory never late.
	Cycles int64 `json:"cycles" yaml:"cycles"`
	// Issue is the part of Cycles in which operations are issued: another job may begin right after it.
	Issue  int64  `json:"issue_cycles" yaml:"issue_cycles"`
	Counts Counts `json:"counts" yaml:"counts"`
}

// Cost is the closed form for one job; package doc derives it. A kind that is unknown costs nothing: Accepts refuses it.
func (p Params) Cost(j Job) Cost { return p.Sequence(j) }

// Sequence is the closed form for jobs that follow one another without waiting for each other's results.
func (p Params) Sequence(jobs ...Job) Cost {
	var c Cost
	lanes, strip, latency := int64(p.Lanes), int64(p.Strip), int64(p.PipelineLatency)
	for _, j := range jobs {
		c.Counts.Elements += j.Elements
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
		c.Counts.Operations += j.Elements * ops
		c.Counts.IdleLaneCycles += (waves*lanes - j.Elements) * ops
		c.Counts.StallCycles += stall
	}
	if c.Issue > 0 {
		c.Cycles = c.Issue + latency
	}
	return c
}
