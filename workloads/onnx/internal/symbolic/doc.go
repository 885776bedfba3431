// Package symbolic infers the shapes of an ONNX file's tensors, in which the batch is a symbol, and follows the numbers that shapes are computed
// from. It knows nodes and tensors of a file; what a node becomes in a network is no matter of it.
//
// # Extents
//
// An Extent is a number, or a multiple of the batch. Sums of both, and powers of the batch, are no extents: what needs one is refused. Shapes
// join, multiply, divide and broadcast as ONNX says, and give numbers once a batch is chosen (Shape.At).
//
// # Folding
//
// Exporters compute the targets of reshapes and slices from shapes, by chains of Shape, Gather, Concat and arithmetic. Fold walks such a chain node
// by node: it infers the shape of every output, and its elements as a Literal, where all that enters is followed and there are few of them.
// An element may be a multiple of the batch, too. Numbers that make no shape (masks, ranges of positions) keep their shape alone.
//
// # A file with a fixed batch
//
// Where the exporter wrote the batch as a number, a reshape's target has it as a factor of some axis, unsaid of which. FixedBatch says how large it
// was and how many elements stand outside it in row-major order; the factor is taken out of the axis that holds that position.
//
// # Runs of axes
//
// Align cuts two shapes of the same elements into the smallest runs of axes that hold the same elements: what a reshape joins and splits.
package symbolic
