package nm

import (
	"math"
	"math/bits"
)

// Search is how the mask of a weight is found.
type Search uint8

// The searches. Greedy and Exact give transposable masks: at most N of M stay along both axes, inside blocks of M x M, so that one mask serves a product and its
// transposed one.
const (
	TopN   Search = iota // the N largest of each group, along one axis
	Greedy               // a block's elements from the largest down, each that its row and its column still have room for: at least half of the optimum
	Exact                // the block's best mask with N in every row and column
	Soft                 // the N largest of each group along one axis, made smaller by the largest of the others: continuous in the weights
)

// MaxExact is the largest M of an exact search, which tries every mask of a block.
const MaxExact = 4

// Looks is what a search does, an element of the weight, in operations of element-wise hardware that looks at a block's places one after the other. The work does
// not depend on the data: a greedy search takes N*M times what is largest of the places that are left, an exact one adds up what each of a block's masks keeps.
type Looks struct {
	Selects  int64 // a place is made zero if it is taken, or its row or column is full
	Adds     int64 // a kept element is added to a mask's sum
	Compares int64 // with the largest so far, whose place is kept
}

// Looks of a search at the ratio. Where Compares of an exact search are no whole number, they are rounded up.
func (r Ratio) Looks(s Search) Looks {
	n, m := int64(r.N), int64(r.M)
	switch s {
	case Greedy:
		return Looks{Selects: n * m, Compares: n * m}
	case Exact:
		masks := int64(len(regular(r)))
		return Looks{Adds: masks * n / m, Compares: (masks + m*m - 1) / (m * m)}
	case Soft: // the N+1 largest, a subtraction, a multiplication, which takes as long, and a select
		return Looks{Selects: 1, Adds: 2, Compares: n + 1}
	case TopN: // is the sorters' work
	}
	return Looks{}
}

// Masking is what it takes, an element, to find the places of the N largest of a group anew and to make a value that belongs to another place zero.
func (r Ratio) Masking() Looks {
	if r.IsDense() {
		return Looks{}
	}
	return Looks{Selects: 1, Compares: int64(r.N)}
}

// MaskBlocks searches a transposable mask of w[taps*channels x cols]: blocks of M consecutive channels of one tap by M consecutive columns. The blocks at the
// ends may be smaller, and keep at most N in each row and column all the same. Ties go to the element that comes first in the block, row by row, or to the
// first mask, by its rows. NaN is larger than infinity, and infinity than any sum of numbers.
func (r Ratio) MaskBlocks(w []float32, taps, channels, cols int, s Search) Mask {
	out := make(Mask, taps*channels*cols)
	size, masks := make([]float64, r.M*r.M), [][MaxM]uint32(nil)
	if s == Exact {
		masks = regular(r)
	}
	for tap := range taps {
		for c := 0; c < channels; c += r.M {
			for f := 0; f < cols; f += r.M {
				h, v := min(r.M, channels-c), min(r.M, cols-f)
				at := func(i, j int) int { return (tap*channels+c+i)*cols + f + j }
				clear(size)
				for i := range h {
					for j := range v {
						size[i*r.M+j] = magnitude(w[at(i, j)])
					}
				}
				var rows [MaxM]uint32
				if s == Exact {
					rows = r.best(size, masks)
				} else {
					rows = r.greedy(size, h, v)
				}
				for i := range h {
					for j := range v {
						out[at(i, j)] = rows[i]>>j&1 == 1
					}
				}
			}
		}
	}
	return out
}

// magnitude orders as Magnitude does, and is the size itself of numbers.
func magnitude(x float32) float64 {
	switch v := math.Abs(float64(x)); {
	case v != v:
		return 1e300
	case math.IsInf(v, 0):
		return 1e200
	default:
		return v
	}
}

// greedy takes what is largest of the places whose row and column have room, until there is none. Rows of the mask are bit sets.
func (r Ratio) greedy(size []float64, h, v int) (rows [MaxM]uint32) {
	var down [MaxM]int // kept in each column
	for {
		best := -1
		for i := range h {
			if bits.OnesCount32(rows[i]) == r.N {
				continue
			}
			for j := range v {
				if at := i*r.M + j; rows[i]>>j&1 == 0 && down[j] < r.N && (best < 0 || size[at] > size[best]) {
					best = at
				}
			}
		}
		if best < 0 {
			return rows
		}
		rows[best/r.M] |= 1 << (best % r.M)
		down[best%r.M]++
	}
}

// best is the first of some masks that keeps most. Of a block that is smaller than M x M what is missing is zero, so that a mask has at most N in what is there.
func (r Ratio) best(size []float64, masks [][MaxM]uint32) (best [MaxM]uint32) {
	most := -1.
	for _, rows := range masks {
		sum := 0.
		for i := range r.M {
			for j := range r.M {
				if rows[i]>>j&1 == 1 {
					sum += size[i*r.M+j]
				}
			}
		}
		if sum > most {
			most, best = sum, rows
		}
	}
	return best
}

// regular are the masks of M x M, no more than MaxExact, with N in every row and column: 90 of 2:4.
func regular(r Ratio) (out [][MaxM]uint32) {
	if r.M > MaxExact {
		return nil
	}
	var rows [MaxM]uint32
	var down [MaxExact]int
	var fill func(i int)
	fill = func(i int) {
		if i == r.M {
			out = append(out, rows)
			return
		}
		for set := range uint32(1) << r.M {
			if bits.OnesCount32(set) != r.N {
				continue
			}
			ok := true
			for j := range r.M {
				down[j] += int(set >> j & 1)
				ok = ok && down[j] <= r.N
			}
			if ok {
				rows[i] = set
				fill(i + 1)
			}
			for j := range r.M {
				down[j] -= int(set >> j & 1)
			}
		}
	}
	fill(0)
	return out
}
