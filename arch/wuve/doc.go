// Package wuve models the weight update vector engine: pipelined lanes of FP32 optimiser arithmetic and FP16 conversion.
//
// # What it is
//
// A lane is the optimiser's formula laid out in operators, each of which starts a new operation every cycle; registers
// delay an operand until its partner arrives. So a lane takes one parameter a cycle: master weight, gradient, state words
// and mask bit go in, new master weight, state words and the FP16 weight come out. The state of the step (rates, bias
// corrections) is a handful of constants that the controller writes before it starts.
//
// The engine is memory-bound by nature: momentum moves 16 bytes of master weight and velocity a parameter, 32 lanes
// would need 512 bytes a cycle. The rate is min(lanes, bytes available); this package knows the lanes' half.
//
// That WUVE keeps FP32 master weights and state beside FP16 operands is what public notes on SAT (arXiv 2309.13015) say; the
// layout of a lane is our assumption.
//
// # Formulas
//
// They are those of the PyTorch documentation (torch.optim.SGD without dampening and Nesterov, torch.optim.Adam and
// torch.optim.AdamW without amsgrad). SR-STE adds lambda_s * (1 - mask) * w to the gradient (Zhou et al., "Learning N:M
// Fine-grained Structured Sparse Neural Networks From Scratch", ICLR 2021). With w the master weight before the step, gamma
// the learning rate, t the step counted from 1, and every operation rounded to FP32 on its own, in this order:
//
//	g = dW * (1/S)                      unscaling, S = loss scale (a power of two makes it exact)
//	g = g + lambda_s * w                SR-STE; only where the mask says pruned, else g passes
//	g = g + lambda * w                  weight decay of sgd, momentum and adam
//
//	sgd        w' = w - gamma * g
//	momentum   b' = mu * b + g                            b = 0 before the first step, so b' = g then
//	           w' = w - gamma * b'
//	adam       m' = beta1 * m + (1-beta1) * g
//	           v' = beta2 * v + (1-beta2) * (g*g)
//	           d  = sqrt(v' * (1/(1-beta2^t))) + epsilon
//	           w' = w - (gamma/(1-beta1^t)) * (m'/d)
//	adamw      as adam with w1 = w - (gamma*lambda) * w instead of w in the last line
//
//	fp16 = w' to nearest, ties to even
//
// The bias corrections are those of the documentation, m^ = m'/(1-beta1^t) and v^ = v'/(1-beta2^t), with the division by a
// constant written as a multiplication, and m^'s moved into the rate. The numbers in parentheses are constants: computed in
// FP64 and rounded once to FP32. Gradient clipping by the global norm multiplies 1/S (it is one more reason for Unscale).
//
// # Arithmetic
//
// FP32 to nearest, ties to even, never fused. NaN results are the canonical 0x7fc00000 (0x7e00 in FP16). `subnormals: ieee`
// keeps them; `flush` makes zeros of their sign out of subnormal operands and of results that are subnormal after rounding,
// in FP32 and FP16 alike.
//
// # Cycles
//
// All lanes work in lockstep. An operator of latency l that takes operands in cycle c shows its result in cycle c+l. With
// W = ceil(parameters / lanes) and D the longest path from an operand to the FP16 weight:
//
//	cycle          0 1 2 3 4 5 6 7      W = 3, sgd with mul_latency 2, add_latency 2, convert_latency 1: D = 5
//	operands in    0 1 2
//	gamma*g            0 1 2
//	w'                     0 1 2
//	fp16 out                 0 1 2
//
//	issue = W          cycles = W + D
//
// D adds up along the gradient, which every longest path follows. u = mul if unscaled, else 0:
//
//	g after SR-STE or weight decay    G = max(G, mul) + add, starting from G = u (lambda * w starts in cycle 0)
//	sgd        D = G + mul + add + convert
//	momentum   D = max(G, mul) + add + mul + add + convert
//	adam(w)    D = G + 2 mul + add (v') + mul + sqrt + add (d) + div + mul + add (w') + convert
//
// Jobs of one shape (equal but for their number of parameters) follow one another without a bubble. The operators are wired
// for one shape at a time: a job of another shape waits until the engine is empty.
//
// # Counts
//
// Every parameter passes through every operator of its shape, whatever its mask bit: where SR-STE's term is
// dropped the adder adds -0, which changes nothing. So operations are parameters times Operators, and idle lane-cycles are issue*lanes - parameters.
//
// # Traffic
//
// Master weight and state are read and written once. The gradient of a fused update comes from the array's output buffer and
// costs nothing here; a deferred one (dynamic loss scale, global norm) was written by the array and is read back: 8 bytes. SR-STE
// reads one mask bit a parameter (assumption: the mask of the forward copy is kept as bits, not taken from its indices). SORE writes it beside that copy,
// for the next update; where pruned copies are not made beforehand, it sorts the weights for the mask alone (assumption).
//
// # Verilog
//
// RTL is this engine as hardware, equal to Simulate in every cycle and bit at its ports, and in its counters. What it fixes:
//
//   - Edges. Everything happens at the rising edge of one clock. "Cycle t" at a port is the time that ends with edge t: an input is taken, and an
//     output may be read, at that edge. Cycle 0 is the first in which a job's operands are asked for: two cycles after its descriptor was taken by an
//     engine that had nothing to do.
//   - Jobs. A descriptor is a shape, the number of waves and the lanes active in the last one, which the sender has divided. It is offered
//     (job_valid) until it is taken (job_ready), and does not change meanwhile. One waits inside while another is under way, so jobs of one shape follow one another without a
//     bubble, and a job of another shape starts in the cycle after the last FP16 weight of the one before. job_ready is high unless one waits and stays waiting: what waits is under
//     way in the next cycle if none is, or if the last wave of the one under way is taken. Jobs of no parameter are not sent.
//   - Shapes. A lane is built for an optimiser (params.Lane) and does every shape up to it: operators that a shape does not use are bypassed by
//     multiplexers in front of the next. So delays differ from shape to shape: wuve_schedule is the times of a lane, and what its multiplexers choose, as a
//     function of the shape, kept in registers while the lanes are empty, and the few delays that vary are rings of memory (wuve_ring) of that length. A
//     gradient that is not unscaled is multiplied by one where it is needed as late as one that is.
//   - Operands. in_ready asks for a wave until it is there, in_valid offers it, and may take it back; all words of a parameter come in one cycle. A cycle without both is a hold: nothing
//     enters, and what has entered goes on; holds may come anywhere. A buffer that answers 1 to 3 cycles after its address is read ahead: wuve_fed
//     does that (package feed). Told of a job in the same cycle as the engine it has the first wave read latency cycles late, and no other; told so much sooner, none.
//   - Results leave in the cycle of their operator, state words before the master weight, and that before the FP16 weight, each with its own valid;
//     there is no way to hold them, so their place is reserved before a job is sent. Blocks are taken and written in the order in which parameters
//     come: the engine has no other.
//   - Constants stand at ports from the first wave of a job to the last FP16 weight; they are those of one optimiser (StepParams.Constants).
//   - Latencies are registers in the operators of package fp. Multiplexers in front of a multiplier belong to its first part. An adder's operands are
//     registers: multiplexers in front of it, and rings, belong to the last part of what is before, whose last register stands behind them. Delays, and the ways
//     between operators, may be long: whoever needs a register there for a die crossing lengthens the operator before it.
//   - Reset is synchronous, lasts two cycles at least, and empties all that says whether something is there; data is not reset.
//   - Counters have 48 bits and show what was taken two cycles before. issue is Cost.Issue, and the cycles with busy are Cost.Cycles, holds included.
//
// Parameters are lanes, optimiser, the five latencies and subnormals, within the limits of Declared.
package wuve
