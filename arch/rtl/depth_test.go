package rtl

import (
	"os"
	"regexp"
	"strconv"
	"testing"

	"satsim/arch/rtl/synthesis"
	"satsim/arch/stce"
)

// Elements of the table hold 0.8 of 200 MHz at the latencies of the default and more, by how many kept weights they hold: those within stce.HeldWeights do, those beyond do not.
func TestDepthsThatHoldTheClock(t *testing.T) {
	text, err := os.ReadFile("synthesis/testdata/grid.csv")
	if err != nil {
		t.Fatal(err)
	}
	all, err := synthesis.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	d := stce.Default()
	within, beyond := map[int]bool{}, 0
	for i := range all {
		r := &all[i]
		if r.Module != "stce_uspe" {
			continue
		}
		of := func(name string) int {
			m := regexp.MustCompile(`\b` + name + `=(\d+)`).FindStringSubmatch(r.Parameters)
			if m == nil {
				t.Fatalf("%s has no %s", r.Parameters, name)
			}
			n, err := strconv.Atoi(m[1])
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if of("MUL_LATENCY") < d.MulLatency || of("ADD_LATENCY") < d.AddLatency {
			continue
		}
		p := stce.Params{MaxN: of("MAX_N"), MaxInterleave: of("MAX_I")}
		if holds := p.HoldsClock() == nil; holds != (r.Longest() <= 4000) {
			t.Errorf("%s: %d ps, and its depth is said to hold the clock: %v", r.Parameters, r.Longest(), holds)
		}
		if p.HoldsClock() == nil {
			within[p.MaxInterleave] = true
		} else {
			beyond++
		}
	}
	if len(within) < 4 || beyond == 0 {
		t.Errorf("depths %v hold the clock, %d elements do not", within, beyond)
	}
}
