package report_test

import (
	"bytes"
	"strings"
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

// By hand: of two networks the first design is the faster for a, the second for b, the third for neither. Each has a column of each network and one of LUTs; where the proof is not done
// nobody says whose front a design is on. Programs read columns by names without spaces. Changes are in the order of their mean.
func TestNetworksThatAreJudgedEach(t *testing.T) {
	e := &report.Explored{
		Space:      &explore.Space{Name: "mine", Size: 3, Works: []explore.Work{{Network: "a"}, {Network: "b", Batch: 2}}, Recipes: []explore.Recipe{{Name: "bdwp"}}},
		Objectives: []explore.Objective{explore.Time, "lut"},
		Result: &explore.Result{Counts: explore.Counts{Front: 3}, Front: []explore.Best{
			{Overrides: []string{"stce.rows=8"}, Values: []float64{0.001, 0.020, 500}, Fit: "fits"},
			{Overrides: []string{"stce.rows=9"}, Values: []float64{0.003, 0.010, 500}, Fit: "fits"},
			{Overrides: []string{"stce.rows=7"}, Values: []float64{0.002, 0.015, 500}, Fit: "fits"},
		}},
		Next: []explore.Neighbour{
			{Change: "slower", Best: explore.Best{Values: []float64{0.0005, 0.040, 500}}},
			{Change: "faster", Best: explore.Best{Values: []float64{0.002, 0.001, 500}}},
		},
		Certificate: &explore.Certificate{Each: true},
	}
	for _, c := range []struct {
		open        int
		want, never []string
		csv         string
	}{
		{0, []string{
			"│ stce.rows │  a ms │ b at batch 2 ms │ lut │ fit  │ front of     │", "│ 8         │ 1.000 │          20.000 │ 500 │ fits │ a            │",
			"│ 9         │ 3.000 │          10.000 │ 500 │ fits │ b at batch 2 │", "│ 7         │ 2.000 │          15.000 │ 500 │ fits │              │",
			"│ change │ a time % │ b at batch 2 time % │ lut % │ fit │\n", "│ faster │   100.00 │              -95.00 │  0.00 │     │\n│ slower │   -50.00 │              100.00 │  0.00 │     │",
		}, nil, "stce.rows,a.time_s,b.batch2.time_s,lut,fit,front_of\n8,0.001,0.02,500,fits,a\n9,0.003,0.01,500,fits,b.batch2\n7,0.002,0.015,500,fits,\n"},
		{1, []string{"│ 8         │ 1.000 │          20.000 │ 500 │ fits │\n"}, []string{"front of │"}, "stce.rows,a.time_s,b.batch2.time_s,lut,fit\n8,0.001,0.02,500,fits\n9,0.003,0.01,500,fits\n7,0.002,0.015,500,fits\n"},
	} {
		e.Result.Counts.Open = c.open
		var b, csv bytes.Buffer
		if err := e.Table().CSV(&csv); err != nil || csv.String() != c.csv {
			t.Errorf("%d open: programs read %v\n%s", c.open, err, csv.String())
		}
		if err := e.Text(&b); err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%d open: it has no %q:\n%s", c.open, want, b.String())
			}
		}
		for _, never := range c.never {
			if strings.Contains(b.String(), never) {
				t.Errorf("%d open: it has %q:\n%s", c.open, never, b.String())
			}
		}
	}
}
