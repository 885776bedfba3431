package geometry

import (
	"fmt"

	"satsim/arch/stce"
	"satsim/internal/diag"
	"satsim/internal/nm"
)

// Products of a grouped convolution have positions in common and channels side by side, so j of them can be one product on the array: of a group of operands
// each column keeps those of its own product. With C channels and F filters a product,
//
//	FF, BP  positions x jF outputs, taps of one group of jC channels each, C:jC       a depthwise one: 1:j
//	WU      taps C x jF outputs, positions of one group of j channels each, 1:j        row (tap, i) has channel i of every product
//
// No index is searched for: which operands a column keeps is where it lies.

// Joinable reports whether a shape is that of a grouped convolution's products, none of them pruned.
func (s *Shape) Joinable() bool {
	return s.G > 1 && s.CTotal == s.G*s.C && s.FTotal == s.G*s.F && s.Ratio.IsDense() && s.Join == 0
}

// Joins are the numbers of products that the search joins: the most that divide G and that the array has registers for, and their halves.
func (s *Shape) Joins(p *stce.Params) (out []int64) {
	if !s.Joinable() {
		return nil
	}
	for j := s.G; j > 1; j-- {
		if s.G%j != 0 || s.fitsJoined(p, j) != nil {
			continue
		}
		for out = append(out, j); j%2 == 0 && j > 2; j /= 2 {
			out = append(out, j/2)
		}
		break
	}
	return out
}

// Joined is the shape of j products a time; j of 0 or 1: as it is. A diag.FieldError says why there is none.
func (s *Shape) Joined(p *stce.Params, j int64) (*Shape, error) {
	if j == 0 || j == 1 {
		return s, nil
	}
	switch {
	case !s.Joinable():
		return nil, diag.Field("join", fmt.Sprintf("%d products as one; these are not those of a grouped convolution, dense", j), "1")
	case j < 0 || s.G%j != 0:
		return nil, diag.Field("join", fmt.Sprintf("%d does not divide %d products", j, s.G), "1 or a divisor")
	}
	if err := s.fitsJoined(p, j); err != nil {
		return nil, err
	}
	out := *s
	out.Join, out.G, out.F = j, s.G/j, s.F*j
	if !s.WU {
		out.C *= j
	}
	return &out, nil
}

func (s *Shape) fitsJoined(p *stce.Params, j int64) error {
	r := s.joinedRatio(s.C, j)
	if r[0] > int64(p.MaxN) || r[1] > int64(p.MaxM) {
		return diag.Field("join", fmt.Sprintf("%d products are %d:%d on the array", j, r[0], r[1]), fmt.Sprintf("up to max_n %d and max_m %d", p.MaxN, p.MaxM))
	}
	return nil
}

// joinedRatio is N and M of j products of c channels.
func (s *Shape) joinedRatio(c, j int64) [2]int64 {
	if s.WU {
		return [2]int64{1, j}
	}
	return [2]int64{c, j * c}
}

// PositionChannels is the channels of a position that a product reads, all of those side by side.
func (s *Shape) PositionChannels() int64 {
	if s.WU && s.Join > 1 {
		return s.C * s.Join
	}
	return s.C
}

// ArrayRatio is the N:M on the array.
func (s *Shape) ArrayRatio() nm.Ratio {
	switch {
	case s.Join > 1 && s.WU:
		return nm.Ratio{N: 1, M: int(s.Join)}
	case s.Join > 1:
		return nm.Ratio{N: int(s.C / s.Join), M: int(s.C)}
	case s.WU:
		return nm.Dense
	}
	return s.Ratio
}

// Room is what an operand's tile takes of its buffer. Gradients of products side by side get their places there, as the array takes them.
func (s *Shape) Room(o Operand, x Transfer) int64 {
	if o != Grads || s.Join == 0 {
		return x.Bytes
	}
	value := int64(nm.FP16.Bits)
	return (x.Bytes*(value+int64(s.ArrayRatio().IndexBits())) + value - 1) / value
}
