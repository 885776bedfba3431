package ratio

import (
	"math"
	"testing"
)

func TestOf(t *testing.T) {
	if got := Of(int64(7), 2); got != 3.5 {
		t.Errorf("7 over 2: %g", got)
	}
	if got := Percent(1.5, int64(6)); got != 25 {
		t.Errorf("1.5 in 6: %g %%", got)
	}
	for _, a := range []float64{0, 1, -1} {
		if got := Of(a, int64(0)); !math.IsNaN(got) {
			t.Errorf("%g over nothing: %g", a, got)
		}
	}
}
