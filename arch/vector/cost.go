package vector

import (
	"satsim/arch/unit"
	"satsim/arch/word"
)

// Job is work of one kind on Elements elements, counted as the kind's comment in package workloads counts them. Of a kind over rows, Row of them are a row.
type Job struct {
	Kind     word.PassKind
	Elements int64
	Row      int64

	// Of products: elements are multiply-adds, Row the channels, of each of which Taps sums are made, and whether sums are loaded before and leave after.
	Taps          int64
	Resume, Leave bool
}

// The counts of the unit.
const (
	Elements = iota
	Operations
	IdleLaneCycles
	StallCycles
	MACs
	counts
)

var counters = [counts]unit.Counter{
	Elements:       {Name: "elements", Of: unit.Element, Means: "handled"},
	Operations:     {Name: "operations", Of: unit.Operation, Means: "lane-cycles with an element"},
	IdleLaneCycles: {Name: "idle_lane_cycles", Of: unit.Cycle, Means: "of lanes without an element beside others that had one"},
	StallCycles:    {Name: "stall_cycles", Of: unit.Cycle, Means: "in which no lane could issue: the operand is in the pipeline, or work once a row is done"},
	MACs:           {Name: "macs", Of: unit.Operation, Means: "multiply-adds of products"},
}

// Cost is the closed form for one job; package doc derives it. A kind that is unknown costs nothing: Accepts refuses it.
func (p Params) Cost(j Job) unit.Cost { return p.Sequence(j) }

// Sequence is the closed form for jobs that follow one another without waiting for each other's results.
func (p Params) Sequence(jobs ...Job) unit.Cost {
	var c unit.Cost
	lanes, strip, latency := int64(p.Lanes), int64(p.Strip), int64(p.PipelineLatency)
	for _, j := range jobs {
		if j.Kind == DepthwiseUpdate {
			p.product(&c, j)
			continue
		}
		c.Counts[Elements] += j.Elements
		n, _ := p.Ops.Of(j.Kind)
		ops := int64(n)
		if ops == 0 || j.Elements == 0 {
			continue
		}
		if all := sweeps(j.Kind); all != nil && p.CountRows {
			p.overRows(&c, all, ops, j)
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
		c.Cycles = c.Issue + latency + portLatency
	}
	return c
}

// overRows adds a job over rows: full strips, one of the rows that are left, and a row that is not whole.
func (p Params) overRows(c *unit.Cost, all []sweep, ops int64, j Job) {
	lanes := int64(p.Lanes)
	add := func(strips, rows, row int64) {
		if strips == 0 || rows == 0 {
			return
		}
		issue, worked, elements := p.rows(all, ops, row, rows)
		c.Issue += strips * issue
		c.Counts[Operations] += strips * elements
		c.Counts[IdleLaneCycles] += strips * (worked*lanes - elements)
		c.Counts[StallCycles] += strips * (issue - worked)
	}
	row := min(j.Row, j.Elements)
	if row <= 0 {
		row = j.Elements
	}
	count, a := j.Elements/row, max(1, int64(p.Strip)/((row+lanes-1)/lanes))
	add(count/a, a, row)
	add(1, count%a, row)
	if rest := j.Elements % row; rest > 0 {
		add(1, 1, rest)
	}
}
