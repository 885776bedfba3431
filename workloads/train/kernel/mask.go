package kernel

import (
	"math"

	"satsim/internal/nm"
)

// key orders values by magnitude, all NaNs alike and above infinity. Of values that are FP16 values it is nm.Magnitude's order.
func key(v float32) uint32 { return min(math.Float32bits(v)&0x7fffffff, expMask+1) }

// keep marks the n largest of a group; ties go to the lower index.
func keep(keys []uint32, n int) uint32 {
	var kept uint32
	for range min(n, len(keys)) {
		best := -1
		for i, k := range keys {
			if kept>>i&1 == 0 && (best < 0 || k > keys[best]) {
				best = i
			}
		}
		kept |= 1 << best
	}
	return kept
}

// MaskRows prunes w[rows x cols] along its rows, as nm.MaskRows defines it.
func MaskRows(r nm.Ratio, w []float32, rows, cols int, mask nm.Mask) {
	var keys [nm.MaxM]uint32
	for row := range rows {
		for c := 0; c < cols; c += r.M {
			at := row*cols + c
			n := min(r.M, cols-c)
			for i, v := range w[at : at+n] {
				keys[i] = key(v)
			}
			kept := keep(keys[:n], r.N)
			for i := range n {
				mask[at+i] = kept>>i&1 == 1
			}
		}
	}
}

// MaskRowsInOrder prunes w[rows x cols] along its rows, in groups of M columns that follow each other in an order.
func MaskRowsInOrder(r nm.Ratio, w []float32, rows, cols int, order []int32, mask nm.Mask) {
	var keys [nm.MaxM]uint32
	for row := range rows {
		at := row * cols
		for c := 0; c < cols; c += r.M {
			group := order[c:min(c+r.M, cols)]
			for i, col := range group {
				keys[i] = key(w[at+int(col)])
			}
			kept := keep(keys[:len(group)], r.N)
			for i, col := range group {
				mask[at+int(col)] = kept>>i&1 == 1
			}
		}
	}
}

// MaskColumns prunes w[taps*channels x cols] down its columns, groups inside a tap, as nm.MaskColumns defines it.
func MaskColumns(r nm.Ratio, w []float32, taps, channels, cols int, mask nm.Mask) {
	var keys [nm.MaxM]uint32
	for tap := range taps {
		for c := 0; c < channels; c += r.M {
			at := (tap*channels + c) * cols
			n := min(r.M, channels-c)
			for col := range cols {
				for i := range n {
					keys[i] = key(w[at+i*cols+col])
				}
				kept := keep(keys[:n], r.N)
				for i := range n {
					mask[at+i*cols+col] = kept>>i&1 == 1
				}
			}
		}
	}
}

// RandomColumns keeps N random ones of each group that MaskColumns would prune: every choice of N is as likely. Group g takes the numbers (g, 0), (g, 1), ... of the sequence that the key names.
func RandomColumns(r nm.Ratio, taps, channels, cols int, key uint64, mask nm.Mask) {
	group := 0
	for tap := range taps {
		for c := 0; c < channels; c += r.M {
			at, n := (tap*channels+c)*cols, min(r.M, channels-c)
			for col := range cols {
				left, numbers := min(r.N, n), nm.Random(key, uint64(group))
				group++
				for i := range n { // of n-i places left are to be kept
					keep := nm.Random(numbers, uint64(i))%uint64(n-i) < uint64(left)
					if keep {
						left--
					}
					mask[at+i*cols+col] = keep
				}
			}
		}
	}
}

// SoftColumns makes dst of the columns of src[taps*channels x cols], groups inside a tap: of a group's N largest what they are more than the largest of the others, with their signs, and 0 of these. Of a
// group with no others all of it.
func SoftColumns(r nm.Ratio, dst, src []float32, taps, channels, cols int) {
	var keys [nm.MaxM]uint32
	for tap := range taps {
		for c := 0; c < channels; c += r.M {
			at, n := (tap*channels+c)*cols, min(r.M, channels-c)
			for col := range cols {
				for i := range n {
					keys[i] = key(src[at+i*cols+col])
				}
				kept, rest := keep(keys[:n], r.N), uint32(0)
				for i := range n {
					if kept>>i&1 == 0 {
						rest = max(rest, keys[i])
					}
				}
				t := math.Float32frombits(rest)
				for i := range n {
					v := &dst[at+i*cols+col]
					if *v = 0; kept>>i&1 == 1 {
						x := src[at+i*cols+col]
						*v = float32(math.Copysign(float64(math.Float32frombits(keys[i])-t), float64(x)))
					}
				}
			}
		}
	}
}

// Select copies what a mask keeps, and zeros elsewhere; a nil mask keeps all.
func Select(dst, src []float32, mask nm.Mask) {
	copy(dst, src)
	for i, k := range mask {
		if !k {
			dst[i] = 0
		}
	}
}

// PruneRows copies src[rows x cols] with each row pruned in groups of M.
func PruneRows(r nm.Ratio, dst, src []float32, rows, cols int) {
	var keys [nm.MaxM]uint32
	for row := range rows {
		for c := 0; c < cols; c += r.M {
			at := row*cols + c
			n := min(r.M, cols-c)
			for i, v := range src[at : at+n] {
				keys[i] = key(v)
			}
			kept := keep(keys[:n], r.N)
			for i := range n {
				if kept>>i&1 == 1 {
					dst[at+i] = src[at+i]
				} else {
					dst[at+i] = 0
				}
			}
		}
	}
}

// Positions are those of a group of M of some rows: the first, how far they are apart, and how many there are. Groups are of neighbours, or of rows as far from each
// other as can be.
func Positions(r nm.Ratio, rows, group int, apart bool) (first, step, n int) {
	if !apart {
		return group * r.M, 1, min(r.M, rows-group*r.M)
	}
	step = (rows + r.M - 1) / r.M
	return group, step, (rows - group + step - 1) / step
}

// PruneColumns copies some groups of M rows of src[rows x cols], each column pruned by itself.
func PruneColumns(r nm.Ratio, dst, src []float32, rows, cols, from, to int, apart bool) {
	var keys [nm.MaxM]uint32
	for g := from; g < to; g++ {
		first, step, n := Positions(r, rows, g, apart)
		for col := range cols {
			at, step := first*cols+col, step*cols
			for i := range n {
				keys[i] = key(src[at+i*step])
			}
			kept := keep(keys[:n], r.N)
			for i := range n {
				dst[at+i*step] = 0
				if kept>>i&1 == 1 {
					dst[at+i*step] = src[at+i*step]
				}
			}
		}
	}
}
