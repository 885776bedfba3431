// Package workloads says what one training step has to compute, and nothing about the machine that computes it.
//
// A weighted layer (convolution, linear) has X[T x K], W[K x F], Y[T x F]: T = batch x output positions (or tokens),
// K = inputs per output, F = output channels. A step has three products:
//
//	FF  Y  = X W      reduced over K = (tap, Cin), Cin fastest
//	BP  dX = dY W^T   reduced over (tap, F), F fastest
//	WU  dW = X^T dY   reduced over T
//
// A Product is written as rows x columns x reduction: Rows x Cols outputs, each a sum over Taps x Channels terms, Channels
// fastest. Groups of M never cross a tap.
//
// The BP product of a convolution with stride s is a gather: it splits into s*s phases by parity of the input position
// (when dilation is 1), each with the taps that reach it. A phase without taps is no product: its outputs are zeros, which
// are still written (a zero_fill pass).
//
// Everything that is no product is a Pass: element-wise or reducing work on named tensors.
//
// One MAC is two operations.
package workloads
