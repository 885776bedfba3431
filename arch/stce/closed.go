package stce

// Fold is the closed form of one fold that finds the array drained and leaves it drained.
func (p Params) Fold(f Fold) Cost {
	t := p.timing(f)
	g := newGroups(f.Config, f.Taps, f.Channels)
	b := block{
		Config: f.Config, rows: f.Rows, cols: f.Cols,
		rowAxis: axis{f.Rows, 1, 0}, colAxis: axis{f.Cols, 1, 0},
		terms: g.stretch(f.FirstGroup, f.Groups), rowsPassed: t.rows,
		startIn: f.SumsIn, half: !f.SumsOut,
	}
	free := p.PartialSums == SumsFree
	if f.SumsIn && !(f.Again && free) {
		b.reads = 1
	}
	if f.SumsOut && !(f.Between && free) {
		b.writes = 1
	}
	if f.Mode == WS {
		for i := range f.Groups {
			n, _ := g.at(f.FirstGroup + i)
			b.weightHops += (i + 1) * n
		}
	}
	first, last := t.start(), p.end(t)
	cost := Cost{Cycles: first.now + last.now, Counts: p.actions(b).Add(first.counts).Add(t.inside()).Add(last.counts)}
	cost.Counts.IdlePECycles = p.idle(cost)
	return cost
}

func (p Params) idle(c Cost) int64 { return int64(p.Rows)*int64(p.Cols)*c.Cycles - c.Counts.MACs }

// Tile is the closed form of the folds that cover a tile, in the order of Folds. Equal folds are one class, so its work does
// not grow with their number.
func (p Params) Tile(t Tile) Cost {
	g := newGroups(t.Config, t.Taps, t.Channels)
	b := block{
		Config: t.Config, rows: t.Rows, cols: t.Cols,
		rowAxis: newAxis(t.Rows, p.rowsPerFold(t.Config)), colAxis: newAxis(t.Cols, p.colsPerFold(t.Config)),
		terms: g.all(), startIn: t.Resume, half: !t.Spill,
	}
	b.reads, b.writes = flag(t.Resume), flag(t.Spill)
	if t.Mode == WS {
		k := newAxis(g.total(), int64(p.Rows))
		b.weightHops = p.weightHops(g)
		b.rowsPassed = g.total()
		if p.EdgeFolds == EdgeFull {
			b.rowsPassed = k.folds() * int64(p.Rows)
		}
		if p.PartialSums == SumsCharged {
			b.reads += k.folds() - 1
			b.writes += k.folds() - 1
		}
	}
	cost := p.sequence(t, g)
	cost.Counts = cost.Counts.Add(p.actions(b))
	cost.Counts.IdlePECycles = p.idle(cost)
	return cost
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// line is a sequence of folds of at most two classes: how many of each, how often class i is followed by class j, and which
// comes first and last.
type line struct {
	count       [2]int64
	pairs       [2][2]int64
	first, last int
}

// plain is the line of an axis: class 0 are its full folds, class 1 the one at the edge.
func (a axis) plain() line {
	l := line{count: [2]int64{a.count, min(a.edge, 1)}}
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
		count: [2]int64{g.taps * (g.perTap - 1), g.taps},
		pairs: [2][2]int64{{g.taps * (g.perTap - 2), g.taps}, {g.taps - 1, 0}},
		last:  1,
	}
}

// sequence adds up the folds of a tile and what lies between them. What lies between two folds depends on these two alone.
func (p Params) sequence(t Tile, g groups) Cost {
	rows, cols := newAxis(t.Rows, p.rowsPerFold(t.Config)), newAxis(t.Cols, p.colsPerFold(t.Config))
	outer, inner := cols.plain(), rows.plain()
	fold := Fold{Config: t.Config, Rows: t.Rows, Taps: t.Taps, Channels: t.Channels, Groups: g.total(), SumsIn: t.Resume}
	k := newAxis(g.total(), int64(p.Rows))
	single := t.Mode == WS && p.Rows == 1 && g.shortM > 0 && g.perTap > 1
	if t.Mode == WS {
		inner = k.plain()
	}
	if single {
		inner = g.single()
	}
	var class [2][2]timing // by column fold, then by row or K fold
	for o := range class {
		for i := range class[o] {
			if outer.count[o] == 0 || inner.count[i] == 0 {
				continue
			}
			fold.Cols = [2]int64{cols.size, cols.edge}[o]
			switch {
			case single:
				fold.FirstGroup, fold.Groups = int64(i)*(g.perTap-1), 1
			case t.Mode == WS:
				fold.FirstGroup, fold.Groups = int64(i)*k.count*k.size, [2]int64{k.size, k.edge}[i]
			default:
				fold.Rows = [2]int64{rows.size, rows.edge}[i]
			}
			class[o][i] = p.timing(fold)
		}
	}
	first, last := class[outer.first][inner.first].start(), p.end(class[outer.last][inner.last])
	cost := Cost{Cycles: first.now + last.now, Counts: first.counts.Add(last.counts)}
	add := func(a, b timing, sums bool, times int64) {
		if times > 0 {
			gap := p.follow(a, b, sums)
			cost.Cycles += times * gap.now
			cost.Counts = combine(cost.Counts, gap.counts, times)
		}
	}
	for o := range class {
		for i := range class[o] {
			cost.Counts = combine(cost.Counts, class[o][i].inside(), outer.count[o]*inner.count[i])
			for j := range class[o] {
				add(class[o][i], class[o][j], true, outer.count[o]*inner.pairs[i][j])
			}
			add(class[o][inner.last], class[i][inner.first], false, outer.pairs[o][i])
		}
	}
	return cost
}
