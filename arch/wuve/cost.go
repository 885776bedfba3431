package wuve

import (
	"satsim/arch/unit"
	"satsim/arch/word"
)

// Job is the update of Parameters parameters.
type Job struct {
	Optimiser  word.Optimiser
	Parameters int64
	// Unscale: the gradient is multiplied by one number first (1 / loss scale, times a clipping factor if there is one).
	Unscale bool
	// SRSTE adds SR-STE's lambda * (1 - mask) * W to the gradient; the mask is read.
	SRSTE bool
	// WeightDecay adds lambda * W to the gradient (sgd, momentum, adam) or takes it off the weight (adamw).
	WeightDecay bool
	// Deferred: all gradients went to memory first (dynamic loss scale, clipping by the global norm) and come back.
	Deferred bool
}

// The counts of the engine.
const (
	Parameters = iota
	Multiplies
	Adds
	Divides
	SquareRoots
	Converts
	IdleLaneCycles
	counts
)

var counters = [counts]unit.Counter{
	Parameters:     {Name: "parameters", Of: unit.Element, Means: "updated"},
	Multiplies:     {Name: "multiplies", Of: unit.Operation, Means: "FP32"},
	Adds:           {Name: "adds", Of: unit.Operation, Means: "FP32, subtractions included"},
	Divides:        {Name: "divides", Of: unit.Operation, Means: "FP32"},
	SquareRoots:    {Name: "square_roots", Of: unit.Operation, Means: "FP32"},
	Converts:       {Name: "converts", Of: unit.Operation, Means: "FP32 to FP16"},
	IdleLaneCycles: {Name: "idle_lane_cycles", Of: unit.Cycle, Means: "of a lane that takes no parameter up to the last one in"},
}

// Operators counts FP32 operators; it is what one parameter needs, and so what a lane is built of.
type Operators struct {
	Multiply, Add, Divide, SquareRoot, Convert int
}

// Operators that one parameter of the job passes through.
func (j Job) Operators() Operators {
	var n Operators
	switch j.Optimiser {
	case word.SGD:
		n = Operators{Multiply: 1, Add: 1}
	case word.Momentum:
		n = Operators{Multiply: 2, Add: 2}
	case word.Adam, word.AdamW:
		n = Operators{Multiply: 7, Add: 4, Divide: 1, SquareRoot: 1}
	}
	n.Convert = 1
	if j.Unscale {
		n.Multiply++
	}
	if j.SRSTE {
		n.Multiply++
		n.Add++
	}
	if j.WeightDecay {
		n.Multiply++
		n.Add++
	}
	return n
}

// Lane is what one lane is built of: all that the largest optimiser can ask for.
func (p Params) Lane() Operators {
	return Job{Optimiser: p.Optimiser, Unscale: true, SRSTE: true, WeightDecay: true}.Operators()
}

// Depth is the number of cycles from a parameter's operands to its FP16 weight: the longest path through its operators.
func (p Params) Depth(j Job) int64 {
	mul, add := p.MulLatency, p.AddLatency
	g := 0 // when the gradient that the optimiser sees is ready
	if j.Unscale {
		g = mul
	}
	if j.SRSTE {
		g = max(g, mul) + add
	}
	if j.WeightDecay && j.Optimiser != word.AdamW {
		g = max(g, mul) + add
	}
	switch j.Optimiser {
	case word.SGD:
		g += mul + add
	case word.Momentum:
		g = max(g, mul) + add + mul + add
	case word.Adam, word.AdamW: // the second moment is the longer way; AdamW's shorter weight is ready long before it is needed
		g += 4*mul + 3*add + p.SqrtLatency + p.DivLatency
	}
	return int64(g + p.ConvertLatency)
}

// shape is the job without its size: what the operators are wired for.
func (j Job) shape() Job {
	return Job{Optimiser: j.Optimiser, Unscale: j.Unscale, SRSTE: j.SRSTE, WeightDecay: j.WeightDecay}
}

// Cost is the closed form for one job; package doc derives it.
func (p Params) Cost(j Job) unit.Cost { return p.Sequence(j) }

// Sequence is the closed form for jobs that follow one another as closely as the operators allow.
func (p Params) Sequence(jobs ...Job) unit.Cost {
	var c unit.Cost
	lanes := int64(p.Lanes)
	var shape Job // of the job before
	for _, j := range jobs {
		if j.Parameters == 0 {
			continue
		}
		if c.Issue > 0 && j.shape() != shape {
			c.Issue = c.Cycles
		}
		c.Issue += (j.Parameters + lanes - 1) / lanes
		c.Cycles = c.Issue + p.Depth(j)
		shape = j.shape()
		n := j.Operators()
		for i, of := range [...]int{Parameters: 1, Multiplies: n.Multiply, Adds: n.Add, Divides: n.Divide, SquareRoots: n.SquareRoot, Converts: n.Convert} {
			c.Counts[i] += j.Parameters * int64(of)
		}
	}
	c.Counts[IdleLaneCycles] = c.Issue*lanes - c.Counts[Parameters]
	return c
}
