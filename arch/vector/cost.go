package vector

import (
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/internal/microcode"
)

// Job is work of one kind on Elements elements, counted as the kind's comment in package workloads counts them. Of a kind over rows, Row of them are a row, and of one once a group a group; of one with
// constants of columns or sums over them, Row is how many columns there are; of one that sums windows, how many elements a result has. With 0, sums and constants lie in place.
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
	Numbers
	Quotients
	counts
)

var counters = [counts]unit.Counter{
	Elements:       {Name: "elements", Of: unit.Element, Means: "handled"},
	Operations:     {Name: "operations", Of: unit.Operation, Means: "lane-cycles with an element"},
	IdleLaneCycles: {Name: "idle_lane_cycles", Of: unit.Cycle, Means: "of lanes without an element beside others that had one"},
	StallCycles:    {Name: "stall_cycles", Of: unit.Cycle, Means: "in which no lane could issue: the operand is in the pipeline, or work once a row is done"},
	MACs:           {Name: "macs", Of: unit.Operation, Means: "multiply-adds of products"},
	Numbers:        {Name: "numbers", Of: unit.Operation, Means: "random numbers, each of a group", Rare: true},
	Quotients:      {Name: "quotients", Of: unit.Operation, Means: "quotients, each of a group", Rare: true},
}

// Cost is the closed form for one job; package doc derives it. A kind that is unknown costs nothing: Accepts refuses it.
func (p Params) Cost(j Job) unit.Cost { return p.Sequence(j) }

// Sequence is the closed form for jobs that follow one another without waiting for each other's results.
func (p Params) Sequence(jobs ...Job) unit.Cost {
	var c unit.Cost
	made := int64(0) // when the latest result is
	for _, j := range jobs {
		before := c.Issue
		latency := p.job(&c, j)
		if c.Issue > before {
			made = max(made, c.Issue+latency)
		}
	}
	if c.Issue > 0 {
		c.Cycles = made + portLatency
	}
	return c
}

// job adds one, and gives the latency of its last results.
func (p Params) job(c *unit.Cost, j Job) int64 {
	lanes, strip, latency := int64(p.Lanes), int64(p.Strip), int64(p.PipelineLatency)
	switch {
	case j.Kind == DepthwiseUpdate:
		p.product(c, j)
		return latency
	case onceAGroup(j.Kind):
		return p.group(c, j)
	}
	c.Counts[Elements] += j.Elements
	n, _ := p.Ops.Of(j.Kind)
	ops := int64(n)
	if ops == 0 || j.Elements == 0 {
		return 0
	}
	if all := sweeps(j.Kind); all != nil && p.CountRows {
		p.overRows(c, all, ops, j)
		return latency
	}
	d := demandOf(j.Kind)
	p.pieces(d, j, func(count int64, x piece) {
		stall := x.waves / strip * (ops - 1) * max(0, latency-strip)
		if last := x.waves % strip; last > 0 {
			stall += (ops - 1) * max(0, latency-last)
		}
		if gap := latency - x.turn; gap > 0 {
			stall += min(d.adds, ops) * turns(x.waves, x.turn, strip, ops == 1) * gap
		}
		c.Issue += count * (x.waves*ops + stall)
		c.Counts[Operations] += count * x.elements * ops
		c.Counts[IdleLaneCycles] += count * (x.waves*lanes - x.elements) * ops
		c.Counts[StallCycles] += count * stall
	})
	return latency
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
	if d, waves := demandOf(j.Kind), (row+lanes-1)/lanes; d.adds > 0 && int64(p.PipelineLatency) > microcode.ColumnWays*waves {
		stall := min(d.adds, ops) * turns(count, microcode.ColumnWays, a, false) * (int64(p.PipelineLatency) - microcode.ColumnWays*waves)
		c.Issue += stall
		c.Counts[StallCycles] += stall
	}
	add(1, count%a, row)
	if rest := j.Elements % row; rest > 0 {
		add(1, 1, rest)
	}
}

// Least is what a job counts on the elements and groups alone, however it is cut into tiles: folds of rows are more.
func (p Params) Least(j Job) (n unit.Counts) {
	n[Elements] = j.Elements
	switch ops, _ := p.Ops.Of(j.Kind); j.Kind {
	case Divide:
		n[Quotients] = j.Groups()
	case Random:
		n[Numbers], n[Operations] = j.Groups(), j.Groups()
	case Scale:
		n[Operations] = j.Groups()
	default:
		n[Operations] = j.Elements * int64(ops)
	}
	return n
}
