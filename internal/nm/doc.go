// Package nm holds what an N:M sparsity ratio means: how many of a run of consecutive channels stay, which ones, and
// how the kept ones are packed.
//
// A group is M consecutive channels inside one tap (and inside one convolution group). A run of C channels has
// ceil(C/M) groups; a last group of r < M channels keeps min(N, r). The kept ones are the largest by magnitude; ties go
// to the lower index. It is the only package that the architecture and the workloads share, so that both count the same
// elements.
package nm
