package nm

// Mask says of every element of a matrix, row-major, whether it stays.
type Mask []bool

// MaskRows prunes w[rows x cols] along its rows: groups of M consecutive columns.
func (r Ratio) MaskRows(w []uint16, rows, cols int) Mask {
	m := make(Mask, rows*cols)
	for row := range rows {
		for c := 0; c < cols; c += r.M {
			first, last := row*cols+c, row*cols+min(c+r.M, cols)
			kept := r.Keep(w[first:last])
			for i := range last - first {
				m[first+i] = kept>>i&1 == 1
			}
		}
	}
	return m
}

// MaskColumns prunes w[taps*channels x cols] down its columns: groups of M consecutive channels of one tap.
func (r Ratio) MaskColumns(w []uint16, taps, channels, cols int) Mask {
	m := make(Mask, taps*channels*cols)
	group := make([]uint16, 0, r.M)
	for tap := range taps {
		for c := 0; c < channels; c += r.M {
			n := min(r.M, channels-c)
			first := (tap*channels + c) * cols
			for col := range cols {
				group = group[:0]
				for i := range n {
					group = append(group, w[first+i*cols+col])
				}
				kept := r.Keep(group)
				for i := range n {
					m[first+i*cols+col] = kept>>i&1 == 1
				}
			}
		}
	}
	return m
}

// Kept is the number of elements that stay.
func (m Mask) Kept() int64 {
	var n int64
	for _, k := range m {
		if k {
			n++
		}
	}
	return n
}

// Overlap counts elements by what two masks of one matrix say of them.
type Overlap struct {
	Both, FirstOnly, SecondOnly, Neither int64
}

// Compare counts where two masks of equal length agree.
func Compare(first, second Mask) Overlap {
	var o Overlap
	for i, a := range first {
		switch b := second[i]; {
		case a && b:
			o.Both++
		case a:
			o.FirstOnly++
		case b:
			o.SecondOnly++
		default:
			o.Neither++
		}
	}
	return o
}
