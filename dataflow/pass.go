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

// pieces is the least number of pieces that fit the pass buffers twice, and the most that leave every piece some work of each part, or the least if a part
// has fewer elements than that: then it is done in the last piece, once all that it sums has come in.
func (c *Chain) pieces(capacity func(word.Buffer) int64) (least, most int64) {
	limit := min(passPiece, capacity(word.PassIn)/2, capacity(word.PassOut)/2)
	least = max((max(c.Reads, c.Writes)+limit-1)/limit, 1)
	most = c.Parts[0].Elements
	for _, p := range c.Parts {
		most = min(most, p.Elements)
	}
	least = upward(least, 2*least+64, func(n int64) bool { // the last piece takes what rounding left
		return piece(c.Reads, n, true) <= capacity(word.PassIn) && piece(c.Writes, n, true) <= capacity(word.PassOut)
	})
	return least, max(least, most)
}

// stream is a chain's nest: one loop of pieces.
func (c *Chain) stream(capacity func(word.Buffer) int64, channels uint64) word.Stream {
	n, _ := c.pieces(capacity)
	return c.nest(1, n, channels, false)
}

// nest is a loop of steps around a loop of pieces. Paced, every step waits for a token of the product beside it.
func (c *Chain) nest(steps, pieces int64, channels uint64, paced bool) word.Stream {
	s := word.Stream{}
	outer := 0
	for i, n := range []int64{steps, pieces} {
		if n > 1 {
			s.Loops = append(s.Loops, word.Loop{Dim: word.DimP, Trips: n, Step: 1, Edge: 1})
			outer += 1 - i
		}
	}
	s.Ops = c.ops(s.Loops, outer, steps*pieces, channels, paced)
	return s
}

// ops do one of n pieces in every iteration of the loops; the last iteration of all takes what rounding left. Paced, every iteration of the
// outer loops waits for a token.
func (c *Chain) ops(loops []word.Loop, outer int, n int64, channels uint64, paced bool) (ops []word.Op) {
	level := len(loops)
	at := func(b word.Buffer) int {
		if b == word.Pace {
			return outer
		}
		return level
	}
	end := word.Boundary(0, level, true)
	for _, l := range c.route(paced) {
		rest := word.Variant{Mask: end, Value: end, Work: l.work(cut{n, true})}
		variants := []word.Variant{rest}
		if n > 1 {
			variants = append(variants, word.Variant{Work: l.work(cut{n, false})})
		}
		ops = append(ops, l.op(level, at, channels, variants))
	}
	return ops
}

// work is about how long a chain takes: the longer of its traffic and its elements, in arbitrary units.
func (c *Chain) work() int64 {
	var n int64
	for _, p := range c.Parts {
		n += 8 * p.Elements
	}
	return max(n, c.Reads+c.Writes, 1)
}

// pace runs chains beside a product in step with it, as a schedule fixed beforehand has them: the array sends a token at the end of
// every iteration of some outer loops, and each token lets the passes go on by their share. The steps are divided among the chains by
// their work, one chain after the other. So the machine's state returns from iteration to iteration. ok is false when the product
// has fewer iterations than there are chains.
func pace(product *word.Stream, chains []SideChain, capacity func(word.Buffer) int64, channels uint64) (out []word.Stream, ok bool) {
	const enough = 64 // steps: finer than that costs events and balances nothing
	k := int64(len(chains))
	level, steps := 0, int64(1)
	for level < len(product.Loops) && steps < max(enough, k) {
		steps *= product.Loops[level].Trips
		level++
	}
	if steps < k {
		return nil, false
	}
	var total int64
	for i := range chains {
		total += chains[i].Chain.work()
	}
	left, undone := steps, total
	for i := range chains {
		c := &chains[i].Chain
		rest := k - 1 - int64(i)
		n := left
		if rest > 0 {
			n = min(max(int64(float64(left)*float64(c.work())/float64(undone)), 1), left-rest)
		}
		left -= n
		undone -= c.work()
		least, most := c.pieces(capacity)
		pieces := (least + n - 1) / n
		if n*pieces > most {
			return nil, false
		}
		out = append(out, c.nest(n, pieces, channels, true))
	}
	for i := range product.Ops {
		o := &product.Ops[i]
		if o.Lane == word.Array {
			o.Out = append(o.Out, word.End{Buffer: word.Pace, Level: level})
			for v := range o.Variants {
				o.Variants[v].Work.Space[1] = 1
			}
		}
	}
	return out, true
}
