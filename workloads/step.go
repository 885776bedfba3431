package workloads

import "satsim/internal/nm"

// PassKind names element-wise or reducing work; the vector unit has a cost per element for each.
type PassKind string

// The kinds of passes. Units of "element" are in the comment; costs per element are the vector unit's parameters.
const (
	Bias            PassKind = "bias"                // output elements
	BatchNormStats  PassKind = "batch_norm_stats"    // input elements: sum and sum of squares
	BatchNormApply  PassKind = "batch_norm_apply"    // elements: scale and shift
	BatchNormReduce PassKind = "batch_norm_reduce"   // elements: sum dY, sum dY*xhat
	BatchNormGrad   PassKind = "batch_norm_grad"     // elements
	LayerNorm       PassKind = "layer_norm"          // elements, statistics and apply of a row that stays on chip
	LayerNormGrad   PassKind = "layer_norm_grad"     // elements
	RMSNorm         PassKind = "rms_norm"            // elements
	RMSNormGrad     PassKind = "rms_norm_grad"       // elements
	Activate        PassKind = "activation"          // elements of a comparison-like activation (ReLU, ReLU6)
	ActivateGrad    PassKind = "activation_grad"     // elements, masks with the saved bit
	Transcend       PassKind = "transcendental"      // elements of a function that is looked up: GELU, tanh and the like
	TranscendGrad   PassKind = "transcendental_grad" // elements
	Softmax         PassKind = "softmax"             // elements
	SoftmaxGrad     PassKind = "softmax_grad"        // elements
	Pool            PassKind = "pool"                // window elements read (outputs x window)
	PoolGrad        PassKind = "pool_grad"           // window elements (max: scatter by index; average: spread)
	Add             PassKind = "add"                 // output elements
	Mul             PassKind = "mul"                 // output elements
	MulGrad         PassKind = "mul_grad"            // output elements, both gradients
	GradSum         PassKind = "grad_sum"            // elements: sum of gradients where a tensor has several consumers
	Gather          PassKind = "gather"              // elements of an embedding look-up
	ScatterAdd      PassKind = "scatter_add"         // elements of an embedding's gradient
	Copy            PassKind = "copy"                // elements moved: concat, transpose, slice
	Loss            PassKind = "loss"                // logits: softmax cross-entropy and its gradient in one
	BiasGrad        PassKind = "bias_grad"           // elements of dY summed
	ZeroFill        PassKind = "zero_fill"           // elements of a strided BP that no tap reaches
	GradCheck       PassKind = "gradient_check"      // elements of a weight's gradient: finite? and its squares summed
	Random          PassKind = "random"              // elements of groups of Row: a random number a group
	Scale           PassKind = "scale"               // likewise: a multiply-add a group
	Divide          PassKind = "divide"              // likewise: a quotient a group
)

// Pass is work that is no product: it reads whole tensors, computes, and writes whole tensors.
type Pass struct {
	Kind     PassKind
	Elements int64
	Row      int64 // elements of a row, of work that goes over rows: the last axis; of a group, of work once a group
	Reads    []Tensor
	Writes   []Tensor

	// Layer is the node whose work this is: an item also carries the passes of later nodes that are fused into its
	// output path.
	Layer string

	// Barrier: no element can be written before the last element of Reads[0] was produced (training batch norm: Reads[0]
	// are the statistics over the whole batch).
	Barrier bool
	// Fused: the pass can run in the output path of the product or pass, in the same item, that produces Reads[0]. Then
	// Reads[0] needs no read traffic, nor does a write to the tensor of the same name (the pass is in place: the producer
	// writes what the pass made of it). All other reads and writes are traffic. A machine that does not fuse pays for all.
	Fused bool
	// Added: a recipe adds it to the dense network, as it does products.
	Added bool
	// Orders: it searches orders of outputs in which masks are pruned once more; the one that it finds stays on chip.
	Orders bool
}

// Groups are those of work once a group, the last of which may not be whole; 0: the pass is other work.
func (p *Pass) Groups() int64 {
	if p.Kind != Random && p.Kind != Scale && p.Kind != Divide {
		return 0
	}
	row := max(p.Row, 1)
	return (p.Elements + row - 1) / row
}

// Update is the optimiser's work on one layer's parameters.
type Update struct {
	Parameters int64
	Weight     Tensor // FP16 copy that the next step reads; its pruned copies follow from the layer's products
	// Matrix says that the parameters are a weight matrix with products (else they are vectors: bias, norm scale).
	Matrix bool
	// Decays: what is pruned of the weight to that ratio is multiplied by a factor that falls, beside its update; 0:0: nothing is.
	Decays nm.Ratio
	// Late: masks of that ratio, which the vector unit finds beside the update, prune the weight at the end alone; 0:0: there are none.
	Late nm.Ratio
}

// Operator is what a layer computes, such as conv. Package network lists the operators, each with its costs, as its Op.
type Operator string

// Item is one layer in one stage: its products, then its passes, then its update.
type Item struct {
	Layer    string // user's name of the node, such as layer1.0.conv1
	Op       Operator
	Stage    Stage
	Products []Product
	Passes   []Pass
	Updates  []Update
	// Weight is the layer's weight, when it has one: Taps x In x Out (per convolution group), Groups times. Its two pruned
	// copies are groups along In (FF) and along Out (BP).
	Weight WeightShape
	// Classifier: the loss reads what this layer makes, through no other layer with a weight.
	Classifier bool
	// Activated: an activation made what this layer reads, or a product of one with itself. Activating: one reads what this layer makes, and nobody else does.
	Activated, Activating bool
	// Kept: the updates have parameters alone that masks that stay keep.
	Kept bool
	// Of is the layer of the network beside which a recipe put this item, or that a teacher has as well; "": the network has it itself.
	Of string
}

// WeightShape is W[Taps*In x Out], Groups times.
type WeightShape struct {
	Taps, In, Out, Groups int64
}

// Elements of the weight.
func (w WeightShape) Elements() int64 { return w.Taps * w.In * w.Out * w.Groups }

// Step is one training step in the order in which it must run: forward layer by layer, then backward from the loss, per
// layer BP before WU.
type Step struct {
	Network string
	Note    string // what every report must state, such as the stem
	Images  int64  // samples in the batch
	Items   []Item
	// Inputs are the tensors that the step finds in memory: samples and labels.
	Inputs []Tensor
	// Partial: items of some layers only, or of a network that learns nothing. What the others make is found in memory, what they read, or nobody, is left there.
	Partial bool
	// Saved lists the tensors that live from their forward item to the backward one.
	Saved []Tensor
	// Frozen are the weights that the step reads, and that nothing updates.
	Frozen []Tensor
	// Parameters of the network.
	Parameters int64
}
