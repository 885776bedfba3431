package fpga

import (
	"satsim/arch/spec"
	"satsim/arch/word"
)

// End of all estimates together.
type End uint8

// The ends, and halfway between them.
const (
	LowEnd End = iota
	Middle
	HighEnd
)

// Ends lists them.
func Ends() []End { return []End{LowEnd, Middle, HighEnd} }

// String is the end's name in tables and records.
func (e End) String() string { return [...]string{"low", "middle", "high"}[e] }

// twice is two times the range's value at an end, so that the middle is a whole number and sums keep it.
func (e End) twice(r Range) int64 { return [...]int64{2 * r.Low, r.Low + r.High, 2 * r.High}[e] }

// Size is a dense-only array that fits a budget.
type Size struct {
	Rows, Cols int
	// Of its operators, those that are built of logic instead of DSPs.
	LogicAdders, LogicMultipliers int64
	Use                           ResourceUse // of the whole accelerator
}

// Spec is the accelerator with a dense-only array of that size: no groups, selectors and indices, and no SORE. All else is the same.
func (z Size) Spec(s spec.Spec) spec.Spec {
	s.STCE.Rows, s.STCE.Cols = z.Rows, z.Cols
	s.STCE.MaxN, s.STCE.MaxM, s.STCE.LinkWidth = 1, 1, 1
	s.SORE.Lanes = 0
	return s
}

// DenseOnly lists dense-only arrays that take no more of the board than an accelerator, at an end of both estimates: for every number of
// columns the most rows, as long as neither side is more than four times the other.
//
// How much an accelerator takes is the share of the resource that it leaves least of, with its operators built of DSPs or of logic as
// leaves most; a dense-only one may take that share of every resource, its operators built as suits it. An accelerator that takes more
// than there is of a resource, or one of which the board's file does not say what there is, allows what it takes itself, and all that there is.
func DenseOnly(s *spec.Spec, e End) []Size {
	b := newBudget(s, e)
	var out []Size
	const sides = 4
	for cols := 1; ; cols++ {
		z, ok := b.rows(cols)
		if !ok || cols > sides*z.Rows {
			return out
		}
		if z.Rows <= sides*cols {
			out = append(out, z)
		}
	}
}

// Fitted is a dense-only array of a size by the same rule, or false if it takes more.
func Fitted(s *spec.Spec, e End, rows, cols int) (Size, bool) { return newBudget(s, e).fit(rows, cols) }

// budget is what a dense-only accelerator may take.
type budget struct {
	spec    *spec.Spec
	end     End
	fixed   ResourceUse      // beside its array, whatever the array's size
	have    [Resources]int64 // of the board, twice
	allowed [Resources]int64 // twice
}

func newBudget(s *spec.Spec, e End) *budget {
	d := Size{Rows: 1, Cols: 1}.Spec(*s)
	b := &budget{spec: s, end: e, fixed: besides(&d), have: available(s.Board.Device)}
	whole := Total(Estimate(s))
	for r := range b.have {
		if b.have[r] *= 2; b.have[r] == 0 {
			b.have[r] = max(e.twice(whole[r]), 1)
		}
	}
	least := b.least(s)
	taken, of := b.scarcest(least)
	for r := range b.allowed {
		if taken > of {
			b.allowed[r] = max(b.have[r], e.twice(least[r]))
		} else {
			b.allowed[r] = b.have[r] * taken / of
		}
	}
	return b
}

// besides is what an accelerator takes beside its array.
func besides(s *spec.Spec) (u ResourceUse) {
	for _, p := range Estimate(s) {
		if p.Unit != word.STCE.String() {
			u = u.Plus(p.Use)
		}
	}
	return u
}

// mix is what an accelerator takes with so many multipliers and adders built of logic: its other parts, and these.
func mix(rest ResourceUse, s *spec.Spec, muls, adds int64) ResourceUse {
	p := &s.STCE
	pes := int64(p.Rows) * int64(p.Cols)
	u := rest.Plus(multiplier(*p).at(p.MulLatency).Times(pes - muls)).Plus(logicMultiplier(*p).at(p.MulLatency).Times(muls))
	return u.Plus(add32.at(p.AddLatency).Times(pes - adds)).Plus(addsInElement.of(p.AddLatency).at(p.AddLatency).Times(adds))
}

// body is what an accelerator takes without its multipliers and adders.
func body(s *spec.Spec, besides ResourceUse) ResourceUse {
	pes := int64(s.STCE.Rows) * int64(s.STCE.Cols)
	return Total(frame(s.STCE, s.FPGA.GroupStorage)).Times(pes).Plus(Total(edges(s.STCE))).Plus(besides)
}

// scarcest is the largest share that something takes of a resource.
func (b *budget) scarcest(u ResourceUse) (taken, of int64) {
	of = 1
	for r := range u {
		if n := b.end.twice(u[r]); n*of > taken*b.have[r] {
			taken, of = n, b.have[r]
		}
	}
	return taken, of
}

// least is what an accelerator takes in the mix of operators that leaves most of its scarcest resource. More adders of logic take fewer
// DSPs and more of all else, so for a number of multipliers of logic the least is where the two meet.
func (b *budget) least(s *spec.Spec) (best ResourceUse) {
	rest := body(s, besides(s))
	pes := int64(s.STCE.Rows) * int64(s.STCE.Cols)
	taken, of := int64(0), int64(0)
	for muls := int64(0); muls <= pes; muls++ {
		spent := func(adds int64) bool { // DSPs are not the scarcest any more
			u := mix(rest, s, muls, adds)
			n, m := b.scarcest(u)
			return b.end.twice(u[DSP])*m < n*b.have[DSP]
		}
		low, over := int64(-1), pes+1 // not spent, and spent
		for over-low > 1 {
			if mid := (low + over) / 2; spent(mid) {
				over = mid
			} else {
				low = mid
			}
		}
		for _, adds := range []int64{max(low, 0), min(over, pes)} {
			u := mix(rest, s, muls, adds)
			if n, m := b.scarcest(u); of == 0 || n*of < taken*m {
				best, taken, of = u, n, m
			}
		}
		if over == 0 {
			break // with all adders of DSPs: more logic would only take more
		}
	}
	return best
}

// rows finds the most rows that fit beside so many columns.
func (b *budget) rows(cols int) (best Size, ok bool) {
	low, over := 0, 1
	for {
		z, fits := b.fit(over, cols)
		if !fits {
			break
		}
		best, low, over = z, over, 2*over
	}
	for over-low > 1 {
		mid := (low + over) / 2
		if z, fits := b.fit(mid, cols); fits {
			best, low = z, mid
		} else {
			over = mid
		}
	}
	return best, low > 0
}

// fit builds as many operators of logic as the DSPs ask for, in whichever mix fits everything else.
func (b *budget) fit(rows, cols int) (Size, bool) {
	z := Size{Rows: rows, Cols: cols}
	d := z.Spec(*b.spec)
	rest := body(&d, b.fixed)
	pes := int64(rows) * int64(cols)
	mul, add := b.end.twice(multiplier(d.STCE).dsp), b.end.twice(add32.dsp)
	for muls := int64(0); muls <= pes; muls++ {
		missing := b.end.twice(rest[DSP]) + (pes-muls)*mul + pes*add - b.allowed[DSP]
		adds := max(ceil(missing, add), 0)
		if adds > pes {
			continue
		}
		if u := mix(rest, &d, muls, adds); b.within(u) {
			z.LogicMultipliers, z.LogicAdders, z.Use = muls, adds, u
			return z, true
		}
		if adds == 0 {
			break // more logic would only take more
		}
	}
	return z, false
}

func (b *budget) within(u ResourceUse) bool {
	for r := range u {
		if b.end.twice(u[r]) > b.allowed[r] {
			return false
		}
	}
	return true
}
