// Package nm holds what an N:M sparsity ratio means: how many of a run of consecutive channels stay, which ones, and
// how the kept ones are packed. It is the only package that the architecture and the workloads share, so that both count
// the same elements.
//
// # Groups
//
// A group is M consecutive channels inside one tap (and inside one convolution group). A run of C channels has
// ceil(C/M) groups; a last group of r < M channels keeps min(N, r).
//
// # Which ones stay
//
// The N largest by magnitude; ties go to the lower index. Elements are FP16 bit patterns, and magnitude is the pattern
// without its sign, read as a whole number:
//
//	+0 = -0  <  subnormals  <  normals  <  infinity  <  NaN
//
// A NaN is larger than infinity, so that a fault is kept and shows itself instead of being pruned in silence; all NaNs are
// equal, whatever their payload (the machine writes one canonical NaN anyway). Subnormals count with their value: where
// arithmetic flushes them, they have become zeros before anything is pruned.
//
// # Two copies of one matrix
//
// W[K x F] with K = (tap, Cin), row-major, is pruned twice: down its columns along Cin inside each tap (the forward copy,
// MaskColumns) and along its rows (the backward copy, MaskRows). The two masks differ; Overlap says by how much.
//
// # Packed format
//
// Groups follow one another without gaps, bit after bit; bit b of the stream is bit b%8 of byte b/8. A group that keeps k
// elements is k values of 16 bits, least significant bit first, then k indices of w = ceil(log2 M) bits, in ascending
// order of index:
//
//	2:8    | value 0 (16) | value 1 (16) | i0 (3) | i1 (3) | next group ...     38 bits instead of 128
//
//	bits  = Runs * Kept(C) * (16 + w)
//	bytes = bits rounded up to whole bytes, then to whole bursts, once a tile; the rest is zero
//
// A short group holds its min(N, r) elements and no filler: the reader knows the run's length. Where N = M nothing is
// pruned, the position is the index, and w = 0.
//
// # Formats
//
// A Format is how a tensor is stored (FP16, FP32, a bit an element, coded, packed), and the only source of its bytes: every tensor of a step
// has one (package workloads), and the planner asks it for the bytes of every tile.
package nm
