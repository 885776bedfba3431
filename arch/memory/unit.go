package memory

import (
	"satsim/arch/unit"
	"satsim/arch/word"
)

// The counts of the memory that cost energy. What they are is known after a run only, from the channels' counters, or estimated before.
const (
	Activates = iota
	ReadBits
	WriteBits
	counts
)

var counters = [counts]unit.Counter{
	Activates: {Name: "activates", Of: unit.Activate, Means: "rows opened, in thousandths"},
	ReadBits:  {Name: "read_bits", Of: unit.Bit, Means: "read from the DRAM, whole bursts"},
	WriteBits: {Name: "write_bits", Of: unit.Bit, Means: "written to the DRAM, whole bursts"},
}

// ID implements unit.Unit.
func (p Params) ID() word.Unit { return word.Memory }

// Built implements unit.Unit.
func (p Params) Built() bool { return p.Channels > 0 }

// Counters implements unit.Unit.
func (p Params) Counters() []unit.Counter { return counters[:] }

// Actions implements unit.Unit.
func (p Params) Actions() []unit.Action {
	n := int64(p.Channels)
	return []unit.Action{
		{Name: "activate", Of: unit.Activate, Counts: []int{Activates}, Per: 1000},
		{Name: "read", Of: unit.Bit, Counts: []int{ReadBits}},
		{Name: "write", Of: unit.Bit, Counts: []int{WriteBits}},
		{Name: "background", Of: unit.Second, Parts: n},
		{Name: "refresh", Of: unit.Second, Parts: n},
		{Name: "interface", Of: unit.Second, Parts: n},
	}
}

// configured is the memory as an op sees it: no group changes how it works.
type configured struct{}

// Program implements unit.Unit.
func (p Params) Program(*word.Group) (unit.Program, error) { return configured{}, nil }

// Span implements unit.Program: the Model says how long a transfer takes, and what it left behind.
func (configured) Span(*word.Op, *word.Work) (unit.Span, error) { return unit.Span{}, unit.ErrState }

// Count implements unit.Program: the bytes that it moves, at the lane and at the buffer's end. What is loaded for the WUVE and the vector unit
// they read once.
func (configured) Count(a *unit.Activity, o *word.Op, w *word.Work, n int64) error {
	var sum unit.Tally
	sum.Add(&a.Bytes[o.Lane], w.Bytes, n)
	if o.Lane.IsWrite() {
		sum.Add(&a.Buffers[o.In[0].Buffer].ReadBits, 8*w.Bytes, n)
		return sum.Err()
	}
	b := o.Out[0].Buffer
	if b == word.Factors { // into tables of the normaliser, whose price has them
		return sum.Err()
	}
	sum.Add(&a.Buffers[b].WriteBits, 8*w.Bytes, n)
	if b == word.State || b == word.PassIn {
		sum.Add(&a.Buffers[b].ReadBits, 8*w.Bytes, n)
	}
	return sum.Err()
}
