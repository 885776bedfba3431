package stce

// Least is at least so many cycles as Tile says, and nearly as many: every fold takes its slots, and the rows that leave between two equal folds; the first waits
// for its operands, the last one's results leave. Of several products each takes the slots. It looks at the first fold and the last, where Tile looks at all kinds
// and at what each can follow.
func (p Params) Least(t Tile) int64 {
	g := newGroups(t.Config, t.Taps, t.Channels)
	cols := newAxis(t.Cols, p.colsPerFold(t.Config))
	if t.Mode == WS && g.shortM > 0 { // some folds may have short groups alone: a slot of each row is sure
		return t.products() * ceil(g.total(), int64(p.Rows)) * ceil(t.Cols, int64(p.Cols)) * t.Rows
	}
	inner := newAxis(t.Rows, p.rowsPerFold(t.Config))
	if t.Mode == WS {
		inner = newAxis(g.total(), int64(p.Rows))
	}
	at := func(cols, rows int64) timing {
		f := Fold{Config: t.Config, Rows: t.Rows, Cols: cols, Taps: t.Taps, Channels: t.Channels, Groups: g.total(), SumsIn: t.Resume}
		if t.Mode == WS {
			f.Groups = rows
		} else {
			f.Rows = rows
		}
		return p.timing(&f)
	}
	first := at(cols.first(), inner.first())
	last := first
	if cols.last() != cols.first() || inner.last() != inner.first() {
		last = at(cols.last(), inner.last())
	}
	// Which of the two axes is interleaved decides how long a fold issues; of WS, rows stream by and every fold has all.
	many, few := cols, inner
	if t.Mode == OS && t.Over == OverT {
		many, few = inner, cols
	}
	now := few.folds() * (many.count*first.issued + min(many.edge, 1)*last.issued)
	if inner.count > 1 && cols.count > 0 {
		now += cols.count * (inner.count - 1) * (p.follow(&first, &first, t.Mode == WS).now - first.issued)
	}
	start := first.start()
	_, left := p.leaves(&last)
	return start.now + t.products()*now + max(left-last.issued, 0)
}

// first and last are the sizes of the first fold and of the last.
func (a axis) first() int64 {
	if a.count > 0 {
		return a.size
	}
	return a.edge
}

func (a axis) last() int64 {
	if a.edge > 0 {
		return a.edge
	}
	return a.size
}
