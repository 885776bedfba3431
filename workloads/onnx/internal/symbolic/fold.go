package symbolic

import (
	"errors"

	"satsim/workloads/onnx/internal/file"
)

// Tensor is what is known of a tensor before the network runs.
type Tensor struct {
	Shape    Shape
	Elements *Literal // its elements, where they are followed
}

func (t *Tensor) rank() int { return len(t.Shape) }

// FixedBatch is what tells the batch from other numbers in a file that fixes it.
type FixedBatch struct {
	Size    int64 // 0 where the file leaves the batch open
	Outside int64 // in the first input's axis with the batch, the factor outside the batch: 7 where 7 rows of batch x 3 were joined
}

// ErrBatchAxis refuses what would mix samples or pick some of them.
var ErrBatchAxis = errors.New("it works along the batch")

var (
	errUnknownShape = errors.New("its result's shape depends on numbers that are not known before the network runs")
	errNotFolded    = errors.New("its result's shape does not follow from its inputs' shapes here")
)

// Fold gives a node's outputs: their shapes, and their elements where those of the inputs are followed. An input that is left out is nil.
func Fold(n *file.Node, in []*Tensor, b FixedBatch) ([]Tensor, error) {
	if n.Op == "Split" {
		return foldSplit(n, in)
	}
	f := folds[n.Op]
	switch {
	case elementwise[n.Op]:
		f = foldElementwise
	case f == nil:
		return nil, errNotFolded
	}
	s, lit, err := f(n, in, b)
	if err != nil {
		return nil, err
	}
	if lit != nil && len(lit.elems) > maxLiteral {
		lit = nil
	}
	return []Tensor{{s, lit}}, nil
}

// Folds reports whether Fold knows an operator.
func Folds(op string) bool { return op == "Split" || folds[op] != nil || elementwise[op] }

// folds are the operators with one output that do not work on each element.
var folds = map[string]func(n *file.Node, in []*Tensor, b FixedBatch) (Shape, *Literal, error){
	"Constant": constantOf, "Shape": shapeOf, "Size": sizeOf, "ConstantOfShape": constantOfShape, "Range": foldRange,
	"Identity": foldNothing, "Dropout": foldNothing, "Cast": foldCast,
	"Reshape": foldView, "Flatten": foldView, "Squeeze": foldView, "Unsqueeze": foldView, "Transpose": foldTranspose,
	"QuantizeLinear": foldShapeOnly, "DequantizeLinear": foldShapeOnly,
	"Clip": foldClip, "EyeLike": foldShapeOnly, "Trilu": foldShapeOnly, "CumSum": foldShapeOnly, "ScatterND": foldShapeOnly, "ScatterElements": foldShapeOnly,
	"Concat": foldConcat, "Gather": foldGather, "Slice": foldSlice, "Expand": foldExpand, "Tile": foldTile,
	"ReduceProd": foldReduce, "ReduceSum": foldReduce, "ReduceMax": foldReduce, "ReduceMin": foldReduce, "ReduceMean": foldReduce, "ReduceL2": foldReduce,
	"NonZero": foldNonZero, "ArgMax": foldArg, "ArgMin": foldArg,
}

func foldNothing(_ *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	return in[0].Shape, in[0].Elements, nil
}

// foldShapeOnly is for operators whose numbers make no shape.
func foldShapeOnly(_ *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	return in[0].Shape, nil, nil
}

func foldCast(n *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	return in[0].Shape, castLiteral(in[0].Elements, file.IsFloat(int32(n.Int("to", 0)))), nil
}

// Operators lists those that Fold knows.
func Operators() []string {
	out := []string{"Split"}
	for op := range folds {
		out = append(out, op)
	}
	for op := range elementwise {
		out = append(out, op)
	}
	return out
}
