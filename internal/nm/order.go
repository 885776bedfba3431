package nm

// KeptInOrder is how many elements stay of w[rows x cols], whose mask is given, when each row is pruned once more, in groups of M columns that follow each other in an order of columns: of a
// group's kept ones N at most. Which ones stay depends on their sizes, how many does not.
func (r Ratio) KeptInOrder(mask Mask, rows, cols int, order []int32) (kept int64) {
	for row := range rows {
		line := mask[row*cols : (row+1)*cols]
		for c := 0; c < cols; c += r.M {
			n := 0
			for _, at := range order[c:min(c+r.M, cols)] {
				if line[at] {
					n++
				}
			}
			kept += int64(min(n, r.N))
		}
	}
	return kept
}

// BestOrder is the first of some random orders of columns by which most is kept. Order i shuffles by the sequence that number i of the key's names: all orders are as likely, but for what a remainder of
// 64 bits leaves.
func (r Ratio) BestOrder(mask Mask, rows, cols, orders int, key uint64) []int32 {
	best, try, most := make([]int32, cols), make([]int32, cols), int64(-1)
	for i := range orders {
		numbers := Random(key, uint64(i))
		for c := range try {
			try[c] = int32(c)
		}
		for c := cols - 1; c > 0; c-- {
			k := int(Random(numbers, uint64(c)) % uint64(c+1))
			try[c], try[k] = try[k], try[c]
		}
		if n := r.KeptInOrder(mask, rows, cols, try); n > most {
			most = n
			copy(best, try)
		}
	}
	return best
}

// Ordering is what it takes to count what one order keeps of a row of so many columns, in operations of element-wise hardware: every bit of the mask is added up, and each group is compared with N and
// added to the sum.
func (r Ratio) Ordering(cols int64) int64 { return cols + 2*((cols+int64(r.M)-1)/int64(r.M)) }
