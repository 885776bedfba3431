package route

import (
	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/internal/nm"
	"satsim/workloads"
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
	// Kept: the weight has masters and state where FF's mask keeps it alone; Parameters are those.
	KeptAlone bool
	// Pulled: the update reads the late mask of each weight. Finds: a new one is found beside it.
	Pulled, Finds bool
	// Search is how masks are found: transposable ones, which FF and BP share with the copy, are searched by the vector unit, which takes Looks for each parameter.
	Search     nm.Search
	Looks      nm.Looks
	Parameters int64
	Copies     Copies
}

// Config is what the WUVE is told.
func (u *Update) Config() word.UpdateConfig {
	return word.UpdateConfig{
		Optimiser: word.Optimiser(u.Rule.Optimiser), Unscale: u.Rule.Unscale, WeightDecay: u.Rule.WeightDecay, SRSTE: u.Rule.SRSTE,
		Deferred: u.Rule.Deferred,
	}
}

// Sorted is how many times SORE sorts each updated weight: once a pruned copy, or where there is none for the mask that the next update reads.
func (u *Update) Sorted() int64 {
	switch {
	case u.Rule.MasksFixed || u.Search != nm.TopN || u.Finds:
		return 0
	case !u.Pregenerate:
		return u.masksWritten()
	}
	return u.CopiesSparse()
}

// Ratio is the N:M at which SORE sorts; both copies of a layer have the same M, the larger N decides the sorters' drain.
func (u *Update) Ratio() nm.Ratio {
	if u.FF.IsDense() || u.Pregenerate && !u.BP.IsDense() && u.BP.N > u.FF.N {
		return u.BP
	}
	return u.FF
}

// reads of the WUVE for n parameters: master weights, state, masks.
func (u *Update) reads(n int64) int64 {
	k := int64(0)
	switch {
	case u.KeptAlone:
		k = u.PlacesRead()
	case u.Rule.MasksFixed && u.Pregenerate: // SORE never runs: the masks of the copies, FF's among them, are read, and select
		k = u.CopiesSparse()
	case u.Rule.SRSTE, u.Pulled:
		k = 1
	}
	return u.Kept(n) + nm.Bit.Bytes(k*n)
}

// Places is the bits of masks of a kept parameter: its place in its group, and whether BP's copy has it, too.
func (u *Update) Places() int64 { return int64(u.FF.IndexBits()) + u.CopiesSparse() - 1 }

// PlacesRead is the bits of masks that are read of a kept parameter: its own, and its place once more, which the array is told as it begins the tile. Sums that are resumed have theirs beside them in the output buffer (assumption), so
// no place is read oftener; that this comes with the tile's state, beside the array and not before it, is the schedule's.
func (u *Update) PlacesRead() int64 { return u.Places() + int64(u.FF.IndexBits()) }

// masksWritten is how many masks SORE, or of late ones the vector unit, leaves beside the copies, a bit a parameter: those of all copies where a later step keeps them, or FF's, for
// the decay of the next update or the search of an order.
func (u *Update) masksWritten() int64 {
	switch {
	case u.Rule.MasksFixed:
		return 0
	case u.Rule.MasksKept && u.Pregenerate:
		return u.CopiesSparse()
	case u.Rule.SRSTE, u.Rule.Orders, u.Finds:
		return 1
	}
	return 0
}

// Masks are their bytes, of n parameters.
func (u *Update) Masks(n int64) int64 { return nm.Bit.Bytes(n * u.masksWritten()) }

// CopiesSparse is how many copies are pruned, and so how many masks there are: one of transposable masks.
func (u *Update) CopiesSparse() int64 {
	c := recipe.Copies{FF: u.FF, BP: u.BP, Search: u.Search}
	return c.Pruned()
}

// Searches reports whether the vector unit searches masks after the update.
func (u *Update) Searches() bool { return u.Search != nm.TopN && !u.Rule.MasksFixed || u.extra() }

// extra reports whether there is other work beside the update.
func (u *Update) extra() bool { return u.Matrix && u.Rule.Extra != (recipe.Work{}) }

// What a search of masks does, as work that the vector unit has programs for. A place that is taken, or whose row or column is full, becomes zero as a gradient
// behind a clip does: one select. The largest and its place are found as in a pool: one compare.
const (
	Selecting = workloads.ActivateGrad
	Adding    = workloads.Add
	Comparing = workloads.Pool
)

// searching is its work on n parameters, kind after kind.
func (u *Update) searching(n int64) (out []word.Part) {
	for _, p := range []word.Part{
		{Kind: word.PassKind(Selecting), Elements: u.Looks.Selects}, {Kind: word.PassKind(Adding), Elements: u.Looks.Adds}, {Kind: word.PassKind(Comparing), Elements: u.Looks.Compares},
	} {
		if p.Elements > 0 {
			out = append(out, word.Part{Kind: p.Kind, Elements: p.Elements * n})
		}
	}
	if u.extra() {
		u.Rule.Extra.Parts(n, func(kind workloads.PassKind, k int64) {
			out = append(out, word.Part{Kind: word.PassKind(kind), Elements: k})
		})
	}
	return out
}

// writes of the WUVE for n parameters: master weights and state.
func (u *Update) writes(n int64) int64 { return u.Kept(n) }

// Kept is the bytes of master weights and state of n parameters.
func (u *Update) Kept(n int64) int64 { return nm.FP32.Bytes(n) + n*u.Rule.StateBytes }

// Stored is the bytes that the update leaves in memory: master weights, state, copies, and masks of its own or of a step before.
func (u *Update) Stored() int64 {
	n := u.Parameters
	masks := u.reads(n) - u.Kept(n)
	if u.KeptAlone {
		masks = nm.Bit.Bytes(n * u.Places())
	}
	return u.Kept(n) + u.Copies.Bytes() + max(masks, u.Masks(n))
}

// CopiesOf n parameters is the bytes of FP16 copies that they leave.
func (u *Update) CopiesOf(n int64) int64 { return u.Copies.share(n, u.Parameters) }

// Pieces is how many parts an update of n parameters has, so that two parts fit each update buffer, gradients among them wherever they are.
func (u *Update) Pieces(n int64, capacity func(word.Buffer) int64) int64 {
	c := Cuts{update: u, loaded: u.Legs(false)}
	return c.Pieces(n, capacity)
}

// Cuts are the ways in which an update is cut into pieces: what is asked of them makes no legs anew.
type Cuts struct {
	update *Update
	OnChip UpdateLegs // of gradients in the output buffer
	loaded UpdateLegs // of those that come from memory
}

// Cuts of the update.
func (u *Update) Cuts() Cuts { return Cuts{u, u.Legs(true), u.Legs(false)} }

// Pieces is Update.Pieces.
func (c *Cuts) Pieces(n int64, capacity func(word.Buffer) int64) int64 {
	k, u, r := int64(1), c.update, &c.loaded
	r.Each(func(l *Leg[Share]) {
		w := l.Work(Share{n, u.CopiesOf(n)})
		for i, b := range l.Out {
			if half := capacity(b) / 2; w.Space[i] > half*k {
				k = (w.Space[i] + half - 1) / half
			}
		}
	})
	fits := func(k int64) bool { // the last part, which takes what rounding left
		x, ok := Piece(n, k, true), true
		r.Each(func(l *Leg[Share]) {
			w := l.Work(Share{x, u.CopiesOf(x)})
			for i, b := range l.Out {
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

// Fits reports whether so many tiles, of so many parameters at most and at least, can be cut into pieces that fit. A tile's last piece has
// what division left, the last of all the bytes that rounding left of the copies: less than one a piece and copy.
func (c *Cuts) Fits(most, least, tiles int64, capacity func(word.Buffer) int64) bool {
	k, u := c.Pieces(most, capacity), c.update
	last, rest := Piece(most, k, true), copyKinds*k*tiles
	fits := k <= least
	c.OnChip.Each(func(l *Leg[Share]) {
		w := l.Work(Share{last, u.CopiesOf(last) + rest})
		for i, b := range l.Out {
			fits = fits && w.Space[i] <= capacity(b)
		}
	})
	return fits
}

// Piece is the share of one of n parts: all but the last are equal.
func Piece(total, n int64, last bool) int64 {
	if n == 1 {
		return total
	}
	if last {
		return total - (n-1)*(total/n)
	}
	return total / n
}

// Share is some parameters of an update, and the bytes that they leave of its weight's copies.
type Share struct{ N, Copies int64 }

// UpdateLegs are the way of the parameters of an update, a share at a time.
type UpdateLegs struct {
	State  []Leg[Share] // master weights and optimiser state
	Copies []Leg[Share] // what products read: the last share of all takes what rounding left
}

// Each visits all of them.
func (r *UpdateLegs) Each(visit func(*Leg[Share])) {
	for _, legs := range [][]Leg[Share]{r.State, r.Copies} {
		for i := range legs {
			visit(&legs[i])
		}
	}
}

// Legs of an update whose gradients are in the output buffer (onChip), or come from memory with the state.
func (u *Update) Legs(onChip bool) UpdateLegs {
	in, gradient := to(word.State), nm.FP32.Bytes
	if onChip {
		in, gradient = to(word.Output, word.State), func(int64) int64 { return 0 }
	}
	r := UpdateLegs{State: []Leg[Share]{
		{Lane: word.ReadState, Out: to(word.State), operand: "state", Work: func(x Share) word.Work {
			bytes := u.reads(x.N) + gradient(x.N)
			return fetched(geometry.Contiguous(bytes))
		}},
		{Lane: word.Update, In: in, Out: to(word.StateOut, word.Updated), Work: func(x Share) word.Work {
			return word.Work{Elements: x.N, Space: [2]int64{u.writes(x.N), nm.FP16.Bytes(x.N)}}
		}},
		{Lane: word.WriteState, In: to(word.StateOut), operand: "state", Work: func(x Share) word.Work { return stores(u.writes(x.N), u.writes(x.N)) }},
	}}
	from := word.Updated
	if k := u.Sorted(); k > 0 {
		from = word.Copies
		r.Copies = append(r.Copies, Leg[Share]{Lane: word.Prune, In: to(word.Updated), Out: to(word.Copies), Work: func(x Share) word.Work {
			return word.Work{Repeat: 1, Channels: k * x.N, Space: [2]int64{x.Copies + u.Masks(x.N)}}
		}})
	}
	if u.Searches() { // by the output path's lane: no product of the group leaves by it
		from = word.Copies
		r.Copies = append(r.Copies, Leg[Share]{Lane: word.VectorOut, In: to(word.Updated), Out: to(word.Copies), Work: func(x Share) word.Work {
			return word.Work{Elements: x.N, Parts: u.searching(x.N), Space: [2]int64{x.Copies + u.Masks(x.N)}}
		}})
	}
	r.Copies = append(r.Copies, Leg[Share]{Lane: word.WriteCopy, In: to(from), operand: "W", Work: func(x Share) word.Work {
		bytes := x.Copies + u.Masks(x.N)
		return stores(bytes, bytes)
	}})
	return r
}
