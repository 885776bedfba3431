package onnx

import (
	"maps"
	"slices"
	"strings"

	"satsim/workloads/onnx/internal/symbolic"
)

// Operator is one that is understood.
type Operator struct {
	Name  string
	Since int    // the operator set that has it first; 0: of ONNX Runtime
	Data  bool   // data of the network may enter it; else it is computed before the network runs
	Note  string // what is refused, or made of it
}

// since are the operator sets that brought an operator, where that is later than the first set that is accepted.
var since = map[string]int{
	"Attention": 23, "BitwiseAnd": 18, "CastLike": 15, "Celu": 12, "ConstantOfShape": 9, "CumSum": 11, "DequantizeLinear": 10, "Erf": 9, "Expand": 8, "Gelu": 20,
	"GreaterOrEqual": 12, "GroupNormalization": 18, "HardSwish": 14, "LayerNormalization": 17, "LessOrEqual": 12, "Mish": 18, "Mod": 10, "QuantizeLinear": 10,
	"RMSNormalization": 23, "RotaryEmbedding": 23, "Einsum": 12, "GatherND": 11, "GridSample": 16, "GatherElements": 11, "NonZero": 9, "Range": 11, "Resize": 10, "ScatterElements": 11, "ScatterND": 11, "Sin": 7, "Cos": 7, "Swish": 24, "ThresholdedRelu": 10, "Trilu": 14,
	"Upsample": 7, "Where": 9,
}

// notes are what a reader should know of an operator.
var notes = map[string]string{
	"AveragePool": "not dilated", "BatchNormalization": "not each position by itself", "Clip": "a ReLU or ReLU6", "Concat": "not along the batch",
	"Conv": "one to three axes; may share its weight", "ConvTranspose": "a convolution for each phase of its stride", "DequantizeLinear": "left out, or a weight of whole numbers",
	"Dropout": "costs nothing", "Einsum": "of two operands, as a product; of one, as an order or a sum", "Expand": "copies axes of one element", "Gather": "an embedding by ids, fixed indices, or as many as there are ids", "GridSample": "as a resize; places get no gradient", "GatherND": "a row of each sample", "GatherElements": "along one axis, by ids", "GroupNormalization": "group_norm",
	"InstanceNormalization": "group_norm, of a channel each", "LRN": "a square, a pool along channels, a function and a product", "LeakyRelu": "counts as ReLU",
	"MaxPool": "not dilated", "Max": "a bound by one number, or of two", "Min": "a bound by one number, or of two", "Pad": "zeros that a convolution or pool takes in, or copies",
	"Pow": "by one number", "QuantizeLinear": "left out", "ReduceMax": "up to 4096 numbers of a sample", "Resize": "height and width; nearest, linear, cubic",
	"Upsample": "height and width; nearest, linear, cubic", "Where": "a mask of scores, or products with a mask that is given", "Attention": "a cache is left out", "Tile": "copies",
	"com.microsoft.Attention": "of one width; a cache is left out", "com.microsoft.GroupQueryAttention": "a cache is left out", "com.microsoft.MatMulNBits": "the float weight that it stands for", "com.microsoft.MultiHeadAttention": "queries, keys and values apart",
}

// Operators lists what is understood, in alphabetical order, ONNX's own first. Those of patterns have no name in a file and are not listed.
func Operators() []Operator {
	var out []Operator
	names := map[string]bool{}
	for op := range operators {
		names[op] = true
	}
	for _, op := range symbolic.Operators() {
		names[op] = names[op] || false
	}
	for _, op := range slices.Sorted(maps.Keys(names)) {
		if strings.HasPrefix(op, "satsim.") {
			continue
		}
		o := Operator{Name: op, Since: max(since[op], minOpset), Data: names[op], Note: notes[op]}
		if strings.HasPrefix(op, microsoftDomain) {
			o.Since = 0
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
