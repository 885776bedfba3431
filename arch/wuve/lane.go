package wuve

import (
	"satsim/arch/fp"
	"satsim/arch/word"
)

// kind of an operator in a lane.
type kind int

const (
	stream   kind = iota // an operand of the parameter
	multiply             // a * b
	add                  // a + b
	subtract             // a - b, on an adder
	addGated             // a + b where the mask says pruned, else a
	divide               // a / b
	root                 // sqrt(a)
	convert              // a as FP16
)

// operator is one node of a lane, with the nodes that feed it; -1 stands for the constant.
type operator struct {
	kind     kind
	a, b     int
	constant float32
}

// lane is the optimiser's formula as operators, each after the ones that feed it. The first streams are the master weight, the
// gradient and the state words.
type lane struct {
	nodes []operator
	// What leaves: the nodes of the new master weight, the new state words and the FP16 weight.
	master int
	states []int
	half   int
}

const (
	masterIn   = 0
	gradientIn = 1
	stateIn    = 2
)

func (l *lane) node(k kind, a, b int) int {
	l.nodes = append(l.nodes, operator{kind: k, a: a, b: b})
	return len(l.nodes) - 1
}

// by is a node with a constant as its second operand.
func (l *lane) by(k kind, a int, c float32) int {
	l.nodes = append(l.nodes, operator{kind: k, a: a, b: -1, constant: c})
	return len(l.nodes) - 1
}

// wire lays out the formula of package doc.
func (j Job) wire(c constants) lane {
	var l lane
	for range stateIn + StateWords(j.Optimiser) {
		l.node(stream, -1, -1)
	}
	g := gradientIn
	if j.Unscale {
		g = l.by(multiply, g, c.unscale)
	}
	if j.SRSTE {
		g = l.node(addGated, g, l.by(multiply, masterIn, c.srSTE))
	}
	if j.WeightDecay && j.Optimiser != word.AdamW {
		g = l.node(add, g, l.by(multiply, masterIn, c.weightDecay))
	}
	w := masterIn
	if j.WeightDecay && j.Optimiser == word.AdamW {
		w = l.node(subtract, w, l.by(multiply, w, c.shrink))
	}
	switch j.Optimiser {
	case word.SGD:
		l.master = l.node(subtract, w, l.by(multiply, g, c.rate))
	case word.Momentum:
		b := l.node(add, l.by(multiply, stateIn, c.momentum), g)
		l.states = []int{b}
		l.master = l.node(subtract, w, l.by(multiply, b, c.rate))
	case word.Adam, word.AdamW:
		m := l.node(add, l.by(multiply, stateIn, c.beta1), l.by(multiply, g, c.rest1))
		v := l.node(add, l.by(multiply, stateIn+1, c.beta2), l.by(multiply, l.node(multiply, g, g), c.rest2))
		d := l.by(add, l.node(root, l.by(multiply, v, c.correct2), -1), c.epsilon)
		l.states = []int{m, v}
		l.master = l.node(subtract, w, l.by(multiply, l.node(divide, m, d), c.rate1))
	}
	l.half = l.node(convert, l.master, -1)
	return l
}

// compute is what an operator makes of its operands.
func compute(s fp.Subnormals, o operator, a, b float32, kept bool) float32 {
	switch o.kind {
	case multiply:
		return s.Mul(a, b)
	case add:
		return s.Add(a, b)
	case subtract:
		return s.Add(a, -b)
	case addGated:
		if kept {
			return s.Settle(a)
		}
		return s.Add(a, b)
	case divide:
		return s.Div(a, b)
	case root:
		return s.Sqrt(a)
	case stream, convert: // FP16 is made where it leaves
		return a
	}
	return 0
}

func (p Params) latency(k kind) int {
	switch k {
	case multiply:
		return p.MulLatency
	case add, subtract, addGated:
		return p.AddLatency
	case divide:
		return p.DivLatency
	case root:
		return p.SqrtLatency
	case convert:
		return p.ConvertLatency
	case stream:
	}
	return 0
}
