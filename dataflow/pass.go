package dataflow

import "satsim/arch/word"

// Chain is element-wise work that runs as one pass over memory: read, compute, write.
type Chain struct {
	Parts  []word.Part // elements of the whole chain
	Reads  int64       // bytes
	Writes int64       // bytes
}

// passPiece bounds a piece of a pass. Shorter pieces overlap better, longer ones need fewer events; pieces of a fraction of the pass buffer
// leave two in flight each way.
const passPiece = 128 << 10

// stream is a chain's nest: one loop of pieces.
func (c *Chain) stream(capacity func(word.Buffer) int64, channels uint64) word.Stream {
	limit := min(passPiece, capacity(word.PassIn)/2, capacity(word.PassOut)/2)
	n := max((max(c.Reads, c.Writes)+limit-1)/limit, 1)
	for _, p := range c.Parts {
		n = min(n, p.Elements)
	}
	n = max(n, 1)
	s := word.Stream{}
	level := 0
	if n > 1 {
		s.Loops = []word.Loop{{Dim: word.DimP, Trips: n, Step: 1, Edge: 1}}
		level = 1
	}
	need := func(*word.Loop) needs { return needs{last: true} }
	vary := func(work func(last bool) word.Work) []word.Variant {
		return variantsOf(s.Loops, level, need, func(k word.Class) word.Work { return work(k&word.Last(0) != 0) })
	}
	v := word.Op{Lane: word.VectorPass, Level: level}
	if c.Reads > 0 {
		in := word.End{Buffer: word.PassIn, Level: level}
		s.Ops = append(s.Ops, word.Op{
			Lane: word.ReadPass, Level: level, Operand: "pass", Channels: channels, Out: []word.End{in},
			Variants: vary(func(last bool) word.Work {
				b := piece(c.Reads, n, last)
				return word.Work{Bytes: b, Run: b, Space: [2]int64{b}}
			}),
		})
		v.In = []word.End{in}
	}
	out := word.End{Buffer: word.PassOut, Level: level}
	if c.Writes > 0 {
		v.Out = []word.End{out}
	}
	v.Variants = vary(func(last bool) word.Work {
		k := word.Work{}
		for _, p := range c.Parts {
			k.Parts = append(k.Parts, word.Part{Kind: p.Kind, Elements: piece(p.Elements, n, last)})
		}
		if c.Writes > 0 {
			k.Space[0] = piece(c.Writes, n, last)
		}
		return k
	})
	s.Ops = append(s.Ops, v)
	if c.Writes > 0 {
		s.Ops = append(s.Ops, word.Op{
			Lane: word.WritePass, Level: level, Operand: "pass", Channels: channels, In: []word.End{out},
			Variants: vary(func(last bool) word.Work {
				b := piece(c.Writes, n, last)
				return word.Work{Bytes: b, Run: b}
			}),
		})
	}
	return s
}
