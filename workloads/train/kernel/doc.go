// Package kernel is the arithmetic of training on plain slices: matrix products, windows, rounding to FP16, top-N masks, and
// a pool of workers.
//
// # Order
//
// Every sum has one order, whatever the number of workers: work is cut into parts that depend on shapes alone, parts write
// disjoint outputs, and where parts must be added up, they are added in ascending order afterwards.
//
// # Products
//
// The terms of an output are added one after another in ascending order of the reduction, from +0; products and sums are rounded each by itself. That
// is the tensor engine's order too. On amd64 with AVX2 tiles of 6 x 16 outputs, and of 4 x 16 where fewer rows are left, stay in registers (simd_amd64.s, which the command in avo writes); elsewhere,
// and with the build tag purego, a plain loop gives the same bits. A pruned position is a zero here, and skipped there: adding +-0 to a sum that began
// at +0 changes nothing, as long as the other operand is finite. An infinity against a pruned position gives NaN here and nothing there; training that
// meets an infinity is lost either way, and the loss scale exists to avoid it.
//
// # Passes
//
// Batch norms, activations and sums go over rows eight columns at a time, where AVX2 is: every element, and every sum of a column, has the operations of the
// plain loop in its order.
//
// # FP16
//
// Values are kept in FP32 that are FP16 values. Rounding is to nearest, ties to even; beyond 65520 to infinity; NaN becomes the
// one NaN. `flush` makes zeros of subnormal results after rounding. F16C does eight at a time, to the same bits.
package kernel
