package geometry

import (
	"satsim/arch/stce"
	"satsim/internal/nm"
	"satsim/workloads"
)

// Shape is a product as the loops see it: G independent products, positions (B images of OH x OW), K = Taps x C, and F.
//
//	FF, BP  Out[positions x F] = Patches[positions x K] W[K x F]    reduced over K
//	WU      dW[K x F]          = Patches[positions x K]^T dY         reduced over positions
type Shape struct {
	Stage     workloads.Stage
	G         int64
	B, OH, OW int64
	Taps, C   int64
	F         int64
	WU        bool // reduced over positions, whatever the stage is called

	Gather    workloads.Patches // of the patches' tensor
	Scattered bool              // rows of Out are not neighbours in memory: a phase of a strided BP
	FTotal    int64             // channels of a position in Out (FF, BP) or dY (WU): all groups
	CTotal    int64             // channels of a position in the patches' tensor

	Stored [4]nm.Format // each operand in memory, nothing pruned; Out as the product writes it
	Ratio  nm.Ratio     // of the pruned operand; 1:1 if none
	// Transposed: the patches are the sparse operand, so they take the value-serial side and rows and columns change places.
	Transposed bool
	// Exchanged: X and dY of WU have changed places, so that X is pruned, and Out is dW^T. Twice: X is sorted along its channels, and then along positions.
	Exchanged, Twice bool
	Permuted         bool     // groups of M channels of the patches are in no order of memory: each is whole in a tile, and read by itself
	Keeps            nm.Ratio // WU of weights whose masks stay: N of M channels of X for each column, and dW of those alone; the zero Ratio: of all
	Norm             Norm     // of what patches gather
	Join             Join     // products of a grouped convolution that are one in each of the G
	Lanes            bool     // the vector unit takes it, not the array
}

// ShapeOf is the shape of a product.
func ShapeOf(p *workloads.Product) Shape {
	g := p.Patches
	s := Shape{
		Stage: p.Stage, G: p.Count, B: g.Images, OH: g.OutH, OW: g.OutW,
		Taps: p.Taps, C: p.Channels, F: p.Cols, Gather: g,
		Ratio:  nm.Dense,
		Norm:   normOf(p.Norm),
		Stored: [4]nm.Format{Patches: p.West.Format, Weights: p.North.Format, Result: p.Out.Format, Grads: p.North.Format},
	}
	if p.Sparse.Held {
		s.Keeps = p.Sparse.Ratio
	} else if p.Sparse.Ratio != (nm.Ratio{}) && !p.Sparse.Ratio.IsDense() {
		s.Ratio = p.Sparse.Ratio
		s.Transposed = p.Sparse.Operand == workloads.West
		s.Permuted = p.Sparse.Permuted
		s.Exchanged, s.Twice = p.Stage == workloads.WU && p.North.Role == workloads.Activation, p.Sparse.Again
	}
	rows := p.Rows
	if p.Stage == workloads.WU {
		s.WU = true
		s.Taps = g.KernelH * g.KernelW
		s.C = p.Rows / s.Taps
		rows = p.Channels
	}
	each := workloads.Patches{
		InH: 1, InW: 1, OutH: 1, OutW: 1, KernelH: 1, KernelW: 1, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1,
	}
	if g.Images*g.OutH*g.OutW != rows {
		// Attention: the rows of a product are its own, read once each.
		s.B, s.OH, s.OW = rows, 1, 1
		s.Gather = each
		s.Gather.Images, s.Gather.Channels = rows, s.C
		s.CTotal, s.FTotal = s.C, s.F
		return s
	}
	s.CTotal, s.FTotal = g.Channels, s.G*s.F
	same := each
	same.Images, same.Channels, same.InH, same.InW, same.OutH, same.OutW = g.Images, g.Channels, g.InH, g.InW, g.InH, g.InW
	if g == same { // tokens, or a 1x1 convolution: positions are read once each, and images do not matter
		s.B, s.OH, s.OW = rows, 1, 1
		s.Gather = each
		s.Gather.Images, s.Gather.Channels = rows, g.Channels
	}
	return s
}

// Rows of the array's product and its columns and reduction, before any exchange for a transposed product.
func (s *Shape) positions() int64 { return s.B * s.OH * s.OW }

// Outputs are the rows and columns of the array's product in a tile.
func (s *Shape) Outputs(z *Sizes) (rows, cols int64) {
	rows, cols = z.B*z.T*s.OW, z.F
	switch {
	case s.holds():
		return s.Taps * z.K / int64(s.Keeps.M), z.F * int64(s.Keeps.N)
	case s.WU:
		return s.Taps * z.K, z.F
	case s.Transposed:
		return cols, rows
	}
	return rows, cols
}

// prunesWeights: W is the pruned operand.
func (s *Shape) PrunesWeights() bool { return !s.Ratio.IsDense() && !s.Transposed && !s.WU }

// PrunesGrads: dY of WU is the pruned operand, along positions, which are one dimension then.
func (s *Shape) PrunesGrads() bool { return !s.Ratio.IsDense() && s.WU }

// holds reports whether dW has kept places alone.
func (s *Shape) holds() bool { return s.Keeps.M > 0 }

// heldOf is how many of so many elements of dW there are.
func (s *Shape) heldOf(n int64) int64 {
	if s.holds() {
		return n / int64(s.Keeps.M) * int64(s.Keeps.N)
	}
	return n
}

// Takes reports whether the array may be configured so for the shape: outputs that hold their places, and channels that are in no order, are output stationary.
func (s *Shape) Takes(a Array) bool { return !s.holds() && !s.Permuted || a.Mode == stce.OS }

// positionCut is the unit of the b loop's step: a group of M positions is not cut.
func (s *Shape) positionCut() int64 {
	if s.PrunesGrads() {
		return int64(s.Ratio.M)
	}
	return 1
}

// columnCut is the unit of the f loop's step: a group of M channels is not cut where channels are sorted, too.
func (s *Shape) columnCut() int64 {
	if s.Twice {
		return int64(s.Ratio.M)
	}
	return 1
}

// bytes of n elements of an operand.
func (s *Shape) bytes(o Operand, n int64) int64 { return s.Stored[o].Bytes(n) }

// Held is how a tile of Out waits in the output buffer: as FP32 where its sums are not whole, or go to the optimiser.
func (s *Shape) Held(split bool) nm.Format {
	if split {
		return nm.FP32
	}
	return s.Stored[Result]
}

// MACs of the shape, dense.
func (s *Shape) MACs() int64 { return s.G * s.positions() * s.Taps * s.C * s.F }

// axis is one dimension of the input that a band of outputs reads.
type axis struct{ in, kernel, stride, dilation, pad int64 }

// covered is how many distinct positions outputs from..to-1 read, padding left out.
func (a axis) covered(from, to int64) int64 {
	reach := (a.kernel-1)*a.dilation + 1
	if a.stride <= a.kernel && a.dilation == 1 { // windows touch: one interval
		lo := max(from*a.stride-a.pad, 0)
		hi := min((to-1)*a.stride-a.pad+reach, a.in)
		return max(hi-lo, 0)
	}
	if a.stride >= reach { // windows are apart
		var n int64
		for k := range a.kernel {
			at := k*a.dilation - a.pad // position of output 0
			lo, hi := from, to
			if at < 0 {
				lo = max(lo, (-at+a.stride-1)/a.stride)
			}
			hi = min(hi, (a.in-at+a.stride-1)/a.stride)
			n += max(hi-lo, 0)
		}
		return n
	}
	seen := make(map[int64]struct{}, (to-from)*a.kernel)
	for o := from; o < to; o++ {
		for k := range a.kernel {
			if p := o*a.stride + k*a.dilation - a.pad; p >= 0 && p < a.in {
				seen[p] = struct{}{}
			}
		}
	}
	return int64(len(seen))
}

// touch reports whether what so many neighbouring outputs read lies side by side, without gaps. Windows that are apart are runs of a position each: assumption.
func (a axis) touch(outputs int64) bool {
	if a.stride > a.kernel || a.dilation == 1 {
		return a.stride <= a.kernel
	}
	inside := a
	inside.pad, inside.in = 0, (outputs-1)*a.stride+(a.kernel-1)*a.dilation+1
	return inside.covered(0, outputs) == inside.in
}

func (s *Shape) high() axis {
	g := &s.Gather
	return axis{g.InH, g.KernelH, g.StrideH, g.DilationH, g.PadTop}
}

func (s *Shape) wide() axis {
	g := &s.Gather
	return axis{g.InW, g.KernelW, g.StrideW, g.DilationW, g.PadLeft}
}
