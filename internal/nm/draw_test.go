package nm

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The first numbers of SplitMix64 from the state 1234567, as its reference implementation prints them.
func TestRandomIsSplitMix64(t *testing.T) {
	for i, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821} {
		if got := Random(1234567, uint64(i)); got != want {
			t.Errorf("number %d is %d; want %d", i, got, want)
		}
	}
}

// closed are the probabilities of the minimum-variance unbiased estimate, by trying how many of the largest stay for sure: of magnitude a, min(1, a/t).
func closed(group []float32, n int) (p []float64) {
	for c := 0; c <= n; c++ {
		sum, sure := 0., 0
		p = make([]float64, len(group))
		for i, v := range group {
			larger := 0
			for j, w := range group {
				if a, b := math.Abs(float64(v)), math.Abs(float64(w)); b > a || b == a && j < i {
					larger++
				}
			}
			if larger < c {
				p[i] = 1
				sure++
				continue
			}
			sum += math.Abs(float64(v))
		}
		ok := true
		for i, v := range group {
			if p[i] == 0 && sum > 0 {
				p[i] = math.Abs(float64(v)) * float64(n-sure) / sum
				ok = ok && p[i] <= 1
			}
		}
		if ok {
			return p
		}
	}
	return p
}

// Over all 65,536 numbers that can be drawn: at most N stay, the mean of each element is itself and its variance x^2 (1/p - 1), but for steps of 2^-16 of the probability. What stays
// has its sign.
func TestDrawIsUnbiasedWithTheClosedFormsVariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.IntRange(2, 8).Draw(t, "M")
		r := Ratio{N: rapid.IntRange(1, m-1).Draw(t, "N"), M: m}
		size := rapid.IntRange(1, m).Draw(t, "size")
		group := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float32 { return float32(rapid.IntRange(-2048, 2048).Draw(t, "x")) / 64 }), size, size).Draw(t, "group")
		p := closed(group, min(r.N, size))
		mean, square, most := make([]float64, size), make([]float64, size), 0.
		out := make([]float32, size)
		const all = 1 << 16
		for u := range all {
			r.Draw(out, group, uint16(u))
			stay := 0
			for i, v := range out {
				if v != 0 {
					stay++
				}
				if v*group[i] < 0 {
					t.Fatalf("%v: %g has become %g", group, group[i], v)
				}
				mean[i] += float64(v) / all
				square[i] += float64(v) * float64(v) / all
				most = max(most, math.Abs(float64(v)))
			}
			if stay > r.N {
				t.Fatalf("%v of %v keeps %v", r, group, out)
			}
		}
		for i, v := range group {
			x := float64(v)
			if err := math.Abs(mean[i] - x); err > most*3/all {
				t.Fatalf("%v of %v: element %d has the mean %g", r, group, i, mean[i])
			}
			want := 0.
			if p[i] > 0 {
				want = x * x / p[i]
			}
			if err := math.Abs(square[i] - want); err > most*most*3/all+1e-6*want {
				t.Fatalf("%v of %v: element %d has the mean square %g; by the closed form %g", r, group, i, square[i], want)
			}
		}
	})
}

// No other probabilities that add up to N have a smaller sum of variances.
func TestNoEstimateHasLessVariance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3).Draw(t, "N")
		group := rapid.SliceOfN(rapid.Float32Range(0.01, 10), 4, 4).Draw(t, "group")
		variance := func(p []float64) (sum float64) {
			for i, v := range group {
				sum += float64(v) * float64(v) * (1/p[i] - 1)
			}
			return sum
		}
		best := closed(group, n)
		other, sum := make([]float64, 4), 0.
		for i := range other { // some of best's probability goes from one to another
			other[i] = best[i]
			sum += best[i]
		}
		from, to := rapid.IntRange(0, 3).Draw(t, "from"), rapid.IntRange(0, 3).Draw(t, "to")
		d := rapid.Float64Range(0, 1).Draw(t, "part") * min(other[from]*0.9, 1-other[to])
		other[from] -= d
		other[to] += d
		if math.Abs(sum-float64(n)) > 1e-9 {
			t.Fatalf("probabilities add up to %g", sum)
		}
		if got, least := variance(other), variance(best); got < least*(1-1e-9)-1e-9 {
			t.Fatalf("%v: %v has the variance %g, %v only %g", group, best, least, other, got)
		}
	})
}

// By hand, 2:4 of 8, -4, 2, 2: the sum is 16, so t = 8, and the probabilities are 1, 1/2, 1/4, 1/4. Of 12, -2, 1, 1 the first stays for sure, since 2*12 > 16; of the others, 4 in all,
// one stays as 4. What is not a number has no estimate: the largest stay.
func TestDrawByHand(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, c := range []struct {
		group []float32
		u     uint16
		want  []float32
	}{
		{[]float32{8, -4, 2, 2}, 0, []float32{8, -8, 0, 0}},
		{[]float32{8, -4, 2, 2}, 0x7fff, []float32{8, -8, 0, 0}},
		{[]float32{8, -4, 2, 2}, 0x8000, []float32{8, 0, 8, 0}},
		{[]float32{8, -4, 2, 2}, 0xc000, []float32{8, 0, 0, 8}},
		{[]float32{12, -2, 1, 1}, 0, []float32{12, -4, 0, 0}},
		{[]float32{12, -2, 1, 1}, 0x8000, []float32{12, 0, 4, 0}},
		{[]float32{12, -2, 1, 1}, 0xffff, []float32{12, 0, 0, 4}},
		{[]float32{0, 0, 0, 0}, 9, []float32{0, 0, 0, 0}},
		{[]float32{1, inf, 2, 3}, 9, []float32{0, inf, 0, 3}},
	} {
		out := make([]float32, 4)
		Ratio{2, 4}.Draw(out, c.group, c.u)
		for i := range out {
			if out[i] != c.want[i] {
				t.Errorf("%v with %#x: %v; want %v", c.group, c.u, out, c.want)
				break
			}
		}
	}
}

// Over all numbers the mean of the uniform estimate is the group, and its variance the closed form's, a^2 (M/N - 1) for each element, but for what 2^16 points leave. N stay.
func TestUniformDrawIsUnbiased(t *testing.T) {
	for _, r := range []Ratio{{1, 2}, {2, 4}, {2, 8}, {3, 8}} {
		group := []float32{1, -4, 0.5, 3, -2, 7, 0.25, -1}[:r.M]
		var sum, square [MaxM]float64
		out := make([]float32, r.M)
		for u := range 1 << 16 {
			r.DrawUniform(out, group, uint16(u))
			n := 0
			for i, v := range out {
				sum[i] += float64(v)
				square[i] += float64(v) * float64(v)
				if v != 0 {
					n++
				}
			}
			if n != r.N {
				t.Fatalf("%v: %d stay", r, n)
			}
		}
		for i, v := range group {
			a := float64(v)
			mean := sum[i] / (1 << 16)
			variance, want := square[i]/(1<<16)-mean*mean, a*a*(float64(r.M)/float64(r.N)-1)
			if math.Abs(mean-a) > 1e-3*math.Abs(a) || math.Abs(variance-want) > 1e-3*a*a*float64(r.M) {
				t.Errorf("%v: element %d has mean %g and variance %g; want %g and %g", r, i, mean, variance, a, want)
			}
		}
	}
}
