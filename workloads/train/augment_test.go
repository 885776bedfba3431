package train

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// shown is what an image of a row-major 3 x 4 grid becomes under a view, by hand: -1 is what comes in.
func shown(v view, height, width int) []int {
	var out []int
	for y := range height {
		for x := range width {
			at, within := v.from(y, x, height, width)
			if !within {
				at = -1
			}
			out = append(out, at)
		}
	}
	return out
}

func TestViewsByHand(t *testing.T) {
	for _, c := range []struct {
		v    view
		want []int
	}{
		{view{}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
		{view{flip: true}, []int{3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8}},
		{view{down: 1}, []int{4, 5, 6, 7, 8, 9, 10, 11, -1, -1, -1, -1}},
		{view{left: -2}, []int{-1, -1, 0, 1, -1, -1, 4, 5, -1, -1, 8, 9}},
		{view{flip: true, left: -2}, []int{1, 0, -1, -1, 5, 4, -1, -1, 9, 8, -1, -1}}, // the mirror image of the one above
		{view{down: -1, left: 1}, []int{-1, -1, -1, -1, 1, 2, 3, -1, 5, 6, 7, -1}},
	} {
		if got := shown(c.v, 3, 4); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.v, got, c.want)
		}
	}
}

// TestViewsAreDrawnEvenly holds the shares of 20,000 draws to those of even odds, within five deviations of a binomial.
func TestViewsAreDrawnEvenly(t *testing.T) {
	const n, shift = 20_000, 2
	a := Augment{Flip: true, Shift: shift}
	count := map[string][]int{"flip": make([]int, 2), "down": make([]int, 2*shift+1), "left": make([]int, 2*shift+1), "place": make([]int, (2*shift+1)*(2*shift+1))}
	for i := range n {
		v := a.draw(1, int64(i/1000), i%1000)
		if v != a.draw(1, int64(i/1000), i%1000) {
			t.Fatal("a view is drawn twice in two ways")
		}
		if v.flip {
			count["flip"][1]++
		} else {
			count["flip"][0]++
		}
		count["down"][v.down+shift]++
		count["left"][v.left+shift]++
		count["place"][(v.down+shift)*(2*shift+1)+v.left+shift]++
	}
	for name, c := range count {
		p := 1 / float64(len(c))
		for k, got := range c {
			if d := math.Abs(float64(got) - n*p); d > 5*math.Sqrt(n*p*(1-p)) {
				t.Errorf("%s %d: %d of %d, want about %.0f", name, k, got, n, n*p)
			}
		}
	}
}

func TestAugmentWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Augment{Flip: rapid.Bool().Draw(t, "flip"), Shift: rapid.IntRange(0, maxShift).Draw(t, "shift")}
		words := strings.Fields(a.String())
		if got, err := ParseAugment(words); err != nil || got != a {
			t.Errorf("%v is read as %+v, %v", words, got, err)
		}
	})
	for _, bad := range []string{"", "flip=1", "shift", "shift=0", "shift=15", "shift=two", "crop"} {
		if _, err := ParseAugment([]string{bad}); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

// TestRateByHand: 10 steps an epoch, 4 epochs, one of warm-up: a tenth of the rate more each step, the whole at step 9 and at 10, then the cosine over 30 steps: half of
// the rate in its middle, at step 25.
func TestRateByHand(t *testing.T) {
	o := Options{Epochs: 4, Rate: 0.2, Cosine: true, WarmUp: 1}
	for step, want := range map[int64]float64{0: 0.02, 4: 0.1, 9: 0.2, 10: 0.2, 25: 0.1, 20: 0.15, 30: 0.05} {
		if got := o.rate(step, 10); math.Abs(got-want) > 1e-15 {
			t.Errorf("step %d: %v, want %v", step, got, want)
		}
	}
	o.Cosine = false
	if got := o.rate(25, 10); got != 0.2 {
		t.Errorf("constant: %v", got)
	}
}
