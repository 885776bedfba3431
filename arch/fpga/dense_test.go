package fpga

import (
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/spec"
	"satsim/arch/word"
)

// dense gives what a dense-only accelerator of rows x cols takes with so many operators of logic, added up from the parts of an Estimate.
func dense(s spec.Spec, rows, cols int) func(muls, adds int64) ResourceUse {
	d := Size{Rows: rows, Cols: cols}.Spec(s)
	pes := int64(rows) * int64(cols)
	var rest ResourceUse
	for _, p := range Estimate(&d) {
		if p.Name != mul16.name && p.Name != add32.name {
			rest = rest.Plus(p.Use)
		}
	}
	return func(muls, adds int64) ResourceUse {
		u := rest.Plus(mul16.at(d.STCE.MulLatency).Times(pes - muls)).Plus(mul16Logic.at(d.STCE.MulLatency).Times(muls))
		return u.Plus(add32.at(d.STCE.AddLatency).Times(pes - adds)).Plus(add32Logic.at(d.STCE.AddLatency).Times(adds))
	}
}

// Every mix of operators for every number of rows, on small arrays: what DenseOnly names fits, and no row more does in any mix.
func TestDenseOnlyIsTheBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		s.STCE.Rows, s.STCE.Cols = rapid.IntRange(1, 4).Draw(t, "R"), rapid.IntRange(1, 4).Draw(t, "C")
		high := rapid.Bool().Draw(t, "high")
		whole := Total(Estimate(&s))
		within := func(u ResourceUse) bool {
			for r := range u {
				if u[r].At(high) > whole[r].At(high) {
					return false
				}
			}
			return true
		}
		possible := func(rows, cols int) bool {
			pes, takes := int64(rows)*int64(cols), dense(s, rows, cols)
			for muls := int64(0); muls <= pes; muls++ {
				for adds := int64(0); adds <= pes; adds++ {
					if within(takes(muls, adds)) {
						return true
					}
				}
			}
			return false
		}
		for _, z := range DenseOnly(&s, high) {
			if got := dense(s, z.Rows, z.Cols)(z.LogicMultipliers, z.LogicAdders); got != z.Use || !within(got) {
				t.Fatalf("%dx%d takes %v by its parts, %v as said, of %v", z.Rows, z.Cols, got, z.Use, whole)
			}
			if z.Rows*z.Cols <= 20 && possible(z.Rows+1, z.Cols) {
				t.Fatalf("%dx%d is said to be the most rows, but one more fits", z.Rows, z.Cols)
			}
		}
	})
}

// Without selectors, indices and SORE at least as many elements fit, at both ends.
func TestDenseOnlyIsNotSmaller(t *testing.T) {
	s := design()
	for _, high := range []bool{false, true} {
		most := 0
		for _, z := range DenseOnly(&s, high) {
			most = max(most, z.Rows*z.Cols)
			d := z.Spec(s)
			if err := d.Validate(); err != nil {
				t.Fatal(err)
			}
			if d.Units()[word.SORE] != nil {
				t.Fatal("a dense-only accelerator has sorters")
			}
			if d.Buffers != s.Buffers || d.Vector != s.Vector || d.Clock != s.Clock || d.STCE.MaxInterleave != s.STCE.MaxInterleave {
				t.Fatal("more than the array changed")
			}
		}
		if most < s.STCE.Rows*s.STCE.Cols {
			t.Errorf("%d elements, fewer than the %d with selectors", most, s.STCE.Rows*s.STCE.Cols)
		}
	}
}
