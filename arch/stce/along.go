package stce

// Along is what the tiles along one axis of a product add to a bound of them all: LeastOf. What a tile takes at least is a sum of products of what each axis
// knows of it, so a grid of tiles takes at least the same sum of products of the axes' sums.
type Along struct {
	tiles int64 // so many
	folds int64 // of the array, full or not
	sizes int64 // rows, columns or groups
	each  int64 // of an interleaved axis: what its folds take for a group (OS), or a row (WS), but for the last
	last  int64 // and for the last
	rest  int64 // lanes of each tile's last fold, less one
	depth int64 // outputs interleaved in it
	deep  int64 // rest, each so often
	first int64 // WS: lanes of each tile's first fold whose weights have entered before the first slot
}

// Plus adds so many tiles like those of b.
func (a Along) Plus(b Along, times int64) Along {
	return Along{
		a.tiles + b.tiles*times, a.folds + b.folds*times, a.sizes + b.sizes*times, a.each + b.each*times, a.last + b.last*times,
		a.rest + b.rest*times, a.depth + b.depth*times, a.deep + b.deep*times, a.first + b.first*times,
	}
}

// RowsAlong are a tile's rows.
func (p Params) RowsAlong(c Config, rows int64) Along {
	if c.Mode == OS {
		return p.along(c, rows, int64(p.Rows), c.Over == OverT)
	}
	a := Along{tiles: 1, folds: 1, sizes: rows} // they stream by, whatever the array's size
	if c.Over == OverT {
		depth := min(int64(c.Interleave), rows)
		batches := ceil(rows, depth)
		round := max(depth, int64(p.AddLatency)) * int64(c.Ratio.N-1)
		a.each, a.last = (batches-1)*(round+depth), round+rows-(batches-1)*depth
		a.each += max(batches-2, 0) * max(0, ceil(depth*int64(c.Ratio.M), int64(p.LinkWidth))-round-depth)
	}
	return a
}

// ColsAlong are a tile's columns.
func (p Params) ColsAlong(c Config, cols int64) Along {
	return p.along(c, cols, int64(p.Cols), c.Over == OverF)
}

// TermsAlong are a tile's terms of the reduction. Where taps end in short groups, those are left out, and what meets them.
func (p Params) TermsAlong(c Config, taps, channels int64) Along {
	g := newGroups(c, taps, channels)
	a := Along{tiles: 1, sizes: g.total()}
	switch {
	case g.shortM > 0 && g.perTap == 1 || g.shortM > 0 && c.Mode == WS:
		a.sizes = 0
	case g.shortM > 0:
		a.sizes = taps*(g.perTap-2) + 1
	case c.Mode == WS:
		k := newAxis(a.sizes, int64(p.Rows))
		a.folds, a.first, a.rest = k.folds(), k.first(), k.last()-1
		if p.Preload == PreloadChase { // the first row may begin once its own have entered
			a.first = 1
		}
	}
	return a
}

// along is an axis that falls into folds of so many lanes, each with one output, or with as many as are interleaved.
func (p Params) along(c Config, size, lanes int64, interleaved bool) Along {
	per := lanes
	if interleaved {
		per *= int64(c.Interleave)
	}
	k := newAxis(size, per)
	a := Along{tiles: 1, folds: k.folds(), sizes: size, rest: min(k.last(), lanes) - 1}
	if interleaved {
		a.depth = ceil(k.last(), lanes)
		a.deep = a.rest * a.depth
		a.each = k.sum(func(n int64) int64 { each, _ := p.pace(c, ceil(n, lanes)); return each })
		a.last = k.sum(func(n int64) int64 { _, last := p.pace(c, ceil(n, lanes)); return last })
	}
	return a
}

// pace is what a fold of so many interleaved outputs takes for a group (OS) or a row (WS, over F) that another follows, and for the last.
func (p Params) pace(c Config, depth int64) (each, last int64) {
	n, m, side := int64(c.Ratio.N), int64(c.Ratio.M), int64(1)
	round := max(depth, int64(p.AddLatency))
	last = (n-1)*round + depth
	if c.Mode == WS {
		return max(last, ceil(m, int64(p.LinkWidth))), last
	}
	if c.Over == OverT {
		side = depth
	}
	return max(n*round, ceil(side*m, int64(p.LinkWidth))), last
}

// LeastOf is what all tiles of a grid take at least, one after the other: every fold's slots, and each tile's way through the array until its results have left.
// What lies between a tile's folds is not in it, as it is in Least.
func (p *Params) LeastOf(c *Config, rows, cols, terms *Along) (slots, ends int64) {
	n, mul, add := int64(c.Ratio.N), int64(p.MulLatency), int64(p.AddLatency)
	ends = terms.tiles * rows.tiles * (cols.tiles*(mul+add-1) + cols.rest)
	issue := int64(0)
	switch {
	case c.Mode == WS:
		ends += rows.tiles * cols.tiles * n * (terms.first + terms.rest*add)
		issue = terms.folds * cols.folds * (rows.each + rows.last)
		if c.Over == OverF {
			issue = terms.folds * ((rows.sizes-rows.tiles)*cols.each + rows.tiles*cols.last)
		}
		return issue, ends
	case c.Over == OverF:
		issue = rows.folds * ((terms.sizes-terms.tiles)*cols.each + terms.tiles*cols.last)
	default:
		issue = cols.folds * ((terms.sizes-terms.tiles)*rows.each + terms.tiles*rows.last)
	}
	ends += terms.tiles * cols.tiles * rows.rest
	if p.Drain != DrainHidden {
		ends += terms.tiles * (cols.tiles*(rows.deep+1) + rows.rest*cols.depth)
	}
	return max(issue, 0), ends
}
