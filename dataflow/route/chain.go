package route

import (
	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/workloads"
)

// Chain is element-wise work that runs as one pass over memory: read, compute, write.
type Chain struct {
	Parts  []word.Part // elements of the whole chain
	Reads  int64       // bytes
	Writes int64       // bytes
	Passes []*workloads.Pass
}

// passPiece bounds a piece of a pass. Shorter pieces overlap better, longer ones need fewer events; pieces of a fraction of the pass buffer
// leave two in flight each way.
const passPiece = 128 << 10

// Pieces is the least number of pieces that fit the pass buffers twice, and the most that leave every piece some work of each part, or the least if a part
// has fewer elements than that: then it is done in the last piece, once all that it sums has come in.
func (c *Chain) Pieces(capacity func(word.Buffer) int64) (least, most int64) {
	limit := min(passPiece, capacity(word.PassIn)/2, capacity(word.PassOut)/2)
	least = max((max(c.Reads, c.Writes)+limit-1)/limit, 1)
	most = c.Parts[0].Elements
	for _, p := range c.Parts {
		most = min(most, p.Elements)
	}
	least = upward(least, 2*least+64, func(n int64) bool { // the last piece takes what rounding left
		return Piece(c.Reads, n, true) <= capacity(word.PassIn) && Piece(c.Writes, n, true) <= capacity(word.PassOut)
	})
	return least, max(least, most)
}

// Work is about how long a chain takes: the longer of its traffic and its elements, in arbitrary units.
func (c *Chain) Work() int64 {
	var n int64
	for _, p := range c.Parts {
		n += 8 * p.Elements
	}
	return max(n, c.Reads+c.Writes, 1)
}

// Cut is one of n pieces of a pass: all but the last are equal.
type Cut struct {
	N    int64
	Last bool
}

// Legs of a chain of passes. paced: each piece waits for a token of the product beside it.
func (c *Chain) Legs(paced bool) []Leg[Cut] {
	var legs []Leg[Cut]
	work := Leg[Cut]{Lane: word.VectorPass, Work: func(x Cut) word.Work {
		k := word.Work{}
		for _, p := range c.Parts {
			k.Parts = append(k.Parts, word.Part{Kind: p.Kind, Elements: Piece(p.Elements, x.N, x.Last), Row: p.Row})
		}
		if c.Writes > 0 {
			k.Space[0] = Piece(c.Writes, x.N, x.Last)
		}
		return k
	}}
	if c.Reads > 0 {
		legs = append(legs, Leg[Cut]{Lane: word.ReadPass, Out: to(word.PassIn), operand: "pass", Work: func(x Cut) word.Work {
			bytes := Piece(c.Reads, x.N, x.Last)
			return fetched(geometry.Contiguous(bytes))
		}})
		work.In = to(word.PassIn)
	}
	if paced {
		work.In = append(work.In, word.Pace)
	}
	if c.Writes == 0 {
		return append(legs, work)
	}
	work.Out = to(word.PassOut)
	return append(legs, work, Leg[Cut]{Lane: word.WritePass, In: to(word.PassOut), operand: "pass", Work: func(x Cut) word.Work {
		bytes := Piece(c.Writes, x.N, x.Last)
		return stores(bytes, bytes)
	}})
}
