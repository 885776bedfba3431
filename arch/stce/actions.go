package stce

// Actions depend on the outputs and groups that there are, not on how the edge is timed: what an edge fold leaves unused is
// gated. They are counted for a block: one fold, or all folds of a tile.
type block struct {
	Config
	rows, cols    int64 // outputs
	rowAxis       axis  // OS: how they fall into folds
	colAxis       axis
	terms         stretch
	weightHops    int64 // WS: of the weights of one output column
	rowsPassed    int64 // WS: rows that a partial sum passes
	reads, writes int64 // FP32 words of the output buffer an output takes in and leaves
	startIn, half bool  // OS: start values come in; the results leave as FP16
}

// axis is a run of equal folds and, where their size does not divide, a smaller one at the edge.
type axis struct {
	size, count, edge int64
}

func newAxis(total, size int64) axis { return axis{size, total / size, total % size} }

func (a axis) folds() int64 { return a.count + min(a.edge, 1) }

// sum adds f over the folds.
func (a axis) sum(f func(size int64) int64) int64 {
	var s int64
	if a.count > 0 {
		s = a.count * f(a.size)
	}
	if a.edge > 0 {
		s += f(a.edge)
	}
	return s
}

func (p Params) actions(b block) TileCounts {
	C, outputs := int64(p.Cols), b.rows*b.cols
	colsUsed := b.colAxis.sum(func(f int64) int64 { return min(f, C) })
	words := p.westWords(b)
	k := TileCounts{
		MACs:        outputs * b.terms.kept(),
		UsefulMACs:  outputs * b.terms.operands(),
		WestWords:   words * b.colAxis.folds(),
		WestHops:    words * colsUsed,
		GroupWrites: b.rows * b.terms.operands() * colsUsed,
		NorthWords:  b.cols * b.terms.kept(),
		OutputReads: outputs * b.reads,
		OutputFP32:  outputs * b.writes,
	}
	if b.Diagonal {
		k[UsefulMACs] = k[MACs]
	}
	k[Multiplies], k[Adds] = k[MACs], k[MACs]
	if b.Ratio.M > 1 {
		k[SelectorUses] = k[MACs]
	}
	if b.half {
		k[OutputFP16] = outputs
	}
	if b.Mode == WS {
		k[WeightHops] = b.cols * b.weightHops
		k[SumHops] = outputs * b.rowsPassed
		return k
	}
	R := int64(p.Rows)
	k[WeightHops] = k[NorthWords] * b.rowAxis.sum(func(t int64) int64 { return min(t, R) })
	k[NorthWords] *= b.rowAxis.folds()
	if b.startIn {
		k[StartHops] = b.cols * b.rowAxis.sum(func(t int64) int64 { return t/R*triangle(R) + triangle(t%R) })
	}
	if p.Drain != DrainHidden {
		k[DrainHops] = b.cols * b.rowAxis.sum(p.drainHops)
	}
	return k
}

// westWords is the link words that enter for one column fold.
func (p Params) westWords(b block) int64 {
	R, w, i := int64(p.Rows), int64(p.LinkWidth), int64(b.Interleave)
	switch {
	case b.Over == OverF:
		return b.rows * b.terms.words(1, w)
	case b.Mode == WS:
		return b.rows/i*b.terms.words(i, w) + b.terms.words(b.rows%i, w)
	}
	// Of t output rows, t mod R array rows have one more than the others.
	return b.rowAxis.sum(func(t int64) int64 {
		return t%R*b.terms.words(t/R+1, w) + (R-t%R)*b.terms.words(t/R, w)
	})
}

// drainHops is the rows that the results of t output rows pass on their way south, in one column.
func (p Params) drainHops(t int64) int64 {
	R := int64(p.Rows)
	timed := min(t, R)
	if p.EdgeFolds == EdgeFull {
		timed = R
	}
	plane := func(x int64) int64 { return x*timed - triangle(x-1) }
	return t/R*plane(R) + plane(t%R)
}

// weightHops is the rows that the weights of one output column pass on their way to theirs in all K folds of a tile: 1 to
// row 0 and so on. A short group lies in the same row again every R taps.
func (p Params) weightHops(g groups) int64 {
	R, total := int64(p.Rows), g.total()
	hops := g.n * (total/R*triangle(R) + triangle(total%R))
	if g.shortM == 0 || g.shortN == g.n {
		return hops
	}
	for q := range min(g.taps, R) {
		row := (q*g.perTap + g.perTap - 1) % R
		hops -= (g.n - g.shortN) * (row + 1) * ceil(g.taps-q, R)
	}
	return hops
}

func triangle(n int64) int64 { return n * (n + 1) / 2 }
