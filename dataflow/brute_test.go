package dataflow_test

import (
	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/workloads"
)

// span is a range of one dimension, from inclusive to exclusive.
type span struct{ from, to int64 }

func (s span) len() int64 { return s.to - s.from }

// nest is a product and a choice seen without the planner: every dimension with its extent, walked tile by tile.
type nest struct {
	p                *workloads.Product
	c                *geometry.Choice
	wu, taps, alone  bool // WU; the K loop walks taps; positions are read once each, whatever image they are of
	images, rows     int64
	wide             int64 // positions of a row
	channels, kernel int64
	extent           map[word.Dim]int64
	step             map[word.Dim]int64
	compressed       bool  // the weights come pruned
	join             int64 // products that are one
}

func newNest(p *workloads.Product, c *geometry.Choice, pregenerated bool) *nest {
	g := &p.Patches
	n := &nest{p: p, c: c, wu: p.Stage == workloads.WU, images: g.Images, rows: g.OutH, wide: g.OutW, channels: p.Channels, kernel: p.Taps}
	positions := p.Rows
	if n.wu {
		n.kernel = g.KernelH * g.KernelW
		n.channels, positions = p.Rows/n.kernel, p.Channels
	}
	n.alone = g.Images*g.OutH*g.OutW != positions || *g == workloads.Patches{
		Images: g.Images, OutH: g.OutH, OutW: g.OutW, InH: g.OutH, InW: g.OutW, Channels: g.Channels,
		KernelH: 1, KernelW: 1, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1,
	}
	if n.alone {
		n.images, n.rows, n.wide = positions, 1, 1
	}
	n.taps = !n.wu && n.kernel > 1
	n.compressed = pregenerated && !n.wu && p.Sparse.Ratio.M > 1 && p.Sparse.Operand == workloads.North
	n.join = max(c.Join.Side, 1) * max(c.Join.Stack, 1)
	n.compressed = n.compressed || n.join > 1
	k := n.channels
	if !n.wu {
		n.channels *= n.join
		k = n.channels
	}
	if n.taps {
		k = n.kernel
	}
	n.extent = map[word.Dim]int64{word.DimG: p.Count / n.join, word.DimB: n.images, word.DimT: n.rows, word.DimK: k, word.DimF: p.Cols * n.join}
	n.step = map[word.Dim]int64{word.DimG: c.Tile.G, word.DimB: c.Tile.B, word.DimT: c.Tile.T, word.DimK: c.Tile.K, word.DimF: c.Tile.F}
	return n
}

// tiles visits every tile of an operand that is kept at a level: the loops outside walk their steps, those inside are whole.
func (n *nest) tiles(level int, visit func(map[word.Dim]span)) {
	at := map[word.Dim]span{}
	for _, d := range n.c.Order[level:] {
		at[d] = span{0, n.extent[d]}
	}
	var walk func(i int)
	walk = func(i int) {
		if i == level {
			visit(at)
			return
		}
		d := n.c.Order[i]
		for from := int64(0); from < n.extent[d]; from += n.step[d] {
			at[d] = span{from, min(from+n.step[d], n.extent[d])}
			walk(i + 1)
		}
	}
	walk(0)
}

// window counts the distinct positions that outputs from..to-1 read in one dimension.
func window(outputs span, in, kernel, stride, dilation, pad int64) int64 {
	seen := map[int64]bool{}
	for o := outputs.from; o < outputs.to; o++ {
		for k := range kernel {
			if at := o*stride + k*dilation - pad; at >= 0 && at < in {
				seen[at] = true
			}
		}
	}
	return int64(len(seen))
}

// patches is the bytes of a tile of the gathered operand: exact, and as a word charges them, where all bands of rows but the first and
// the last are as long as the longest of them.
func (n *nest) patches(at map[word.Dim]span) (exact, charged int64) {
	channels := at[word.DimK].len()
	if n.taps {
		channels = n.channels
	}
	if n.wu {
		channels *= n.join
	}
	per := 2 * at[word.DimG].len() * at[word.DimB].len() * channels
	if n.alone {
		return per, per
	}
	g := &n.p.Patches
	per *= window(span{0, n.wide}, g.InW, g.KernelW, g.StrideW, g.DilationW, g.PadLeft)
	high := func(rows span) int64 { return window(rows, g.InH, g.KernelH, g.StrideH, g.DilationH, g.PadTop) }
	rows := at[word.DimT]
	exact = high(rows)
	charged = exact
	if rows.from > 0 && rows.to < n.rows {
		for from := n.step[word.DimT]; from+n.step[word.DimT] < n.rows; from += n.step[word.DimT] {
			charged = max(charged, high(span{from, from + n.step[word.DimT]}))
		}
	}
	return per * exact, per * charged
}

// weights is the bytes of a tile of W, padded to 64: element by element.
func (n *nest) weights(at map[word.Dim]span, compressed bool) int64 {
	taps, channels := span{0, n.kernel}, at[word.DimK]
	if n.taps {
		taps, channels = at[word.DimK], span{0, n.channels}
	}
	var bits int64
	for range at[word.DimG].len() * taps.len() * at[word.DimF].len() {
		for c := channels.from; c < channels.to; c++ {
			r := n.p.Sparse.Ratio
			switch {
			case n.join > 1: // of all products' channels the column's own
				if side := max(n.c.Join.Side, 1); c%(side*n.p.Channels) < n.p.Channels { // and as many of every other block's, all zero
					bits += 16
					for m := int64(1); side > 1 && m < side*n.p.Channels; m *= 2 {
						bits++
					}
				}
			case !compressed:
				bits += 16
			case (c-channels.from)%int64(r.M) < int64(r.N):
				bits += 16
				for m := 1; m < r.M; m *= 2 { // ceil(log2 M)
					bits++
				}
			}
		}
	}
	return (bits + 511) / 512 * 64
}

// outputs is the elements of a tile of what the product makes.
func (n *nest) outputs(at map[word.Dim]span) int64 {
	if n.wu {
		all := at[word.DimG].len() * n.kernel * at[word.DimK].len() * at[word.DimF].len()
		if r := n.p.Sparse.Ratio; n.p.Sparse.Held {
			return all / int64(r.M) * int64(r.N)
		}
		return all
	}
	return at[word.DimG].len() * at[word.DimB].len() * at[word.DimT].len() * n.wide * at[word.DimF].len()
}

// traffic is a product's bytes by a walk over all tiles.
type traffic struct{ west, exactWest, north, exactNorth, out, outTiles int64 }

func (n *nest) traffic() (t traffic) {
	gathered, other := n.c.West, n.c.North
	transposed := n.p.Sparse.Operand == workloads.West
	if transposed {
		gathered, other = other, gathered
	}
	var exact, charged, rest int64
	n.tiles(gathered, func(at map[word.Dim]span) {
		e, c := n.patches(at)
		exact += e
		charged += c
	})
	n.tiles(other, func(at map[word.Dim]span) {
		if n.wu {
			rest += 2 * at[word.DimG].len() * at[word.DimB].len() * at[word.DimT].len() * n.wide * at[word.DimF].len()
			return
		}
		rest += n.weights(at, n.compressed)
	})
	t = traffic{west: charged, exactWest: exact, north: rest, exactNorth: rest}
	if transposed {
		t = traffic{west: rest, exactWest: rest, north: charged, exactNorth: exact}
	}
	each := int64(2)
	if n.wu {
		each = 4
	}
	n.tiles(n.c.Out, func(at map[word.Dim]span) {
		t.out += each * n.outputs(at)
		t.outTiles++
	})
	return t
}
