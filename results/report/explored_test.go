package report_test

import (
	"testing"

	"satsim/results/explore"
	"satsim/results/report"
)

// What is said of a certificate that was checked is no more than what it says itself.
func TestHoldsWithinItsGap(t *testing.T) {
	for want, c := range map[string]*explore.Certificate{
		"holds":                        {},
		"holds within a gap of 1.50 %": {Gap: 0.015},
		"holds within a gap of 134.71 %, 3,894 open": {Gap: 1.3471, Counts: explore.Counts{Open: 3894}},
	} {
		if got := report.Holds(c); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
