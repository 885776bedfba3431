// Package scalesim reads the topology files of SCALE-Sim (versions 1 to 3) as networks.
//
// # The file
//
// Comma-separated, one layer a row, behind a header. Convolutions: name, height and width of the input, height and width of the filter,
// channels, filters, stride. Products: name, M, N, K (input M x K, weight K x N). Columns are bound by the header, in any order; further ones that are
// known are a second stride, padding, dilation, groups, sparsity and batch size (which must say 1), and an unknown one is an error, for what it says would
// be lost. A header that ends early, or none, means the order above. Behind the named columns may stand a ratio N:M, its two numbers (SCALE-Sim's own
// writer), or a remark. Blank rows, rows with nothing but a name (titles of sections), a second header, a byte order mark, any line ends, quoted
// fields, and tabs or semicolons in place of commas occur and are read. SCALE-Sim drops the last field of a row, so its files end each row in a
// comma; here that comma may be missing. Layout files and reports of SCALE-Sim are refused by name.
//
// # What a row means
//
//   - The input holds its padding already, unless a column gives the padding: then windows over the border are left out, as frameworks do. Else output positions of a dimension are ceil((input - filter + stride) / stride), as SCALE-Sim counts
//     them: where the last window hangs over the border, it reads padding.
//   - A name with "DP" in it is a depthwise convolution: SCALE-Sim runs such a row once for each channel.
//   - A one-channel convolution whose filter is one row high and as wide as the input is a product written as a convolution (SCALE-Sim
//     itself writes products so), and becomes a linear layer; its inputs are channels then, and can be pruned in groups.
//   - M of a product is what one sample brings: the batch multiplies it.
//
// # The network
//
// Rows are layers without an order: nothing in the file says who reads whose output, what stands between two layers (pools, norms,
// shortcuts are missing), nor which layer reads the data. So the graph is a list: each layer has an input of its own and there is no
// loss. Step turns such a list into a training step of products and updates alone: all forward products in the file's order, then, in
// reverse, each layer's backward product before its weight update. Every layer has a backward product but a first row that is a
// convolution of at most four channels (assumption: it reads images, as in every network that SCALE-Sim ships). There is no element-wise work but the zeros that a strided backward product leaves.
//
// The sparsity column does not change the network; it is a recipe (Topology.Recipe), which prunes the forward weights of each row at its ratio.
package scalesim
