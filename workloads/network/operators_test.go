package network

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// A row says what its operator costs forward and backward, and its traits fit each other.
func TestEveryRowIsWhole(t *testing.T) {
	free := map[Op]string{ // passes that are not there, and why
		MatMul: "products alone", Concat: "a gradient is read where it lies", Reshape: "a view", Flatten: "a view",
		Slice: "a view, unless gradients overlap", Loss: "one pass for both halves",
	}
	for op, o := range operators {
		bad := func(problem string) { t.Errorf("%s: %s", op, problem) }
		if o.shape == nil || o.forward == nil || o.backward == nil || o.min < 1 || o.max != 0 && o.max < o.min {
			bad("shape, forward, backward or the number of inputs is missing")
		}
		if without := o.ff.kind == "" || o.bp.kind == ""; without != (free[op] != "") {
			bad("it has no vector work forward or backward, or is excused without need")
		}
		if o.inPlace && (o.keeps == keepsInput || o.keeps == keepsFactors) {
			bad("it overwrites what it keeps")
		}
		if o.inPlace && o.view != nil || o.fuses && o.view != nil {
			bad("a view does nothing that could fuse or overwrite")
		}
		if (o.vector != "" || o.weight != nil) != (o.parameters != nil) {
			bad("its parameters have a number but no tensor, or a tensor but no number")
		}
		if (o.shares || o.adds || o.reads) && o.weight == nil {
			bad("it has no weight to share or to read")
		}
	}
}

// The constants of type Op and the rows are the same.
func TestEveryOperatorHasARow(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "operators.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	named := map[Op]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := v.Type.(*ast.Ident); ok && name.Name == "Op" {
			s, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			named[Op(s)] = true
		}
		return false
	})
	if len(named) != len(operators) {
		t.Errorf("%d operators are named, %d have rows", len(named), len(operators))
	}
	for op := range named {
		if operators[op] == nil {
			t.Errorf("%s has no row", op)
		}
	}
}

// What fuses is known by its elements: an operand of two that broadcast has as many as the result only where it has the result's shape, but for leading extents of 1.
func TestAsManyElementsAreTheSameShape(t *testing.T) {
	extents := rapid.SliceOfN(rapid.SampledFrom([]int64{1, 2, 3, 4}), 1, 4)
	same, stretched := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		a, b := Shape(extents.Draw(t, "a")), Shape(extents.Draw(t, "b"))
		out, err := broadcast(a, b)
		if err != nil {
			return
		}
		if a.Elements() != out.Elements() {
			stretched++
			return
		}
		same++
		lead := len(out) - len(a)
		for i, d := range out {
			if i < lead && d != 1 || i >= lead && d != a[i-lead] {
				t.Fatalf("%v and %v make %v", a, b, out)
			}
		}
	})
	if same == 0 || stretched == 0 {
		t.Errorf("%d of a shape, %d stretched", same, stretched)
	}
}
