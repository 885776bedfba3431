package stce

// sequence adds up the folds of a tile and what lies between them. What lies between two folds depends on these two alone;
// products are the outermost loop, then column folds, and row folds (OS) or K folds (WS) the innermost one.
func (p *Params) sequence(t *Tile, g *groups) ledger {
	s, products := p.classes(t, g), t.products()
	l := s.class[s.outer.first][s.inner.first].start()
	var span [2]int64 // cycles from the first fold to the last of a column fold
	for o := range s.class {
		columns := products * s.outer.count[o]
		for i := range s.class[o] {
			l.add(s.class[o][i].inside(), columns*s.inner.count[i])
			for j := range s.class[o] {
				span[o] += l.follow(p, &s.class[o][i], &s.class[o][j], s.sums, columns, s.inner.pairs[i][j])
			}
		}
		for q := range s.class {
			l.follow(p, &s.class[o][s.inner.last], &s.class[q][s.inner.first], false, products*s.outer.pairs[o][q], 1)
		}
	}
	first, end := s.ends()
	l.follow(p, end, first, false, products-1, 1)
	last := p.end(&s, span[1])
	l.now += last.now
	l.add(last.booking, 1)
	return l
}

// follow books so many times, in each of so many column folds, what lies between folds a and b, and returns the cycles of one
// column fold.
func (l *ledger) follow(p *Params, a, b *timing, sums bool, columns, times int64) int64 {
	if columns == 0 || times == 0 {
		return 0
	}
	gap := p.follow(a, b, sums)
	l.now += columns * times * gap.now
	l.add(gap.booking, columns*times)
	return times * gap.now
}

// end books what comes after the last slot of the last fold. An earlier fold of more rows or columns may be the last to
// leave, so the last fold of each class is asked. edge is the cycles of the column fold at the edge, first slot to first slot.
func (p *Params) end(s *classes, edge int64) ledger {
	var complete, left int64
	last := int64(0) // first slot of the last fold of a column fold
	for o := s.outer.last; ; o-- {
		at := last
		for i := s.inner.last; ; i-- {
			c, l := p.leaves(&s.class[o][i])
			complete, left = max(complete, at+c), max(left, at+l)
			if i == 0 || s.inner.pairs[0][1] == 0 {
				break
			}
			at -= p.follow(&s.class[o][0], &s.class[o][1], s.sums).now
		}
		if o == 0 || s.outer.pairs[0][1] == 0 {
			break
		}
		last = -edge - p.follow(&s.class[0][s.inner.last], &s.class[1][s.inner.first], false).now
	}
	_, final := s.ends()
	l := ledger{now: final.issued}
	l.leave(complete, left)
	return l
}

// leave books the cycles in which the array runs empty and drains.
func (l *ledger) leave(complete, left int64) {
	l.until(complete, causeEmpty)
	l.until(left, causeDrain)
}

// classes are the folds of a tile by kind: class[o][i] is a fold of column fold class o and row or K fold class i.
type classes struct {
	outer, inner line
	fold         [2][2]Fold
	class        [2][2]timing
	sums         bool // a fold takes in the partial sums of the one before it in its column fold
}

// ends are a product's first and last fold.
func (s *classes) ends() (first, last *timing) {
	return &s.class[s.outer.first][s.inner.first], &s.class[s.outer.last][s.inner.last]
}

func (p *Params) classes(t *Tile, g *groups) classes {
	rows, cols, k := newAxis(t.Rows, p.rowsPerFold(t.Config)), newAxis(t.Cols, p.colsPerFold(t.Config)), newAxis(g.total(), int64(p.Rows))
	s := classes{outer: cols.line(), inner: rows.line(), sums: t.Mode == WS}
	single := t.Mode == WS && p.Rows == 1 && g.shortM > 0 && g.perTap > 1
	switch {
	case single:
		s.inner = g.single()
	case t.Mode == WS:
		s.inner = k.line()
	}
	f := Fold{Config: t.Config, Rows: t.Rows, Taps: t.Taps, Channels: t.Channels, Groups: g.total(), SumsIn: t.Resume}
	for o := range s.class {
		f.Cols = [2]int64{cols.size, cols.edge}[o]
		for i := range s.class[o] {
			switch {
			case s.outer.count[o] == 0 || s.inner.count[i] == 0:
				continue
			case single:
				f.FirstGroup, f.Groups = int64(i)*(g.perTap-1), 1
			case t.Mode == WS:
				f.FirstGroup, f.Groups = int64(i)*k.count*k.size, [2]int64{k.size, k.edge}[i]
			default:
				f.Rows = [2]int64{rows.size, rows.edge}[i]
			}
			s.fold[o][i] = f
			s.class[o][i] = p.timing(&f)
		}
	}
	return s
}

// line is a sequence of folds of at most two classes: how many of each, how often class i is followed by class j, and which
// comes first and last.
type line struct {
	count       [2]int64
	repeat      int64 // times that the classes follow each other
	pairs       [2][2]int64
	first, last int
}

// line of an axis: class 0 are its full folds, class 1 the one at the edge.
func (a axis) line() line {
	l := line{count: [2]int64{a.count, min(a.edge, 1)}, repeat: 1}
	l.pairs[0][0] = max(0, a.count-1)
	if a.count == 0 {
		l.first = 1
	}
	if a.edge > 0 {
		l.last = 1
		l.pairs[0][1] = min(a.count, 1)
	}
	return l
}

// single is the line of K folds of one group each when every tap ends in a short one, class 1.
func (g groups) single() line {
	return line{
		count:  [2]int64{g.taps * (g.perTap - 1), g.taps},
		repeat: g.taps,
		pairs:  [2][2]int64{{g.taps * (g.perTap - 2), g.taps}, {g.taps - 1, 0}},
		last:   1,
	}
}
