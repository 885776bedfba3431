package explore

import (
	"errors"
	"testing"

	"satsim/results/store"
	"satsim/results/sweep"
)

// BenchmarkClosedForm bounds designs of the shipped space, for one network: what a design takes that is ruled out at once; and that with conditions of two
// parameters, and of all, which no two designs share.
func BenchmarkClosedForm(b *testing.B) {
	for name, where := range map[string][]string{
		"all":    nil,
		"two":    {"stce.rows * stce.cols <= 4096"},
		"unlike": {"stce.rows * stce.cols * stce.max_n * stce.link_width * stce.max_interleave * vector.lanes * wuve.lanes > 0", `stce.add_in != "x"`},
	} {
		b.Run(name, func(b *testing.B) {
			f, err := sweep.Open("fit")
			if err != nil {
				b.Fatal(err)
			}
			f.Where = where
			s, err := NewSpace(f, nil, nil)
			if err != nil {
				b.Fatal(err)
			}
			x := &search{space: s, tiers: NewTiers(nil, store.Origin{}), options: Options{Objectives: []Objective{Time}, Fit: FitCertain, Corner: High}}
			v := s.view()
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				if _, err := x.closed(v, i%s.Size); err != nil && !errors.Is(err, errTooLarge) && !errors.Is(err, ErrLeftOut) {
					b.Fatal(err)
				}
				i += 7919
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "designs/s")
		})
	}
}
