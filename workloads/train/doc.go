// Package train trains networks on real images, with the recipes that the simulator runs.
//
// # What it computes
//
// A network's graph with memory: every operator has its FF and its BP, weighted ones their WU. FF uses the weights as the recipe prunes
// them for FF, BP those for BP; dW is dense, from dense X and dY, unless the recipe prunes WU, and updates the FP32 masters. Which product of which layer is pruned is
// read off the very step that recipe.Apply gives the simulator, so both agree by construction.
//
//	dense      nothing is pruned
//	SR-STE     FF and BP (ff_weights) use the FF-pruned weights; the update adds lambda * (1 - mask) * W to the gradient
//	SDGP       BP uses the dense weights and dY pruned along F; WU uses the dense dY
//	SDWP       BP uses the BP-pruned weights, FF the dense ones
//	BDWP       FF uses the FF-pruned weights, BP the BP-pruned ones; where a product has too few channels to be pruned, the dense ones
//	transposable masks
//	           FF uses the weights that a search in blocks of M x M keeps, BP the same; layers with fewer than M inputs or outputs are dense
//	soft masks FF uses the FF-pruned weights, made smaller by the largest of their group that is pruned, times a factor of the tensor that the first weights set
//	decaying masks
//	           FF uses all weights, those that would be pruned times a factor that falls in the phase
//	shared and permuted masks
//	           BP uses what FF keeps, pruned again along its reduction; permuted ones in an order of outputs that is searched for among random ones
//	frozen masks
//	           FF uses weights of random places, which stay
//	kept WU    dW and state are where frozen masks keep alone, and other masters stay as they began: no product reads them
//	sparse WU  WU uses dY pruned along positions: the largest, or (mvue, random) drawn without bias by numbers of their place; BP and biases all of it
//	activations
//	           FF uses X pruned along its channels, BP gives what that left out no gradient; WU uses X, as FF did, pruned along positions
//	adapters   beside pruned layers Y = X W + (X A / R) B, whose A and B are trained like weights
//	learned masks
//	           FF and BP use frozen weights times a soft mask that is drawn anew in every step, WU's gradient becomes that of six logits a group of four; at the end of an epoch the masks of the largest logits prune both
//	late masks FF uses all weights; masks say what Adam's step pulls to zero, and at the end of an epoch they prune FF for the test accuracy; trained factors of each output multiply its weights
//	a teacher  the network as the training begins with it sees the same inputs, and a share of the loss is the divergence from what it says; its gradient is in FP32 whatever the numerics, no program of the lanes
//	schedules  phases keep their shares of the recipe's epochs, in steps, however long the training is
//
// Extra work is a cost alone: an error says so.
//
// Masks are searched on the weights as the machine stores them, after every update (or every so many steps, or once, as the
// recipe says), by the rule of internal/nm.
//
// # Order and numerics
//
// Sums have one order, whatever the number of workers (package kernel). In FF, BP and WU it is the tensor engine's: over (tap, Cin),
// over (tap, F) with the taps of each phase from the last to the first, and over positions, ascending, from +0.
//
// `machine` rounds to FP16 where the machine stores FP16: weights (from the masters), every operator's output, every gradient of an
// activation, each contribution to one and their running sum. Sums of products are FP32, dW stays FP32, the update is FP32 with every
// operation rounded by itself in the order of the weight update engine. The loss is scaled before the first gradient is rounded, and
// unscaled in the update. Everything else is the vector unit's: its programs (internal/microcode) run here as in its exact model, so statistics, sums
// for biases and norm scales, tables of functions, quotients are the hardware's to the bit. Assumption, since the design leaves it open: an operator that the machine
// fuses into the output path of another is rounded here between the two.
//
// `fp32` rounds nothing to FP16 and sorts FP32 magnitudes; statistics of norms, sums for biases and norm scales, and transcendental functions
// are computed in FP64 and rounded to FP32, so that they carry no error of an order or of tables.
//
// Noise and softmax of logits are FP64 in both, from random numbers that are defined to the bit; in `machine` logits, the shares of masks and soft weights are rounded to FP16 as they are stored, and the gradient of the logits is FP32.
//
// As far as products go, both give the same bits on every processor: products and sums are rounded each by itself (package kernel), and a product of FP16 values is exact in FP32.
//
// # Restrictions
//
// One input of images, or a first one of a text's bytes, each of which is told from those before (the mask is the network's: a softmax that is causal); other inputs
// of indices are positions or a class token. Matmul, add and mul broadcast along first extents only. No tied
// weights, rotary embeddings, RMS norms: an error says so. Weights and vectors decay alike, as in PyTorch's default. Test accuracy is with the weights
// of FF and the running statistics of batch norms. The initial weights and each epoch's order depend on the seed alone, not on the recipe.
package train
