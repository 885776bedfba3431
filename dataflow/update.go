package dataflow

import (
	"slices"

	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/dataflow/route"
)

// fromMemory is the level of gradients that are not on chip.
const fromMemory = -1

// updateOps are the ops of an update at a level: the class gives the number of parameters. gradients is the level of the tiles in the output
// buffer that hold them; negative: they come from memory.
func updateOps(u *route.Update, level int, kept []word.Loop, need func(*word.Loop) needs, params func(word.Class) int64, gradients int, channels uint64) (ops []word.Op) {
	at := func(b word.Buffer) int {
		if b == word.Output {
			return gradients
		}
		return level
	}
	r := u.Legs(gradients >= 0)
	add := func(legs []route.Leg[route.Share], vary func(route.Leg[route.Share]) []word.Variant) {
		for _, l := range legs {
			ops = append(ops, l.Op(level, at, channels, vary(l)))
		}
	}
	add(r.State, func(l route.Leg[route.Share]) []word.Variant {
		return variantsOf(kept, level, need, func(c word.Class) word.Work { return l.Work(route.Share{N: params(c)}) })
	})
	shares := variantsOf(kept, level, need, func(c word.Class) word.Work {
		n := params(c)
		return word.Work{Elements: n, Bytes: u.CopiesOf(n)}
	})
	shares = withRest(u, shares, kept[:level])
	add(r.Copies, func(l route.Leg[route.Share]) []word.Variant {
		out := slices.Clone(shares)
		for i := range out {
			out[i].Work = l.Work(route.Share{N: out[i].Work.Elements, Copies: out[i].Work.Bytes})
		}
		return out
	})
	return ops
}

// withRest gives the last of all iterations what rounding left of the copies.
func withRest(u *route.Update, pieces []word.Variant, loops []word.Loop) []word.Variant {
	o := word.Op{Level: len(loops), Variants: pieces}
	s := word.Stream{Loops: loops, Ops: []word.Op{o}}
	rest := u.Copies.Bytes()
	for v, times := range s.Count()[0] {
		rest -= times * pieces[v].Work.Bytes
	}
	if rest == 0 {
		return pieces
	}
	end := word.Boundary(0, len(loops), true)
	last := word.Variant{Mask: end, Value: end, Work: pieces[o.Find(end)].Work}
	last.Work.Bytes += rest
	return append([]word.Variant{last}, pieces...)
}

// updateStream updates the weights whose gradients the product's stream leaves in the output buffer, tile by tile, each in
// pieces.
func (w *lowering) updateStream(u *route.Update, capacity func(word.Buffer) int64) word.Stream {
	level := w.levels[geometry.Result]
	loops := append([]word.Loop{}, w.kept[:level]...)
	n := u.Pieces(w.s.GradientElements(w.extent(level, 0)), capacity)
	smallest := int64(0)
	for _, v := range variantsOf(w.kept, level, w.need(geometry.Result), func(c word.Class) word.Work {
		return word.Work{Elements: w.s.GradientElements(w.extent(level, c))}
	}) {
		if smallest == 0 || v.Work.Elements < smallest {
			smallest = v.Work.Elements
		}
	}
	n = min(n, smallest)
	if n > 1 {
		loops = append(loops, word.Loop{Dim: word.DimP, Trips: n, Step: 1, Edge: 1})
	}
	depth := len(loops)
	need := func(l *word.Loop) needs {
		if l.Dim == word.DimP {
			return needs{last: true}
		}
		return w.need(geometry.Result)(l)
	}
	params := func(c word.Class) int64 {
		total := w.s.GradientElements(w.extent(level, c))
		return route.Piece(total, n, n == 1 || c&word.Last(depth-1) != 0)
	}
	return word.Stream{Loops: loops, Ops: updateOps(u, depth, loops, need, params, level, w.channel)}
}
