// Package geometry is a product as loops see it: a shape, the choice of its loops, the tiles of its operands and of the array, what they hold, and by
// how much the buffers' banks slow the array that reads them. It knows shapes of products and the machine's parameters, and neither lanes nor plans.
//
//	ShapeOf  groups g, images b, rows of outputs t, reduction k, columns f
//	Choice   array configuration, tile sizes, order of loops, how far out operands are kept; Arrays, Orders and Space list what is legal
//	Joined   products of a grouped convolution side by side
//	Extent   the part of a product that a tile spans; Transfer its way to memory, EachTile and EachArrayTile its classes
//	Grid     bounds of the array's time for all tile sizes of a space
//	Turns    what the loops of an order do to each operand's tiles
package geometry
