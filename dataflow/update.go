package dataflow

import (
	"slices"

	"satsim/arch/word"
	"satsim/internal/nm"
	"satsim/workloads/recipe"
)

// Update is how a layer's weights are updated and which copies of them the next step reads.
type Update struct {
	Rule   recipe.Update
	FF, BP nm.Ratio
	// Pregenerate: SORE prunes the updated weights once, and both copies are stored. Otherwise one dense copy is stored, and pruned at
	// each fetch.
	Pregenerate bool
	Matrix      bool // products read it
	Parameters  int64
	Copies      Copies
}

// config is what the WUVE is told.
func (u *Update) config() word.UpdateConfig {
	return word.UpdateConfig{
		Optimiser: word.Optimiser(u.Rule.Optimiser), Unscale: u.Rule.Unscale, WeightDecay: u.Rule.WeightDecay, MaskDecay: u.Rule.MaskDecay,
		Deferred: u.Rule.Deferred,
	}
}

// sorted is how many times SORE sorts each updated weight.
func (u *Update) sorted() int64 {
	if !u.Pregenerate || u.Rule.MasksFixed {
		return 0
	}
	var n int64
	for _, r := range []nm.Ratio{u.FF, u.BP} {
		if !r.IsDense() {
			n++
		}
	}
	return n
}

// ratio is the N:M at which SORE sorts; both copies of a layer have the same M, the larger N decides the sorters' drain.
func (u *Update) ratio() nm.Ratio {
	if u.FF.IsDense() || !u.BP.IsDense() && u.BP.N > u.FF.N {
		return u.BP
	}
	return u.FF
}

// reads of the WUVE for n parameters: master weights, state, masks.
func (u *Update) reads(n int64) int64 {
	b := u.kept(n)
	if u.Rule.MaskDecay {
		b += nm.Bit.Bytes(n)
	}
	if u.Rule.MasksFixed && u.Pregenerate { // SORE never runs: the masks of the copies are read, and select
		b += nm.Bit.Bytes(n * int64(u.copiesSparse()))
	}
	return b
}

func (u *Update) copiesSparse() int {
	k := 0
	for _, r := range []nm.Ratio{u.FF, u.BP} {
		if !r.IsDense() {
			k++
		}
	}
	return k
}

// writes of the WUVE for n parameters: master weights and state.
func (u *Update) writes(n int64) int64 { return u.kept(n) }

// kept is the bytes of master weights and state of n parameters.
func (u *Update) kept(n int64) int64 { return nm.FP32.Bytes(n) + n*u.Rule.StateBytes }

// copies is the bytes of FP16 copies that n of the parameters leave.
func (u *Update) copies(n int64) int64 { return u.Copies.share(n, u.Parameters) }

// fromMemory is the level of gradients that are not on chip.
const fromMemory = -1

// updateOps are the ops of an update at a level: the class gives the number of parameters. gradients is the level of the tiles in the output
// buffer that hold them; negative: they come from memory.
func updateOps(u *Update, level int, kept []word.Loop, need func(*word.Loop) needs, params func(word.Class) int64, gradients int, channels uint64) (ops []word.Op) {
	at := func(b word.Buffer) int {
		if b == word.Output {
			return gradients
		}
		return level
	}
	r := u.route(gradients >= 0)
	add := func(legs []leg[share], vary func(leg[share]) []word.Variant) {
		for _, l := range legs {
			ops = append(ops, l.op(level, at, channels, vary(l)))
		}
	}
	add(r.state, func(l leg[share]) []word.Variant {
		return variantsOf(kept, level, need, func(c word.Class) word.Work { return l.work(share{n: params(c)}) })
	})
	shares := variantsOf(kept, level, need, func(c word.Class) word.Work {
		n := params(c)
		return word.Work{Elements: n, Bytes: u.copies(n)}
	})
	shares = u.withRest(shares, kept[:level])
	add(r.copies, func(l leg[share]) []word.Variant {
		out := slices.Clone(shares)
		for i := range out {
			out[i].Work = l.work(share{n: out[i].Work.Elements, copies: out[i].Work.Bytes})
		}
		return out
	})
	return ops
}

// withRest gives the last of all iterations what rounding left of the copies.
func (u *Update) withRest(pieces []word.Variant, loops []word.Loop) []word.Variant {
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

// pieces is how many parts an update of n parameters has, so that two parts fit each update buffer, gradients among them wherever they are.
func (u *Update) pieces(n int64, capacity func(word.Buffer) int64) int64 {
	k, r := int64(1), u.route(false)
	r.each(func(l *leg[share]) {
		w := l.work(share{n, u.copies(n)})
		for i, b := range l.out {
			if half := capacity(b) / 2; w.Space[i] > half*k {
				k = (w.Space[i] + half - 1) / half
			}
		}
	})
	fits := func(k int64) bool { // the last part, which takes what rounding left
		x, ok := piece(n, k, true), true
		r.each(func(l *leg[share]) {
			w := l.work(share{x, u.copies(x)})
			for i, b := range l.out {
				ok = ok && w.Space[i] <= capacity(b)
			}
		})
		return ok
	}
	return upward(min(k, n), n, fits)
}

// upward is the first number from n to most of which something holds, or n.
func upward(n, most int64, holds func(int64) bool) int64 {
	for k := n; k <= min(most, 2*n+64); k++ {
		if holds(k) {
			return k
		}
	}
	return n
}

// fits reports whether so many tiles, of so many parameters at most and at least, can be cut into pieces that fit. A tile's last piece has
// what division left, the last of all the bytes that rounding left of the copies: less than one a piece and copy.
func (u *Update) fits(most, least, tiles int64, capacity func(word.Buffer) int64) bool {
	k := u.pieces(most, capacity)
	last, rest := piece(most, k, true), copyKinds*k*tiles
	fits, r := k <= least, u.route(true)
	r.each(func(l *leg[share]) {
		w := l.work(share{last, u.copies(last) + rest})
		for i, b := range l.out {
			fits = fits && w.Space[i] <= capacity(b)
		}
	})
	return fits
}

// updateStream updates the weights whose gradients the product's stream leaves in the output buffer, tile by tile, each in
// pieces.
func (w *lowering) updateStream(u *Update, capacity func(word.Buffer) int64) word.Stream {
	level := w.levels[result]
	loops := append([]word.Loop{}, w.kept[:level]...)
	n := u.pieces(w.s.gradientElements(w.extent(level, 0)), capacity)
	smallest := int64(0)
	for _, v := range variantsOf(w.kept, level, w.need(result), func(c word.Class) word.Work {
		return word.Work{Elements: w.s.gradientElements(w.extent(level, c))}
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
		return w.need(result)(l)
	}
	params := func(c word.Class) int64 {
		total := w.s.gradientElements(w.extent(level, c))
		return piece(total, n, n == 1 || c&word.Last(depth-1) != 0)
	}
	return word.Stream{Loops: loops, Ops: updateOps(u, depth, loops, need, params, level, w.channel)}
}

// piece is the share of one of n parts: all but the last are equal.
func piece(total, n int64, last bool) int64 {
	if n == 1 {
		return total
	}
	if last {
		return total - (n-1)*(total/n)
	}
	return total / n
}
