package fpga

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/spec"
	"satsim/arch/word"
)

// takes gives what an accelerator takes with so many operators of logic, added up from the parts of an Estimate.
func takes(s spec.Spec) func(muls, adds int64) ResourceUse {
	pes := int64(s.STCE.Rows) * int64(s.STCE.Cols)
	mul, add, logicMul, logicAdd := multiplier(s.STCE), adder(s.STCE), logicMultiplier(s.STCE), addsInElement.of(s.STCE.AddLatency)
	var rest ResourceUse
	for _, p := range Estimate(&s) {
		if p.Name != mul.name && p.Name != add.name {
			rest = rest.Plus(p.Use)
		}
	}
	return func(muls, adds int64) ResourceUse {
		u := rest.Plus(mul.at(s.STCE.MulLatency).Times(pes - muls)).Plus(logicMul.at(s.STCE.MulLatency).Times(muls))
		return u.Plus(add32.at(s.STCE.AddLatency).Times(pes - adds)).Plus(logicAdd.at(s.STCE.AddLatency).Times(adds))
	}
}

// share is the largest part that something takes of what a board has of a resource, at an end of the estimates.
func share(u ResourceUse, have [Resources]int64, e End) *big.Rat {
	most := new(big.Rat)
	for r := range u {
		at := map[End]*big.Rat{LowEnd: big.NewRat(u[r].Low, 1), Middle: big.NewRat(u[r].Low+u[r].High, 2), HighEnd: big.NewRat(u[r].High, 1)}[e]
		if of := new(big.Rat).Quo(at, big.NewRat(have[r], 1)); of.Cmp(most) > 0 {
			most = of
		}
	}
	return most
}

// Every mix of operators of an accelerator and for every number of rows of dense-only ones, on small arrays: what DenseOnly names takes no
// more of the board's scarcest resource, and one row more takes more in every mix.
func TestDenseOnlyIsTheBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		s.STCE.Rows, s.STCE.Cols = rapid.IntRange(1, 4).Draw(t, "R"), rapid.IntRange(1, 4).Draw(t, "C")
		// Boards of few and of many DSPs, so that each kind of resource is the scarcest of some.
		s.Board.Device = spec.Device{
			Part: "p", LUTs: rapid.Int64Range(500_000, 2_000_000).Draw(t, "LUTs"), LUTMemory: 1_000_000, FlipFlops: 4_000_000,
			DSPs: rapid.Int64Range(3_000, 12_000).Draw(t, "DSPs"), BlockRAMs: 10_000, UltraRAMs: 10_000,
		}
		e := rapid.SampledFrom(Ends()).Draw(t, "end")
		have := available(s.Board.Device)
		least := func(s spec.Spec) (best *big.Rat) {
			pes, of := int64(s.STCE.Rows)*int64(s.STCE.Cols), takes(s)
			for muls := int64(0); muls <= pes; muls++ {
				for adds := int64(0); adds <= pes; adds++ {
					if x := share(of(muls, adds), have, e); best == nil || x.Cmp(best) < 0 {
						best = x
					}
				}
			}
			return best
		}
		own := least(s)
		for _, z := range DenseOnly(&s, e) {
			got := takes(z.Spec(s))(z.LogicMultipliers, z.LogicAdders)
			if got != z.Use || share(got, have, e).Cmp(own) > 0 {
				t.Fatalf("%dx%d takes %v by its parts, %v as said, %v of the scarcest where %v may be", z.Rows, z.Cols, got, z.Use, share(got, have, e), own)
			}
			if z.Rows*z.Cols <= 20 {
				more := z
				more.Rows++
				if x := least(more.Spec(s)); x.Cmp(own) <= 0 {
					t.Fatalf("%dx%d is said to be the most rows, but one more takes %v of %v", z.Rows, z.Cols, x, own)
				}
			}
		}
	})
}

// Without selectors, indices and SORE the same array fits at all ends, and so do at least as many elements; nothing but the array differs.
func TestDenseOnlyIsNotSmaller(t *testing.T) {
	s := design()
	for _, e := range Ends() {
		if _, ok := Fitted(&s, e, s.STCE.Rows, s.STCE.Cols); !ok {
			t.Errorf("%v: the array of the same size does not fit", e)
		}
		most := 0
		for _, z := range DenseOnly(&s, e) {
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
			t.Errorf("%v: %d elements, fewer than the %d with selectors", e, most, s.STCE.Rows*s.STCE.Cols)
		}
	}
}

// A board that does not say what it has: the budget is what the accelerator itself takes of each resource.
func TestDenseOnlyWithoutADevice(t *testing.T) {
	s := design()
	s.Board.Device = spec.Device{}
	whole := Total(Estimate(&s))
	for _, z := range DenseOnly(&s, HighEnd) {
		for r := range z.Use {
			if z.Use[r].High > whole[r].High {
				t.Fatalf("%dx%d takes %d of resource %v, the accelerator %d", z.Rows, z.Cols, z.Use[r].High, Resource(r), whole[r].High)
			}
		}
	}
}
