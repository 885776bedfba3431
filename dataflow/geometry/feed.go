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
		x := s.MeetingOf(sp, k)
		meet = x.Most()
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
	if (!s.Join.IsNone() || s.holds()) && a.Mode == stce.OS { // or as its hazards, which are most of a position's time where outputs are few
		last = max(last, n*int64(p.AddLatency))
	}
	slow := b.West.Slow(buffer.Fraction{Num: 16 * rows * m * side, Den: last})
	if a.Mode == stce.OS {
		value := nm.Packed(r)
		if s.holds() { // dY alone, each as often as it has columns
			value = nm.FP16
		}
		slow = buffer.Larger(slow, b.North.Slow(buffer.Fraction{Num: value.StoredBits() * cols * weights, Den: last}))
	} else if s.kFolds(r, rows) > 1 && p.PartialSums == stce.SumsCharged {
		slow = buffer.Larger(slow, b.Output.Slow(buffer.Fraction{Num: 32 * cols * i, Den: last}))
	}
	if (s.PrunesGrads() || s.Permuted) && a.Mode == stce.OS { // a row's group is at M positions, or at M channels, each of which is read by itself
		meet *= m
	}
	return buffer.Larger(slow, buffer.Fraction{Num: meet * side, Den: last})
}

// Meeting is rows of the array that read neighbouring groups of channels at one position: all that their meetings in a bank of the west buffer depend on.
type Meeting struct {
	west                 buffer.Geometry
	rows                 int64
	channels, m          int64 // of a tap; of a group
	taps, kernelW, outW  int64
	strideW, strideH     int64
	dilationW, dilationH int64
}

// MeetingOf the array's rows when they carry (tap, channel); k is the step of the K loop.
func (s *Shape) MeetingOf(sp *spec.Spec, k int64) Meeting {
	g := &s.Gather
	x := Meeting{
		west: sp.Buffers.West, rows: int64(sp.STCE.Rows), taps: s.Taps, kernelW: g.KernelW, outW: s.OW,
		strideW: g.StrideW, strideH: g.StrideH, dilationW: g.DilationW, dilationH: g.DilationH,
	}
	west, _ := s.Sides()
	switch {
	case west != Patches:
		x = Meeting{}
	case s.WU && !s.Join.IsNone(): // the rows of a tap, of all blocks, share the channels of a position
		x.rows, x.channels, x.m = max(x.rows/(s.C*s.Join.blocks()), 1), s.PositionChannels(), s.PositionChannels()
	case s.holds():
		x.channels, x.m = k, int64(s.Keeps.M)
	case s.WU:
		x.channels, x.m = k, 1
	default:
		x.channels, x.m = s.C, int64(s.ArrayRatio().M)
	}
	return x
}

// positionMajor: the array's rows carry (tap, channel), so a step reads neighbouring ones of one position.
func (s *Shape) PositionMajor(a Array) bool { return s.WU == (a.Mode == stce.OS) }

// kFolds is the number of K folds of a WS tile.
func (s *Shape) kFolds(r nm.Ratio, rows int64) int64 {
	if s.WU {
		return (int64(r.Groups(int(s.positions()))) + rows - 1) / rows
	}
	return (s.Taps*int64(r.Groups(int(s.C))) + rows - 1) / rows
}

// Most is the most accesses of one bank in a fold.
func (x *Meeting) Most() int64 {
	if x.rows == 0 {
		return 1
	}
	words := int64(x.west.WordBits / 16)
	perTap := (x.channels + x.m - 1) / x.m
	total := x.taps * perTap
	most := int64(1)
	var set []buffer.Access
	for first := int64(0); first < total; first += x.rows {
		set = set[:0]
		for i := first; i < min(first+x.rows, total); i++ {
			tap, group := i/perTap, i%perTap
			w, h := tap%x.kernelW*x.dilationW, tap/x.kernelW*x.dilationH
			for ch := group * x.m; ch < min((group+1)*x.m, x.channels); ch += words {
				a := buffer.Access{Place: w/x.strideW + h/x.strideH*x.outW, Word: ch / words, Line: tap}
				if len(set) == 0 || set[len(set)-1] != a { // neighbours share a word
					set = append(set, a)
				}
			}
		}
		most = max(most, x.west.Conflicts(set))
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
	if t, _ := sp.STCE.TileOf(s.Config(a), w); t.Products > 1 { // the cycles are of all
		runs *= t.Products
	}
	c := sp.SORE.Cost(sore.Job{Runs: runs, Channels: channels, Ratio: s.Ratio})
	return buffer.Larger(buffer.One, buffer.Fraction{Num: c.Issue, Den: cycles})
}
