package explore

import (
	"testing"

	"satsim/results/sweep"
)

// BenchmarkClosedForm bounds designs of the shipped space, for one network: what a design takes that is ruled out at once.
func BenchmarkClosedForm(b *testing.B) {
	f, err := sweep.Open("fit")
	if err != nil {
		b.Fatal(err)
	}
	s, err := NewSpace(f, nil)
	if err != nil {
		b.Fatal(err)
	}
	x := &search{space: s, options: Options{Objectives: []Objective{Time}, Fit: FitCertain, Corner: High}}
	v := s.view()
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := x.closed(v, i%s.Size); err != nil && err != errTooLarge {
			b.Fatal(err)
		}
		i += 7919
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "designs/s")
}
