package synthesis

import "math/bits"

// Grid are the points of the table: operators by latency, without and with subnormal numbers; elements, sorters and lanes of updates by what they are built
// for; what a unit has once a row, once a column, or once; its feeders and drains; and the normaliser, which came last.
func Grid() []Point {
	all := operators()
	all = append(all, elements()...)
	all = append(all, memories()...)
	all = append(all, sorters()...)
	all = append(all, edges()...)
	all = append(all, updaters()...)
	all = append(all, passers()...)
	all = append(all, feeders()...)
	return append(all, normalisers()...)
}

func operators() (all []Point) {
	op := func(module string, open, flush int, latencies ...int) {
		for _, l := range latencies {
			all = append(all, Of(module, "LATENCY", l, "FLUSH", flush, "OPEN", open))
		}
	}
	op("fp16_mul", 0, 1, 1, 2, 3, 4)
	op("fp16_mul", 0, 0, 2, 4)
	op("fp32_add", 1, 1, 0, 1, 2, 3, 4, 5, 6, 7, 9) // the last register is the accumulator
	op("fp32_add", 0, 1, 4, 5, 6, 7, 11)
	op("fp32_add", 0, 0, 5)
	op("fp32_mul", 0, 1, 2, 3, 4, 5, 8)
	op("fp32_mul", 0, 0, 4)
	op("fp32_to_fp16", 0, 1, 1, 2, 3)
	op("fp32_to_fp16", 0, 0, 2)
	op("fp16_to_fp32", 0, 1, 1)
	op("fp32_div", 0, 1, 8, 10, 12, 14, 15, 20, 28)
	op("fp32_div", 0, 0, 12)
	op("fp32_sqrt", 0, 1, 8, 10, 12, 13, 14, 15, 20, 28)
	op("fp32_sqrt", 0, 0, 12)
	return all
}

// elements are processing elements by N:M, depth, link, latencies, and what may be left out.
func elements() []Point {
	type element struct{ n, m, depth, link, mul, add, flush, shadow int }
	usual := element{2, 8, 8, 4, 4, 8, 1, 1}
	var all []element
	vary := func(change func(*element)) {
		e := usual
		change(&e)
		all = append(all, e)
	}
	for _, nm := range [][2]int{{1, 1}, {2, 4}, {2, 8}, {4, 8}, {4, 16}, {8, 16}} {
		vary(func(e *element) { e.n, e.m, e.link = nm[0], nm[1], max(1, nm[1]/nm[0]) })
	}
	for _, depth := range []int{1, 4, 16} {
		vary(func(e *element) { e.depth = depth })
		vary(func(e *element) { e.n, e.m, e.depth = 8, 16, depth })
	}
	vary(func(e *element) { e.n, e.m = 8, 16 })
	for _, link := range []int{1, 8} {
		vary(func(e *element) { e.link = link })
	}
	for _, l := range [][2]int{{1, 8}, {2, 8}, {3, 8}, {3, 3}, {3, 4}, {3, 5}, {3, 6}, {3, 7}} {
		vary(func(e *element) { e.mul, e.add = l[0], l[1] })
	}
	vary(func(e *element) { e.flush = 0 })
	vary(func(e *element) { e.shadow = 0 })
	// Links, dense elements by depth, the latencies that paths ask for, longer ones, and what is left out at 8:16.
	for _, link := range []int{2, 16} {
		vary(func(e *element) { e.link = link })
	}
	for _, link := range []int{1, 8, 16} {
		vary(func(e *element) { e.n, e.m, e.link = 8, 16, link })
	}
	for _, depth := range []int{1, 4, 16} {
		vary(func(e *element) { e.n, e.m, e.link, e.depth = 1, 1, 1, depth })
	}
	vary(func(e *element) { e.n, e.m, e.link, e.mul, e.add = 1, 1, 1, 2, 6 })
	vary(func(e *element) { e.mul, e.add = 2, 6 })
	vary(func(e *element) { e.n, e.m, e.link, e.mul, e.add = 4, 8, 2, 2, 6 })
	vary(func(e *element) { e.mul, e.add = 6, 12 })
	vary(func(e *element) { e.n, e.m, e.flush, e.shadow = 8, 16, 0, 0 })
	var points []Point
	for _, e := range all {
		points = append(points, Of("stce_uspe", "COLS", 32, "MAX_N", e.n, "MAX_M", e.m, "MAX_I", e.depth, "LINK_W", e.link,
			"MUL_LATENCY", e.mul, "ADD_LATENCY", e.add, "FLUSH", e.flush, "SHADOW", e.shadow))
	}
	return points
}

// memories are those of elements, by words and bits.
func memories() (all []Point) {
	for _, m := range [][2]int{{16, 2}, {16, 16}, {16, 64}, {16, 128}, {16, 256}, {20, 128}, {32, 8}, {32, 32}} {
		all = append(all, Of("stce_ram", "WIDTH", m[0], "DEPTH", m[1], "ADDR", bits.Len(uint(m[1]-1))))
	}
	return all
}

// sorters are lanes of SORE for top n of m, and their control and counters.
func sorters() (all []Point) {
	for _, nm := range [][2]int{{1, 4}, {2, 4}, {2, 8}, {4, 8}, {4, 16}, {8, 16}} {
		all = append(all, sorter(nm[0], nm[1]))
	}
	all = append(all, Of("sore_control", "MAX_N", 8, "N_BITS", 4, "M_BITS", 5, "INDEX", 4))
	for _, c := range [][2]int{{32, 4}, {32, 3}, {8, 2}, {33, 3}, {64, 3}, {128, 3}, {128, 5}} {
		all = append(all, Of("sore_counters", "LANES", c[0], "N_BITS", c[1]))
	}
	return all
}

func sorter(n, m int) Point {
	return Of("sore_lane", "MAX_N", n, "N_BITS", bits.Len(uint(n)), "INDEX", max(1, bits.Len(uint(m-1))))
}

// updaters are lanes of WUVE by optimiser and latencies, and their control, waves and counters.
func updaters() (all []Point) {
	lane := func(optimiser, mul, add, div, root, flush int) {
		longest := 2*mul + 4*add
		if optimiser > 1 {
			longest = 5*mul + 5*add + root + div
		}
		const convert = 2
		all = append(all, Of("wuve_lane", "OPTIMISER", optimiser, "MUL", mul, "ADD", add, "DIV", div, "SQRT", root, "CONVERT", convert, "FLUSH", flush,
			"BITS", bits.Len(uint(longest+convert+1))))
	}
	for _, c := range [][3]int{{32, 6, 8}, {4, 3, 7}} {
		all = append(all, Of("wuve_control", "LANES", c[0], "COUNT", c[1], "BITS", c[2]))
	}
	for _, w := range [][3]int{{32, 6, 8}, {32, 6, 7}, {4, 3, 7}, {8, 4, 5}} {
		all = append(all, Of("wuve_waves", "LANES", w[0], "COUNT", w[1], "BITS", w[2]))
	}
	for _, c := range [][2]int{{4, 3}, {32, 6}, {128, 8}} {
		all = append(all, Of("wuve_counters", "LANES", c[0], "COUNT", c[1]))
	}
	for _, optimiser := range []int{1, 3, 0} {
		lane(optimiser, 4, 6, 28, 28, 1)
	}
	lane(1, 8, 11, 28, 28, 1)
	// The latencies that paths ask for.
	for _, optimiser := range []int{0, 1, 3, 2} {
		lane(optimiser, 3, 5, 15, 14, 1)
	}
	// Fewer, more, and with subnormal numbers.
	lane(1, 2, 4, 12, 12, 1)
	lane(1, 5, 8, 20, 20, 1)
	lane(1, 3, 5, 15, 14, 0)
	lane(3, 2, 4, 12, 12, 1)
	lane(3, 5, 8, 20, 20, 1)
	lane(3, 3, 5, 15, 14, 0)
	return all
}

// edges are what an array has once a row, once a column, and once.
func edges() (all []Point) {
	row := func(rows, cols, n, m, depth, link, mul, add, products int) {
		all = append(all, Of("stce_row", "ROWS", rows, "COLS", cols, "MAX_N", n, "MAX_M", m, "MAX_I", depth, "LINK_W", link, "MUL_LATENCY", mul, "ADD_LATENCY", add, "PRODUCTS", products))
	}
	for _, products := range []int{0, 1} {
		row(23, 32, 4, 8, 8, 4, 2, 6, products)
		row(32, 32, 8, 16, 8, 4, 4, 8, products)
	}
	row(32, 32, 1, 1, 8, 1, 4, 8, 1) // dense
	row(32, 32, 2, 8, 8, 4, 4, 6, 1)
	row(32, 32, 2, 8, 1, 4, 4, 8, 1)
	row(8, 8, 4, 8, 8, 2, 4, 8, 1)
	row(128, 128, 8, 16, 16, 16, 4, 8, 1)
	for _, cols := range []int{1, 2, 4} {
		row(23, cols, 4, 8, 8, 4, 2, 6, 1)
	}
	row(32, 2, 8, 16, 8, 4, 4, 8, 1)
	// As small as arrays are, dense and not interleaved.
	row(1, 1, 1, 1, 1, 1, 1, 1, 0)
	row(2, 2, 1, 1, 1, 1, 2, 6, 0)
	row(2, 2, 1, 1, 2, 1, 4, 8, 1)
	row(4, 4, 1, 1, 8, 1, 2, 6, 0)
	row(4, 4, 2, 4, 4, 2, 2, 6, 1)
	row(32, 32, 1, 1, 1, 1, 4, 8, 1)
	for _, rows := range []int{32, 8} {
		all = append(all, Of("stce_column", "ROWS", rows, "COLS", 32, "MAX_M", 16))
	}
	for _, cols := range []int{1, 2, 4} {
		all = append(all, Of("stce_column", "ROWS", 32, "COLS", cols, "MAX_M", 16))
	}
	for _, side := range []int{1, 2} {
		all = append(all, Of("stce_column", "ROWS", side, "COLS", side, "MAX_M", 1))
	}
	for _, cols := range []int{1, 2, 4, 8, 32, 128} {
		all = append(all, Of("stce_counters", "COLS", cols))
	}
	for _, products := range []int{0, 1} {
		all = append(all, Of("stce_registers", "PRODUCTS", products))
		for _, chase := range []int{0, 1} {
			all = append(all, Of("stce_sequencer", "SHADOW", 1, "CHASE", chase, "PRODUCTS", products))
		}
	}
	all = append(all, Of("stce_sequencer", "SHADOW", 0, "CHASE", 0, "PRODUCTS", 0))
	for _, chase := range []int{0, 1} {
		for _, l := range [][3]int{{32, 8, 8}, {23, 4, 8}} {
			all = append(all, Of("stce_loader", "ROWS", l[0], "COLS", 32, "MAX_N", l[1], "MAX_I", l[2], "CHASE", chase))
		}
	}
	for _, cols := range []int{1, 2, 4} {
		all = append(all, Of("stce_loader", "ROWS", 23, "COLS", cols, "MAX_N", 4, "MAX_I", 8, "CHASE", 1), Of("stce_loader", "ROWS", 32, "COLS", cols, "MAX_N", 8, "MAX_I", 8, "CHASE", 0))
	}
	for _, small := range [][2]int{{2, 0}, {2, 1}, {1, 1}} {
		all = append(all, Of("stce_loader", "ROWS", small[0], "COLS", small[0], "MAX_N", 1, "MAX_I", 1, "CHASE", small[1]))
	}
	return all
}

// passers are whole lanes of the vector unit by strip, memories, latencies and subnormal numbers; what is there once, its control, counters and folds by lanes.
func passers() (all []Point) {
	type lane struct{ strip, sums, mul, add, flush int }
	for _, l := range []lane{{32, 9, 3, 5, 1}, {8, 9, 3, 5, 1}, {16, 9, 3, 5, 1}, {32, 10, 3, 5, 1}, {32, 12, 3, 5, 1}, {32, 9, 2, 4, 1}, {32, 9, 2, 5, 1}, {32, 9, 3, 4, 1}, {32, 9, 3, 5, 0}} {
		all = append(all, Of("vector_lane", "STRIP", l.strip, "PLACE", bits.Len(uint(l.strip-1)), "BWORD", 9, "CWORD", 9, "SWORD", l.sums, "MUL", l.mul, "ADD", l.add, "FLUSH", l.flush))
	}
	for _, of := range [][2]int{{4, 8}, {32, 8}, {33, 8}, {64, 8}, {128, 8}, {32, 11}} { // lanes, and bits of 256 sums or 2,048
		all = append(all, Of("vector_control", "LANES", of[0], "COUNT", bits.Len(uint(of[0])), "PLACE", 5, "LATENCY", 10, "DIVIDE", 17, "WAIT", 5, "SPACE", 128, "WORDS", 7,
			"CBITS", 6, "SBITS", of[1], "TBITS", 1))
	}
	all = append(all, Of("vector_control", "LANES", 64, "COUNT", 7, "PLACE", 7, "LATENCY", 14, "DIVIDE", 30, "WAIT", 5, "SPACE", 32, "WORDS", 5, "CBITS", 8, "SBITS", 11, "TBITS", 3))
	for _, lanes := range []int{4, 32, 33, 64, 128} {
		all = append(all, Of("vector_counters", "LANES", lanes, "COUNT", bits.Len(uint(lanes))))
	}
	for _, divide := range []int{16, 17} {
		all = append(all, Of("vector_scalar", "STRIP", 32, "PLACE", 5, "MUL", 3, "ADD", 5, "DIVIDE", divide, "FLUSH", 1))
	}
	for _, count := range []int{6, 7} { // of 32 lanes and 33, and of 64
		all = append(all, Of("vector_front", "COUNT", count, "PLACE", 5, "CBITS", 6, "SBITS", 8, "TBITS", 1, "BWORD", 9, "CWORD", 9, "SWORD", 9, "MUL", 3, "ADD", 5))
	}
	for _, lanes := range []int{32, 33, 64, 128} {
		all = append(all, Of("vector_shuffle", "LANES", lanes, "COUNT", bits.Len(uint(lanes))))
	}
	return all
}

// feeders are readers and writers as units have them, by lanes, by the bits of words in a row, and by how long buffers take.
func feeders() (all []Point) {
	reader := func(width, read, parts, byRow, words int) {
		all = append(all, Of("feed_reader", "WIDTH", width, "READ", read, "PARTS", parts, "BY_ROW", byRow, "WORDS", words))
	}
	for _, s := range [][3]int{{4, 2, 3}, {8, 2, 4}, {32, 1, 4}, {32, 2, 4}, {32, 3, 4}, {32, 2, 5}, {64, 2, 4}} { // SORE: lanes, latency, bits
		reader(17*s[0], s[1], 1, 0, s[2])
	}
	for _, w := range [][2]int{{1, 2}, {4, 1}, {4, 2}, {4, 3}, {8, 2}, {32, 2}} { // WUVE: a wave a row
		reader(129*w[0], w[1], 5, 0, 2)
	}
	for _, v := range [][3]int{{4, 2, 6}, {16, 2, 6}, {32, 1, 6}, {32, 2, 6}, {32, 3, 6}, {32, 2, 4}, {33, 2, 6}, {64, 2, 6}} { // the vector unit, with scalars of rows
		reader(65*v[0]+96, v[1], 5, 16, v[2])
	}
	writer := func(lanes, bits, words int) {
		all = append(all, Of("feed_writer", "LANES", lanes, "WIDTH", lanes*bits, "WORDS", words))
	}
	for _, s := range [][3]int{{4, 18, 2}, {8, 19, 3}, {32, 19, 3}, {32, 20, 4}, {64, 19, 2}} { // SORE's pairs
		writer(s[0], s[1], s[2])
	}
	for _, w := range [][2]int{{1, 32}, {4, 32}, {4, 16}, {32, 32}, {64, 32}} { // WUVE's words
		writer(w[0], w[1], 2)
	}
	for _, v := range [][2]int{{32, 16}, {33, 16}, {64, 16}, {128, 16}, {32, 1}, {33, 1}, {64, 1}, {1, 35}} { // the vector unit's results, bits and scalars
		writer(v[0], v[1], 2)
	}
	return all
}

// normalisers are lanes of the normaliser by latencies, tables and subnormal numbers; its control and counters by lanes; and its feeder.
func normalisers() (all []Point) {
	type lane struct{ front, mul, add, convert, flush, places int }
	for _, l := range []lane{{1, 3, 5, 2, 1, 64}, {1, 3, 5, 2, 1, 16}, {1, 3, 5, 2, 1, 128}, {1, 3, 5, 2, 0, 64}, {1, 3, 5, 1, 1, 64}, {1, 3, 4, 2, 1, 64}, {1, 2, 5, 2, 1, 64}, {0, 3, 5, 2, 1, 64}, {1, 1, 4, 2, 1, 64}, {1, 7, 12, 2, 1, 64}, {1, 3, 5, 2, 1, 256}, {1, 3, 5, 2, 1, 512}} {
		all = append(all, Of("norm_lane", "FRONT", l.front, "MUL", l.mul, "ADD", l.add, "CONVERT", l.convert, "FLUSH", l.flush, "PLACES", l.places, "PLACE", bits.Len(uint(l.places-1))))
	}
	for _, c := range [][3]int{{4, 9, 11}, {32, 6, 11}, {32, 6, 22}, {128, 4, 11}} { // lanes, bits of a place, latency
		all = append(all, Of("norm_control", "LANES", c[0], "COUNT", bits.Len(uint(c[0])), "PLACE", c[1], "LATENCY", c[2]))
	}
	for _, lanes := range []int{4, 32, 128} {
		all = append(all, Of("norm_counters", "LANES", lanes, "COUNT", bits.Len(uint(lanes))))
	}
	for _, r := range [][2]int{{8, 2}, {32, 1}, {32, 2}, {32, 3}} {
		all = append(all, Of("feed_reader", "WIDTH", 48*r[0], "READ", r[1], "PARTS", 2, "BY_ROW", 0, "WORDS", 2))
	}
	return all
}
