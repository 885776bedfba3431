// Package dataflow turns a training step into word groups: what the machine is told to do, product by product and pass by pass.
//
//	New     groups of a step: a product each, with the passes in its output path and its weight's update; passes of their own
//	Choose  a product's words from a choice: array configuration, tile sizes, order of loops, how far out operands are kept
//
// Below it are a product as loops see it (geometry), the ways of its tiles (route), and what words amount to (predict); above it what a choice takes
// without its words (estimate), and the search (schedule).
//
// # From products to words
//
// A choice orders the loops g, b, t, k, f and gives each a step. A tile of an operand spans its level's inner loops whole, and is fetched
// anew whenever an outer loop turns. In FF and BP the rows of the array's product are positions, its columns F, and k walks the
// reduction: taps if there are several, else channels, in whole groups of M. In WU k walks the rows of dW (channels, all taps each), and
// the reduction is over b and t. Sums of a split reduction stay in the output buffer as FP32 until they are whole. A pruned activation
// (SDGP) takes the array's columns, so rows and columns change places.
//
// Products of a grouped convolution run one after the other, or, where the choice joins j of them, side by side as one (package geometry, Joined; package
// stce): its g loop counts those. So may all that are dense, with C channels a product: C:jC in FF and BP, 1:j in WU, in what max_n and max_m hold, and dense for a
// j of 1; j divides the number of products. Blocks of j may be one product too: in FF and BP with weights of zero between them, in WU with outputs of which those of each
// block with itself are wanted (geometry.Join). So a dense array joins as well. Not joined: products that a recipe prunes (their N of M are no pattern that j of them
// share), attention (each product has rows of its own), and what is left over where j does not divide. Which choices join, the search decides (Options.Join).
//
// Weight gradients of a depthwise convolution may go to the vector unit (package vector, Products) instead of the array, in tiles of any size whose sums its lanes hold: the mode of
// the choice is vector then. Operands, results and all tiles are those of the array's own product; g counts channels, and those of a tile are taken together. The array
// has nothing to do in such a group, and the passes beside the product are done between its tiles. The search decides (Options.Lanes).
//
// # Bytes
//
// Activations and gradients are fetched once a tile, halo included, each position once: the array's edge forms the patches (package
// buffer). Bands of rows between the first and the last are one variant of a word, so they are all fetched as the longest of them. Weights
// are stored in the order of their reader's tiles, each padded to 64 bytes, compressed where they are pruned beforehand: an update writes
// what its readers read when they read every tile once, a copy for each form that is read (a dense copy that FF and BP both read is as long
// as the tiles of the one whose padding is longer). It makes the copies piece by piece, in proportion and in whole bytes; the last piece
// takes what rounding left. So the words of an update follow from the choices of its weight's readers. Weights of joined products
// are stored with their places, as pruned ones are: bits that follow from where a weight lies, so whoever writes the copy puts them beside it, and SORE
// sorts nothing (assumption). FF and BP have a copy each then. Gradients (the north operand of WU) are stored without; their places are added where they
// enter the north buffer, and take room there. Zeros between blocks are stored, moved and multiplied as weights are; an operand that is infinite or no number makes
// no number of a zero, so it reaches the other products of its block, which alone would not have seen it.
//
// Positions of a linear layer or of a 1x1 convolution do not touch each other, so they are all one dimension (b), whichever sample they are of. Positions of
// a phase of a strided BP are no neighbours in dX, and are written one by one.
//
// Each phase of a strided BP is a word group, and the buffers are empty between groups, so a 3x3 of stride 2 reads dY four times. A tile of it could stay in the west
// buffer while the weights of all four phases pass: that takes a loop over phases with taps of their own (4, 2, 2 and 1) inside a word, which the instruction set does not
// have. By hand, for ResNet-18 at 64x64 and batch 16, it would save three readings of 262,144, 131,072 and 65,536 bytes: 1.4 of the step's 309 MB; these groups wait for the array, not for memory.
//
// Work in an output path is done on a product's tile before it is written; what it reads and writes beside it is moved tile by tile, in
// proportion, rounded up to a byte. A weight's gradient is updated from the output buffer, in as many pieces as fit the update's buffers
// twice; one that other products add to (tied weights), or that is checked first (deferred updates), goes through memory.
//
// # Passes
//
// A pass that cannot be in an output path is a group of its own, or runs beside the weight update that precedes it (assumption: the update
// needs none of it), paced by the product's progress so that the machine's state returns from step to step.
package dataflow
