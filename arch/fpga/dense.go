package fpga

import (
	"satsim/arch/spec"
	"satsim/arch/word"
)

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

// DenseOnly lists the dense-only arrays that fit into what an accelerator takes, in every resource, at the low or at the high end of both
// estimates: for every number of columns the most rows, as long as neither side is more than four times the other.
func DenseOnly(s *spec.Spec, high bool) []Size {
	b := budget{spec: s, high: high}
	whole, fixed := Total(Estimate(s)), besides(s)
	for r := range b.free {
		b.free[r] = whole[r].At(high) - fixed[r].At(high)
	}
	b.fixed = fixed
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

// besides is what a dense-only accelerator takes beside its array, whatever the array's size.
func besides(s *spec.Spec) (u ResourceUse) {
	d := Size{Rows: 1, Cols: 1}.Spec(*s)
	for _, p := range Estimate(&d) {
		if p.Unit != word.STCE.String() {
			u = u.Plus(p.Use)
		}
	}
	return u
}

// budget is what an array may take.
type budget struct {
	spec  *spec.Spec
	high  bool
	free  [Resources]int64
	fixed ResourceUse
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
	p := z.Spec(*b.spec).STCE
	pes := int64(rows) * int64(cols)
	body := Total(element(p, b.spec.FPGA.GroupStorage)).Times(pes).Plus(edges(p))
	d := [2]int64{mul16.dsp.At(b.high), add32.dsp.At(b.high)} // DSPs of a multiplier, of an adder
	for muls := int64(0); muls <= pes; muls++ {
		missing := (pes-muls)*d[0] + pes*d[1] - b.free[DSP]
		adds := max(ceil(missing, d[1]), 0)
		if adds > pes {
			continue
		}
		u := body.Plus(mul16.at(p.MulLatency).Times(pes - muls)).Plus(mul16Logic.at(p.MulLatency).Times(muls))
		u = u.Plus(add32.at(p.AddLatency).Times(pes - adds)).Plus(add32Logic.at(p.AddLatency).Times(adds))
		if b.within(u) {
			z.LogicMultipliers, z.LogicAdders, z.Use = muls, adds, u.Plus(b.fixed)
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
		if u[r].At(b.high) > b.free[r] {
			return false
		}
	}
	return true
}
