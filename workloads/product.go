package workloads

import "satsim/internal/nm"

// Stage is a part of the training step.
type Stage int

// The stages of a step, in the order in which a layer meets them.
const (
	FF Stage = iota // forward
	BP              // gradient of the input
	WU              // gradient of the weights and their update
)

// Stages lists all stages in order.
func Stages() []Stage { return []Stage{FF, BP, WU} }

// String is the stage's name in tables and records.
func (s Stage) String() string { return [...]string{"FF", "BP", "WU"}[s] }

// Role says what a tensor is for, which decides how it is stored and by whom it is kept.
type Role int

// The roles of a tensor.
const (
	Activation     Role = iota // FP16, NHWC
	Gradient                   // of an activation, FP16, NHWC
	Weight                     // of a layer: dense FP16 or a compressed N:M copy
	WeightGradient             // FP32, consumed by the optimiser
	Mask                       // one bit an element
	Index                      // pool indices, token ids
)

// Tensor is a named array in off-chip memory. Where a product or pass touches a part of a tensor (a phase of a strided
// BP, a slice), Name is the whole tensor's, Elements are those of the part, and Part says why.
type Tensor struct {
	Name     string
	Role     Role
	Elements int64
	Format   nm.Format // in which it is stored off-chip
	Part     Part
}

// Part is the reasons for which a product or pass touches other elements of an array than all of them, each once. None: it touches all.
type Part uint8

// The reasons.
const (
	Reached Part = 1 << iota // the positions that some window reads: those between windows that are apart, or behind the last, stay
	Slice                    // a view of a part of an axis
	Phase                    // the positions of a strided BP that have one residue, and the taps that reach them
	Rest                     // what phases or slices leave: zeros
	Rows                     // a row of a table for each id: some never, some often
)

// Bytes of the elements, rounded up.
func (t Tensor) Bytes() int64 { return t.Format.Bytes(t.Elements) }

// Take is so many elements of a tensor, for a reason; all of them are no part.
func (t Tensor) Take(n int64, why Part) Tensor {
	if n != t.Elements {
		t.Part |= why
	}
	t.Elements = n
	return t
}

// Patches is the geometry by which rows of a product gather their operands from an NHWC tensor: row (image, oh, ow), tap
// (kh, kw) reads position (oh*StrideH + kh*DilationH - PadTop, ow*StrideW + kw*DilationW - PadLeft). A linear layer and
// a 1x1 convolution of stride 1 have OutW*OutH positions that are read once each. Pads may be negative (a BP phase whose
// first row begins inside dY); a position outside [0, In) is padding. Images*OutH*OutW is Rows of a convolution or linear
// layer, and Count*Rows of attention.
type Patches struct {
	Images               int64
	OutH, OutW           int64
	InH, InW             int64 // of the tensor that is read
	Channels             int64 // of the tensor that is read, all convolution groups
	KernelH, KernelW     int64 // extent in taps of this product (of this phase)
	StrideH, StrideW     int64
	DilationH, DilationW int64
	PadTop, PadLeft      int64
}

// Product is Rows x Cols outputs, each a sum of Taps*Channels terms, Count times independently (convolution groups; batch
// x heads of attention).
//
// Rows walk West and Cols walk North in FF and BP: West[Rows x Taps*Channels] times North[Taps*Channels x Cols]. In WU
// Rows are (tap, Cin), Cols are F, and the reduction walks positions: Taps is 1 and Channels is T.
type Product struct {
	Stage          Stage
	Phase          int // of a strided BP, from 0
	Count          int64
	Rows, Cols     int64
	Taps, Channels int64

	West, North, Out Tensor  // unique elements of the whole product (all of Count)
	Patches          Patches // how West (FF, BP), or the operand on rows (WU), is gathered

	Norm *Norm // West is stored as it was before a batch norm; nil: as the product takes it

	Added    bool     // a recipe adds it to the dense network, which has none of its MACs
	Prunable bool     // North is a weight that a recipe may prune (never depthwise, never attention)
	Sparse   Sparsity // set by the recipe
}

// Sparsity says which operand of a product is pruned.
type Sparsity struct {
	Ratio   nm.Ratio
	Operand Side // the pruned operand; it takes the value-serial side of the array
	// Search is how its mask is found. A transposable one serves both products of a weight, which read one copy.
	Search nm.Search
	// Permuted: the groups of a weight in BP follow each other in an order of outputs that is no order of memory, so every channel of dY is read by itself.
	Permuted bool
	// Again: an activation that FF pruned is pruned so once more before it is pruned along positions: twice the sorter's work.
	Again bool
	// Held: WU makes dW where masks that stay keep the weight alone: N of every M channels of X, for each column its own. Out is those.
	Held bool
}

// Sorts is how often each element of the pruned operand is sorted.
func (s Sparsity) Sorts() int64 {
	if s.Again {
		return 2
	}
	return 1
}

// Side is one of the two operands of a product.
type Side int

// The sides of a product.
const (
	North Side = iota
	West
)

// Norm is a batch norm, with the clip behind it, that is no pass: who reads its input normalises it on the way (Step.OnRead).
type Norm struct {
	Layer  string
	Stats  Tensor // mean and inverse deviation of each channel
	Vector Tensor // its parameters
	Mask   Tensor // of the clip, which this product's reading writes; no elements: another's does, or nobody needs one
}

// Plain reports whether every position of what rows gather from is read once, and by itself: a linear layer's tokens, or those of a 1x1 convolution.
func (p Product) Plain() bool {
	g := p.Patches
	return g.KernelH == 1 && g.KernelW == 1 && g.StrideH == 1 && g.StrideW == 1 && g.PadTop == 0 && g.PadLeft == 0 && g.OutH == g.InH && g.OutW == g.InW
}

// Reduction is the number of terms of one output.
func (p Product) Reduction() int64 { return p.Taps * p.Channels }

// MACs is the dense network's count by the usual convention: every tap of every row counts, also where the border reads
// padding (FF: T*K*F; BP: rows of each phase times its taps times F times Cin; WU: T*K*F).
func (p Product) MACs() int64 { return p.Count * p.Rows * p.Cols * p.Reduction() }

// OfNetwork is the dense network's count: none of what a recipe adds.
func (p Product) OfNetwork() int64 {
	if p.Added {
		return 0
	}
	return p.MACs()
}

// KeptMACs is the count left after pruning.
func (p Product) KeptMACs() int64 {
	if p.Sparse.Ratio == (nm.Ratio{}) || p.Sparse.Ratio.IsDense() {
		return p.MACs()
	}
	if r := p.Sparse.Ratio; p.Sparse.Held {
		return p.MACs() / int64(r.M) * int64(r.N)
	}
	return p.Count * p.Rows * p.Cols * p.Taps * int64(p.Sparse.Ratio.Kept(int(p.Channels)))
}
