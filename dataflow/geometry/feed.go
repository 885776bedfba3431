package geometry

import (
	"satsim/arch/buffer"
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/internal/nm"
)

// Feed is by how much the buffers stretch the array's steps: the demand of package buffer's table against each buffer's supply, and
// accesses that meet in a bank. k is the step of the K loop.
func (s *Shape) Feed(sp *spec.Spec, a Array, k int64) buffer.Fraction {
	meet := int64(1)
	if s.PositionMajor(a) {
		meet = s.Meetings(sp, k)
	}
	return s.FeedWith(sp, a, meet)
}

// FeedWith is Feed where so many accesses meet in a bank of the west buffer. Rates are those of a group, of all outputs of an element: it lasts as long as its
// slots, or as its operands are on the west link, which is in the array's cycles already.
func (s *Shape) FeedWith(sp *spec.Spec, a Array, meet int64) buffer.Fraction {
	p, b := &sp.STCE, &sp.Buffers
	r := s.ArrayRatio()
	n, m, i, link := int64(r.N), int64(r.M), int64(a.Interleave), int64(p.LinkWidth)
	rows, cols := int64(p.Rows), int64(p.Cols)
	side, weights := int64(1), n*i // outputs that a link carries side by side, and weights of a column
	if a.Over == stce.OverT {
		side, weights = i, n
	}
	last := max(n*i, (side*m+link-1)/link)
	if !s.Join.IsNone() && a.Mode == stce.OS { // or as its hazards, which are most of a position's time where outputs are few
		last = max(last, n*int64(p.AddLatency))
	}
	slow := b.West.Slow(buffer.Fraction{Num: 16 * rows * m * side, Den: last})
	if a.Mode == stce.OS {
		slow = buffer.Larger(slow, b.North.Slow(buffer.Fraction{Num: nm.Packed(r).StoredBits() * cols * weights, Den: last}))
	} else if s.kFolds(r, rows) > 1 && p.PartialSums == stce.SumsCharged {
		slow = buffer.Larger(slow, b.Output.Slow(buffer.Fraction{Num: 32 * cols * i, Den: last}))
	}
	return buffer.Larger(slow, buffer.Fraction{Num: meet * side, Den: last})
}

// Meetings is the most accesses of one bank of the west buffer when the array's rows carry (tap, channel).
func (s *Shape) Meetings(sp *spec.Spec, k int64) int64 {
	b, rows := &sp.Buffers.West, int64(sp.STCE.Rows)
	west, _ := s.Sides()
	switch {
	case west != Patches:
		return 1
	case s.WU && !s.Join.IsNone(): // the rows of a tap, of all blocks, share the channels of a position
		return s.meet(b, max(rows/(s.C*s.Join.blocks()), 1), s.PositionChannels(), s.PositionChannels())
	case s.WU:
		return s.meet(b, rows, k, 1)
	default:
		return s.meet(b, rows, s.C, int64(s.ArrayRatio().M))
	}
}

// positionMajor: the array's rows carry (tap, channel), so a step reads neighbouring ones of one position.
func (s *Shape) PositionMajor(a Array) bool { return s.WU == (a.Mode == stce.OS) }

// kFolds is the number of K folds of a WS tile.
func (s *Shape) kFolds(r nm.Ratio, rows int64) int64 {
	if s.WU {
		return (s.positions() + rows - 1) / rows
	}
	return (s.Taps*int64(r.Groups(int(s.C))) + rows - 1) / rows
}

// meet is the most accesses of one bank when rows neighbouring groups of m channels, c channels a tap, are read at one position.
func (s *Shape) meet(b *buffer.Geometry, rows, c, m int64) int64 {
	words := int64(b.WordBits / 16)
	perTap := (c + m - 1) / m
	total := s.Taps * perTap
	g := &s.Gather
	most := int64(1)
	var set []buffer.Access
	for first := int64(0); first < total; first += rows {
		set = set[:0]
		for i := first; i < min(first+rows, total); i++ {
			tap, group := i/perTap, i%perTap
			x, y := tap%g.KernelW*g.DilationW, tap/g.KernelW*g.DilationH
			for ch := group * m; ch < min((group+1)*m, c); ch += words {
				set = append(set, buffer.Access{Place: x/g.StrideW + y/g.StrideH*s.OW, Word: ch / words, Line: tap})
			}
		}
		most = max(most, b.Conflicts(set))
	}
	return most
}

// EdgeSort is SORE's work on an array tile whose weights are pruned between the north buffer and the array: OS reads them anew for every
// row fold, WS once.
func (s *Shape) EdgeSort(p *stce.Params, a Array, w *word.Work) (runs, channels int64) {
	runs, channels = w.Taps*w.Cols, w.Channels
	if a.Mode == stce.OS {
		rows := int64(p.Rows)
		if a.Over == stce.OverT {
			rows *= int64(a.Interleave)
		}
		runs *= (w.Rows + rows - 1) / rows
	}
	return runs, channels
}

// EdgeSlow is by how much SORE at the array's edge stretches a tile of so many cycles.
func (s *Shape) EdgeSlow(sp *spec.Spec, a Array, w *word.Work, cycles int64) buffer.Fraction {
	runs, channels := s.EdgeSort(&sp.STCE, a, w)
	c := sp.SORE.Cost(sore.Job{Runs: runs, Channels: channels, Ratio: s.Ratio})
	return buffer.Larger(buffer.One, buffer.Fraction{Num: c.Issue, Den: cycles})
}
