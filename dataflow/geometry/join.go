package geometry

import (
	"fmt"

	"satsim/arch/stce"
	"satsim/internal/diag"
	"satsim/internal/nm"
)

// Join is how many products of a grouped convolution are one on the array. They have positions in common and channels side by side, so of a group of
// operands each column can keep those of its own product. With C channels and F filters a product, Side s of them and Stack q,
//
//	FF, BP  positions x q sF outputs, taps of q groups of sC channels each, C:sC      a depthwise one: 1:s
//	WU      taps q C x q sF outputs, positions of one group of s channels each, 1:s   row (tap, block, i) has channel i of every product of a block
//
// No index is searched for: which operands a column keeps is where it lies. Blocks of s products may lie below each other too, each with columns of its own. In FF
// and BP a column has weights for the groups of all blocks, which are zero but in its own: a block takes the array's time for all, which is nothing where results
// that leave, or rows without a group, keep it waiting anyway. In WU the taps of few products leave rows empty, and an element waits for the adder between two
// positions; what rows of one block and columns of another make is nobody's: it takes energy and room in the output buffer, but no time that the block's own did
// not, and nobody reads it. So a side of 1, dense, is what an array without registers for groups can do.
type Join struct {
	Side  int64 `yaml:"side"`            // products whose channels share a group; 0: none is joined
	Stack int64 `yaml:"stack,omitempty"` // so many blocks of these; 0 or 1: one
}

// products of a block, or of all.
func (j Join) products() int64 { return max(j.Side, 1) * j.blocks() }
func (j Join) blocks() int64   { return max(j.Stack, 1) }

// IsNone reports that every product is alone.
func (j Join) IsNone() bool { return j.Side == 0 }

// String is as a choice's in short has it.
func (j Join) String() string {
	if j.Stack > 1 {
		return fmt.Sprintf("j%dx%d", j.Side, j.Stack)
	}
	return fmt.Sprintf("j%d", j.Side)
}

// Joinable reports whether a shape is that of a grouped convolution's products, none of them pruned.
func (s *Shape) Joinable() bool {
	return !s.Lanes && s.G > 1 && s.CTotal == s.G*s.C && s.FTotal == s.G*s.F && s.Ratio.IsDense() && s.Join.IsNone() && !s.holds()
}

// Joins are what the search tries: as many side by side as divide G and the array has registers for, and half of them, and so on; of the most, as many blocks as
// divide the rest and are of use.
func (s *Shape) Joins(p *stce.Params) (out []Join) {
	if !s.Joinable() {
		return nil
	}
	side := min(s.G, int64(p.MaxM))
	for side > 1 && (s.G%side != 0 || s.fitsJoined(p, side) != nil) {
		side--
	}
	for j := side; j > 1; j /= 2 {
		if out = append(out, Join{Side: j}); j%2 != 0 {
			break
		}
	}
	blocks := s.G / side
	for q := int64(2); q <= blocks && s.useful(p, side, q); q++ {
		if blocks%q == 0 {
			out = append(out, Join{side, q})
		}
	}
	return out
}

// useful reports whether so many blocks can be of use: in WU while they fill rows, or columns of all interleaved outputs; in FF and BP while the results of a
// fold of interleaved rows keep the array waiting, or rows are without a group, and columns are.
func (s *Shape) useful(p *stce.Params, side, q int64) bool {
	rows, cols, deep := int64(p.Rows), int64(p.Cols), int64(p.MaxInterleave)
	if s.WU {
		return q*s.Taps*s.C <= rows || q*side*s.F <= cols*deep
	}
	groups := s.Taps // of a block, each for as many slots as it has kept operands
	if side == 1 {
		groups *= s.C
	}
	last := q - 1 // without the block
	return last*side*s.F < cols && (last*groups < rows || last*s.Taps*s.C*max(deep, int64(p.AddLatency)) < rows*deep)
}

// Joined is the shape with products joined. A diag.FieldError says why there is none.
func (s *Shape) Joined(p *stce.Params, j Join) (*Shape, error) {
	if j.IsNone() && j.Stack == 0 {
		return s, nil
	}
	switch {
	case !s.Joinable():
		return nil, diag.Field("join", fmt.Sprintf("%v: the products are not those of a grouped convolution, dense", j), "none")
	case j.Side < 1 || s.G%j.Side != 0:
		return nil, diag.Field("join.side", fmt.Sprintf("%d of %d products", j.Side, s.G), "a divisor of 1 or more")
	case j.Stack < 0 || s.G/j.Side%j.blocks() != 0:
		return nil, diag.Field("join.stack", fmt.Sprintf("%d of %d blocks", j.Stack, s.G/j.Side), "a divisor")
	case j.products() == 1:
		return nil, diag.Field("join", fmt.Sprintf("%v: one product", j), "two or more, or none")
	}
	if err := s.fitsJoined(p, j.Side); err != nil {
		return nil, err
	}
	out := *s
	out.Join, out.G, out.F = j, s.G/j.products(), s.F*j.products()
	if !s.WU {
		out.C *= j.products()
	}
	return &out, nil
}

func (s *Shape) fitsJoined(p *stce.Params, side int64) error {
	n, m := int64(1), side
	switch {
	case side == 1: // dense
		return nil
	case !s.WU:
		n, m = s.C, side*s.C
	}
	if n > int64(p.MaxN) || m > int64(p.MaxM) {
		return diag.Field("join.side", fmt.Sprintf("%d products are %d:%d on the array", side, n, m), fmt.Sprintf("up to max_n %d and max_m %d", p.MaxN, p.MaxM))
	}
	return nil
}

// Blocks of a joined shape on the array's diagonal; 0: it is not joined.
func (s *Shape) Blocks() int64 {
	if s.Join.IsNone() {
		return 0
	}
	return s.Join.blocks()
}

// ArrayRatio is the N:M on the array.
func (s *Shape) ArrayRatio() nm.Ratio {
	switch {
	case s.holds():
		return nm.Ratio{N: 1, M: s.Keeps.M}
	case s.Join.IsNone():
		return s.Ratio
	case s.Join.Side < 2:
		return nm.Dense
	case s.WU:
		return nm.Ratio{N: 1, M: int(s.Join.Side)}
	}
	c := s.C / s.Join.products()
	return nm.Ratio{N: int(c), M: int(c * s.Join.Side)}
}

// PositionChannels is the channels of a position that a product reads, all of those side by side.
func (s *Shape) PositionChannels() int64 {
	if s.WU {
		return s.C * s.Join.products()
	}
	return s.C
}

// Room is what an operand's tile takes of its buffer. Gradients of products side by side get their places there, as the array takes them.
func (s *Shape) Room(o Operand, x Transfer) int64 {
	if o != Grads || s.Join.IsNone() {
		return x.Bytes
	}
	value := nm.FP16.StoredBits()
	return (x.Bytes*nm.Packed(s.ArrayRatio()).StoredBits() + value - 1) / value
}
