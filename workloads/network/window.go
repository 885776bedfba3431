package network

import "satsim/workloads"

// phase is one residue of the input position modulo the stride, in one dimension: its positions and the taps that reach
// them, as a gather from dY with stride 1.
type phase struct {
	positions int64
	taps      int64
	dilation  int64 // steps in dY between taps
	pad       int64 // position q, tap j reads dY at q + j*dilation - pad
}

// phases splits the gradient of one dimension of a window operator. Input position i = p + s*q is reached from output o
// by tap k when o*s + k*d - pad = i. The taps of a phase are those with k*d = p + pad (mod s): they are g = s/gcd(s, d)
// apart, and a step of g taps moves o by -d/gcd(s, d). Taps are walked from the last to the first so that o ascends.
func phases(in, kernel, stride, dilation, pad int64) []phase {
	common := gcd(stride, dilation)
	step := stride / common
	out := make([]phase, stride)
	for p := range stride {
		ph := phase{dilation: dilation / common}
		if in > p {
			ph.positions = (in-p-1)/stride + 1
		}
		first := int64(-1)
		for k := int64(0); k < min(kernel, step); k++ {
			if (k*dilation-p-pad)%stride == 0 {
				first = k
				break
			}
		}
		if first >= 0 {
			ph.taps = (kernel-first-1)/step + 1
			// Output read by the first tap at q = 0; the division is exact.
			origin := (p + pad - first*dilation) / stride
			ph.pad = (ph.taps-1)*ph.dilation - origin
		}
		out[p] = ph
	}
	return out
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// touched counts the input positions of one dimension that some output's window reads. Output o reads position i by tap k when
// o*stride + k*dilation - pad = i: taps are those k = first (mod step) for which o lies within [0, out).
func touched(in, out, kernel, stride, dilation, pad int64) int64 {
	step := stride / gcd(stride, dilation)
	first := make([]int64, stride) // of the taps that reach a residue of i + pad; -1: none does
	for r := range first {
		first[r] = -1
	}
	for k := min(kernel, step) - 1; k >= 0; k-- {
		first[k*dilation%stride] = k
	}
	var n int64
	for i := range in {
		at := i + pad
		k := first[((at%stride)+stride)%stride]
		if k < 0 {
			continue
		}
		// Of the taps that reach it, the nearest to the last output's own.
		if over := at - (out-1)*stride - k*dilation; over > 0 {
			k += (over + step*dilation - 1) / (step * dilation) * step
		}
		if k < kernel && at-k*dilation >= 0 {
			n++
		}
	}
	return n
}

// patchesOf is how a window operator's outputs gather its input.
func patchesOf(n Layer) workloads.Patches {
	x, y := n.In[0], n.Out
	return workloads.Patches{
		Images: x[0], OutH: y[1], OutW: y[2], InH: x[1], InW: x[2], Channels: x[3],
		KernelH: n.Kernel[0], KernelW: n.Kernel[1], StrideH: n.Stride[0], StrideW: n.Stride[1],
		DilationH: n.Dilation[0], DilationW: n.Dilation[1], PadTop: n.Pads[0], PadLeft: n.Pads[1],
	}
}

// rowsOf is the geometry of a layer that reads each of rows positions once.
func rowsOf(images, rows, channels int64) workloads.Patches {
	return workloads.Patches{
		Images: images, OutH: 1, OutW: rows, InH: 1, InW: rows, Channels: channels,
		KernelH: 1, KernelW: 1, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1,
	}
}
