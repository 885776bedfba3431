package onnx

import (
	"maps"
	"slices"
	"strings"

	"satsim/workloads/onnx/internal/symbolic"
)

// Operator is one that is understood, or of which is known what could be done about it.
type Operator struct {
	Name        string
	Since, Last int    // operator sets that have it, of those that are accepted; 0: it is of ONNX Runtime
	Use         Use    // what becomes of it
	Note        string // what is refused, or made of it
}

// Use is what becomes of an operator.
type Use string

// Uses.
const (
	OnData    Use = "yes"             // data of the network may enter it
	Computed  Use = "constants alone" // it is computed before the network runs
	CutBefore Use = "cut"             // training ends before it
	Refused   Use = "refused"
)

// since are the operator sets that brought an operator, where that is later than the first set that is accepted.
var since = map[string]int{
	"Attention": 23, "Celu": 12, "ConstantOfShape": 9, "CumSum": 11, "DequantizeLinear": 10, "Erf": 9, "Expand": 8, "EyeLike": 9, "Gelu": 20,
	"GreaterOrEqual": 12, "GroupNormalization": 18, "HardSwish": 14, "LayerNormalization": 17, "LessOrEqual": 12, "Mish": 18, "Mod": 10, "QuantizeLinear": 10,
	"RMSNormalization": 23, "RotaryEmbedding": 23, "Einsum": 12, "GatherND": 11, "GridSample": 16, "GatherElements": 11, "NonZero": 9, "Range": 11, "Resize": 10, "ScatterElements": 11, "ScatterND": 11, "Sin": 7, "Cos": 7, "Swish": 24, "ThresholdedRelu": 10, "Trilu": 14,
	"Upsample": 7, "Where": 9,
	"ConvInteger": 10, "DynamicQuantizeLinear": 11, "MatMulInteger": 10, "NegativeLogLikelihoodLoss": 12, "NonMaxSuppression": 10, "QLinearConv": 10, "QLinearMatMul": 10, "RoiAlign": 10,
	"Scan": 8, "SequenceAt": 11, "SequenceEmpty": 11, "SequenceInsert": 11, "SoftmaxCrossEntropyLoss": 12, "Unique": 11,
}

// until are the last operator sets of operators that were taken out.
var until = map[string]int{"Upsample": 9}

// ofRuntime are operators of ONNX Runtime that its files have in the standard's domain.
var ofRuntime = map[string]bool{"SimplifiedLayerNormalization": true}

// notes are what a reader should know of an operator.
var notes = map[string]string{
	"AveragePool": "not dilated", "BatchNormalization": "not each position by itself", "Clip": "a ReLU or ReLU6", "Concat": "not along the batch",
	"Conv": "one to three axes; may share its weight", "ConvTranspose": "a convolution for each phase of its stride", "DequantizeLinear": "left out, or a weight of whole numbers",
	"Dropout": "costs nothing", "Einsum": "of two operands, as a product; of one, as an order or a sum", "Expand": "copies axes of one element", "Gather": "an embedding by ids, fixed indices, or as many as there are ids", "GridSample": "as a resize; places get no gradient", "GatherND": "a row of each sample", "GatherElements": "along one axis, by ids", "GroupNormalization": "group_norm; before 21 its scales are those of groups",
	"InstanceNormalization": "group_norm, of a channel each", "LRN": "a square, a pool along channels, a function and a product", "LeakyRelu": "counts as ReLU",
	"MaxPool": "not dilated", "Max": "a bound by one number, or of two", "Min": "a bound by one number, or of two", "Pad": "zeros that a convolution or pool takes in, or copies",
	"Pow": "by one number", "QuantizeLinear": "left out", "ReduceMax": "up to 4096 numbers of a sample", "Resize": "height and width; nearest, linear, cubic",
	"Upsample": "height and width; nearest, linear, cubic", "Where": "a mask of scores, or products with a mask that is given", "Attention": "a cache is left out", "Tile": "copies",
	"com.microsoft.Attention": "of one width; a cache is left out", "com.microsoft.FusedConv": "a convolution, perhaps a sum, and a function", "com.microsoft.FusedGemm": "a product and a function", "com.microsoft.GroupQueryAttention": "a cache is left out", "com.microsoft.MatMulNBits": "the float weight that it stands for", "com.microsoft.MultiHeadAttention": "queries, keys and values apart", "SimplifiedLayerNormalization": "of ONNX Runtime, in the standard's domain",
	"SoftmaxCrossEntropyLoss": "the loss of a file that trains", "NegativeLogLikelihoodLoss": "the loss of a file that trains",
}

// Operators lists what is understood, and what is cut or refused with what could be done, in alphabetical order, ONNX's own first. Those of patterns have no name in a
// file and are not listed.
func Operators() []Operator {
	uses := map[string]Use{}
	for op := range advice {
		uses[op] = Refused
	}
	for _, op := range symbolic.Operators() {
		uses[op] = Computed
	}
	for op := range operators {
		uses[op] = OnData
	}
	for op := range fusedOperators {
		uses[microsoftDomain+"."+op] = OnData
	}
	for _, cut := range []map[string]bool{choices, losses} {
		for op := range cut {
			if uses[op] != Computed {
				uses[op] = CutBefore
			}
		}
	}
	var out []Operator
	for _, op := range slices.Sorted(maps.Keys(uses)) {
		if strings.HasPrefix(op, "satsim.") {
			continue
		}
		o := Operator{Name: op, Since: max(since[op], minOpset), Last: maxOpset, Use: uses[op], Note: notes[op]}
		if until[op] > 0 {
			o.Last = until[op]
		}
		if strings.HasPrefix(op, microsoftDomain) || ofRuntime[op] {
			o.Since, o.Last = 0, 0
		}
		switch {
		case o.Note != "":
		case o.Use == CutBefore:
			o.Note = "training ends before it"
		case choices[op]:
			o.Note = "training ends before it where data enter it"
		case o.Use == Refused:
			o.Note, _, _ = strings.Cut(advice[op], ";")
		}
		out = append(out, o)
	}
	slices.SortStableFunc(out, func(a, b Operator) int {
		return strings.Compare(strings.ToLower(a.Name[:1]), strings.ToLower(b.Name[:1]))
	})
	return out
}

// OperatorSets are the first and the last operator set that is accepted.
func OperatorSets() (first, last int) { return minOpset, maxOpset }
