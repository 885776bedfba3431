package nm

import "math"

// drawBits is the width of the random number of a group.
const drawBits = 16

// randomBits is the width of a number of a generator in hardware.
const randomBits = 23

// Draw replaces a group of values by at most N of them whose expected value it is, with the least variance that N allows (minimum-variance unbiased estimate). u has
// drawBits random bits.
//
// An element of magnitude a stays with the probability p = min(1, a/t), as t if p < 1 and as itself else, where t makes the probabilities add up to N. So its
// mean is a, but for what u's steps of 2^-16 leave of p, and its variance a*(t-a): the sum of a^2/p under the bounds p <= 1 and sum p = N has its minimum there. Which
// stay is drawn with one number for the group: the intervals of the magnitudes lie one behind the other, of length n*t in all for the n that p < 1 leaves room for,
// and those stay that hold one of the points (k + (u + 1/2) * 2^-16) * t. Sums are FP64, in the order of the group: exact for FP16 values. An infinity or a NaN would
// have no such t: then the N largest stay, as TopN keeps them.
func (r Ratio) Draw(dst, group []float32, u uint16) {
	var size [MaxM]float64
	for i, v := range group {
		dst[i] = 0
		if size[i] = math.Abs(float64(v)); math.IsInf(size[i], 0) || math.IsNaN(size[i]) {
			r.largest(dst, group)
			return
		}
	}
	n, sum := r.N, 0.
	var sure uint32 // that stay whatever is drawn
	for {
		sum = 0
		most := -1
		for i := range group {
			if sure>>i&1 == 1 {
				continue
			}
			sum += size[i]
			if most < 0 || size[i] > size[most] {
				most = i
			}
		}
		if n == 0 || most < 0 || size[most]*float64(n) <= sum {
			break
		}
		sure |= 1 << most
		dst[most] = group[most]
		n--
	}
	if n == 0 || sum == 0 {
		return
	}
	t := sum / float64(n)
	at := (float64(u) + 0.5) / (1 << drawBits)
	reached, k := 0., 0
	for i, v := range group {
		if sure>>i&1 == 1 {
			continue
		}
		if reached += size[i]; k < n && reached > float64(float64(k)+at)*t {
			k++
			dst[i] = float32(math.Copysign(t, float64(v)))
		}
	}
}

// DrawUniform is the unbiased estimate that does not look at sizes: each of a group's elements stays with the same probability, min(1, N of so many), times one over that. Which do is decided by a number of 16 bits, as in Draw.
func (r Ratio) DrawUniform(dst, group []float32, u uint16) {
	var one, drawn [MaxM]float32
	for i := range group {
		one[i] = 1
	}
	r.Draw(drawn[:len(group)], one[:len(group)], u)
	for i, v := range group {
		if dst[i] = 0; drawn[i] != 0 {
			dst[i] = float32(v * drawn[i])
		}
	}
}

// DrawingUniform is what it does for each element: the next point, and a multiplication, which takes as long as an addition, are additions; that it stays is a select.
func (r Ratio) DrawingUniform() Looks { return Looks{Adds: 2, Selects: 1} }

// largest keeps what TopN keeps.
func (r Ratio) largest(dst, group []float32) {
	for i, x := range group {
		before := 0
		for j, y := range group {
			if a, b := magnitude(x), magnitude(y); b > a || b == a && j < i {
				before++
			}
		}
		if dst[i] = 0; before < r.N {
			dst[i] = x
		}
	}
}

// Random is element i of a sequence of random numbers that a key names: SplitMix64's, which is a function of the place in the sequence alone, so that whoever asks again gets the
// same one.
func Random(key, i uint64) uint64 {
	z := key + (i+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// RandomBits are the upper bits of element i of a sequence, as many as the fraction of FP32 has: of unbiased estimates Draw takes the first 16 of them, of soft masks all are taken.
func RandomBits(key, i uint64) uint32 { return uint32(Random(key, i) >> (64 - randomBits)) }

// Once is what is done once for each group.
type Once struct{ Numbers, Scales, Divides int64 }

// DrawingOnce is what an unbiased estimate does once a group, whether it looks at sizes or not: a number is drawn, and the first point is the threshold times it. The threshold is a sum by how many of N are left, if sizes count: nothing to
// do for N = 1, a change of the exponent for N = 2, which a multiply-add makes, and a quotient beyond.
func (r Ratio) DrawingOnce(uniform bool) Once {
	o := Once{Numbers: 1, Scales: 1}
	switch {
	case uniform || r.N == 1:
	case r.N == 2:
		o.Scales++
	default:
		o.Divides = 1
	}
	return o
}

// Drawing is what an unbiased estimate does for each element, in operations of element-wise hardware: the sum, the running sum, the next point and, of N above 1, the sum without what
// stays for sure are additions; the N-1 that may stay for sure and the point are compares; that an element stays, and as what, are selects.
func (r Ratio) Drawing() Looks {
	l := Looks{Adds: 3, Compares: int64(r.N), Selects: 2}
	if r.N > 1 {
		l.Adds++
	}
	return l
}
