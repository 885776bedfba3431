package flow

import (
	"satsim/arch/word"
	"satsim/dataflow/geometry"
	"satsim/workloads"
)

// axis is one dimension of what windows gather from.
type axis struct{ in, out, kernel, stride, dilation, pad int64 }

func high(p *workloads.Patches) axis {
	return axis{p.InH, p.OutH, p.KernelH, p.StrideH, p.DilationH, p.PadTop}
}

func wide(p *workloads.Patches) axis {
	return axis{p.InW, p.OutW, p.KernelW, p.StrideW, p.DilationW, p.PadLeft}
}

// positions counts those that windows from..to-1 read, by marking each.
func (a axis) positions(from, to int64) (n int64) {
	if a.kernel == 1 && a.stride == 1 && a.pad == 0 && to <= a.in {
		return to - from
	}
	seen := make([]bool, a.in)
	for o := from; o < to; o++ {
		for k := range a.kernel {
			if at := o*a.stride + k*a.dilation - a.pad; at >= 0 && at < a.in && !seen[at] {
				seen[at] = true
				n++
			}
		}
	}
	return n
}

// bands is how many positions all bands of so many windows read, each for itself: those between the first and the last like the longest.
func (a axis) bands(step int64) int64 {
	var n, longest, between int64
	for from := int64(0); from < a.out; from += step {
		to := min(from+step, a.out)
		rows := a.positions(from, to)
		if from == 0 || to == a.out {
			n += rows
			continue
		}
		between++
		longest = max(longest, rows)
	}
	return n + between*longest
}

// reached is how many elements some window of a product reads.
func reached(p *workloads.Patches) int64 {
	return p.Images * high(p).positions(0, p.OutH) * wide(p).positions(0, p.OutW) * p.Channels
}

// halo is how many elements are read more than once because bands of rows overlap.
func halo(p *workloads.Patches, loops []word.Loop) int64 {
	for _, l := range loops {
		if l.Dim == word.DimT && l.Trips > 1 {
			a := high(p)
			return p.Images * (a.bands(l.Step) - a.positions(0, p.OutH)) * wide(p).positions(0, p.OutW) * p.Channels
		}
	}
	return 0
}

// repeats is how often an operand's tiles are moved: once for every iteration of the loops outside that do not change them.
func repeats(s *geometry.Shape, o geometry.Operand, loops []word.Loop) int64 {
	n := int64(1)
	for _, l := range loops {
		if !s.Depends(o, l.Dim) {
			n *= l.Trips
		}
	}
	return n
}

// tiles lists those that loops cut an operand into, by size: elements, and how many there are.
func tiles(s *geometry.Shape, o geometry.Operand, loops []word.Loop, visit func(elements, times int64)) {
	one := map[word.Dim]int64{}
	for _, d := range []word.Dim{word.DimG, word.DimB, word.DimT, word.DimK, word.DimF} {
		_, one[d] = s.Loop(d, &geometry.Sizes{})
	}
	var walk func(i int, times int64)
	walk = func(i int, times int64) {
		if i == len(loops) {
			visit(elements(s, o, one), times)
			return
		}
		l := loops[i]
		if l.Trips == 1 || !s.Depends(o, l.Dim) {
			walk(i+1, times)
			return
		}
		whole := one[l.Dim]
		one[l.Dim] = l.Step
		walk(i+1, times*(l.Trips-1))
		one[l.Dim] = l.Edge
		walk(i+1, times)
		one[l.Dim] = whole
	}
	walk(0, 1)
}

// elements of a tile of weights or results.
func elements(s *geometry.Shape, o geometry.Operand, n map[word.Dim]int64) int64 {
	switch {
	case o == geometry.Grads:
		return n[word.DimG] * n[word.DimB] * n[word.DimT] * s.OW * n[word.DimF]
	case o == geometry.Weights && !s.WU && s.Taps > 1: // K walks taps
		return n[word.DimG] * n[word.DimK] * s.C * n[word.DimF]
	case s.WU && s.Keeps.M > 0:
		return n[word.DimG] * s.Taps * n[word.DimK] / int64(s.Keeps.M) * int64(s.Keeps.N) * n[word.DimF]
	case o == geometry.Weights, s.WU:
		return n[word.DimG] * s.Taps * n[word.DimK] * n[word.DimF]
	}
	return n[word.DimG] * n[word.DimB] * n[word.DimT] * s.OW * n[word.DimF]
}
