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
// They run on gonum's FP32 BLAS. Its Sgemm adds the terms of an output one after another in ascending order of the
// reduction, from +0 (the innermost loop runs over outputs, so vector instructions never reorder a sum); this package uses
// only the two forms for which that holds, A*B and transposed A * B. That is the tensor engine's order too. Operands that
// are FP16 values have products that are exact in FP32, so fused and separate additions give the same bits. A pruned
// position is a zero here, and skipped there: adding +-0 to a sum that began at +0 changes nothing, as long as the other
// operand is finite. An infinity against a pruned position gives NaN here and nothing there; training that meets an
// infinity is lost either way, and the loss scale exists to avoid it.
//
// # FP16
//
// Values are kept in FP32 that are FP16 values. Rounding is to nearest, ties to even; beyond 65520 to infinity; NaN becomes the
// one NaN. `flush` makes zeros of subnormal results after rounding.
package kernel
