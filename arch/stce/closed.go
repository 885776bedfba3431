package stce

// Fold is the closed form of one fold that finds the array drained and leaves it drained. The fold is one that Folds yields.
func (p Params) Fold(f Fold) TileCost {
	t := p.timing(&f)
	g := newGroups(f.Config, f.Taps, f.Channels)
	b := block{
		Config: f.Config, rows: f.Rows, cols: f.Cols,
		rowAxis: axis{f.Rows, 1, 0}, colAxis: axis{f.Cols, 1, 0},
		terms: g.stretch(f.FirstGroup, f.Groups), rowsPassed: t.rows,
		startIn: f.enters(), half: !f.SumsOut,
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
	l, end := t.start(), ledger{now: t.issued}
	end.leave(p.leaves(&t))
	l.now += end.now
	l.add(t.inside(), 1)
	l.add(end.booking, 1)
	return p.cost(l, p.actions(b))
}

func (p Params) cost(l ledger, actions TileCounts) TileCost {
	actions[IdlePECycles] = int64(p.Rows)*int64(p.Cols)*l.now - actions[MACs]
	return TileCost{l.now, actions.Add(l.counts())}
}

// Tile is the closed form of the folds that cover a tile, in the order of Folds. Equal folds are one class, so its work does
// not grow with their number. The configuration is one that Check accepts, and the tile one that Validate does.
func (p Params) Tile(t Tile) TileCost {
	g := newGroups(t.Config, t.Taps, t.Channels)
	b := block{
		Config: t.Config, rows: t.Rows, cols: t.Cols,
		rowAxis: newAxis(t.Rows, p.rowsPerFold(t.Config)), colAxis: newAxis(t.Cols, p.colsPerFold(t.Config)),
		terms: g.all(), startIn: t.Resume || t.Held, half: !t.Spill,
	}
	b.reads, b.writes = once(t.Resume), once(t.Spill)
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
	return p.cost(p.sequence(&t, &g), p.actions(b).Scale(t.products()))
}

// Cycles is what Tile says of them, without the counts.
func (p Params) Cycles(t Tile) int64 {
	g := newGroups(t.Config, t.Taps, t.Channels)
	return p.sequence(&t, &g).now
}

func once(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
