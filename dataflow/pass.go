package dataflow

import (
	"satsim/arch/word"
	"satsim/dataflow/route"
)

// passStream is a chain's nest: one loop of pieces.
func passStream(c *route.Chain, capacity func(word.Buffer) int64, channels uint64) word.Stream {
	n, _ := c.Pieces(capacity)
	return passNest(c, 1, n, channels, false)
}

// passNest is a loop of steps around a loop of pieces. Paced, every step waits for a token of the product beside it.
func passNest(c *route.Chain, steps, pieces int64, channels uint64, paced bool) word.Stream {
	s := word.Stream{}
	outer := 0
	for i, n := range []int64{steps, pieces} {
		if n > 1 {
			s.Loops = append(s.Loops, word.Loop{Dim: word.DimP, Trips: n, Step: 1, Edge: 1})
			outer += 1 - i
		}
	}
	s.Ops = passOps(c, s.Loops, outer, steps*pieces, channels, paced)
	return s
}

// passOps do one of n pieces in every iteration of the loops; the last iteration of all takes what rounding left. Paced, every iteration of the
// outer loops waits for a token.
func passOps(c *route.Chain, loops []word.Loop, outer int, n int64, channels uint64, paced bool) (ops []word.Op) {
	level := len(loops)
	at := func(b word.Buffer) int {
		if b == word.Pace {
			return outer
		}
		return level
	}
	end := word.Boundary(0, level, true)
	for _, l := range c.Legs(paced) {
		rest := word.Variant{Mask: end, Value: end, Work: l.Work(route.Cut{N: n, Last: true})}
		variants := []word.Variant{rest}
		if n > 1 {
			variants = append(variants, word.Variant{Work: l.Work(route.Cut{N: n})})
		}
		ops = append(ops, l.Op(level, at, channels, variants))
	}
	return ops
}

// pace runs chains beside a product in step with it, as a schedule fixed beforehand has them: the array, or whoever makes the product, sends a token at the end of
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
		total += chains[i].Chain.Work()
	}
	left, undone := steps, total
	for i := range chains {
		c := &chains[i].Chain
		rest := k - 1 - int64(i)
		n := left
		if rest > 0 {
			n = min(max(int64(float64(left)*float64(c.Work())/float64(undone)), 1), left-rest)
		}
		left -= n
		undone -= c.Work()
		least, most := c.Pieces(capacity)
		pieces := (least + n - 1) / n
		if n*pieces > most {
			return nil, false
		}
		out = append(out, passNest(c, n, pieces, channels, true))
	}
	for i := range product.Ops {
		o := &product.Ops[i]
		if len(o.Out) == 1 && o.Out[0].Buffer == word.Output {
			o.Out = append(o.Out, word.End{Buffer: word.Pace, Level: level})
			for v := range o.Variants {
				o.Variants[v].Work.Space[1] = 1
			}
		}
	}
	return out, true
}
