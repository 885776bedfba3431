package symbolic

import (
	"slices"
	"testing"

	"satsim/workloads/onnx/internal/file"
)

// A sum or a choice of floating-point numbers stays one; a comparison of them gives truth values, which are integers: equal(1.5, [1.5, 2])
// is [1, 0], and where of that between [0.5, 0.5] and [0.25, 0.25] is [0.5, 0.25].
func TestFoldedNumbersKeepTheirType(t *testing.T) {
	floats := func(v ...float64) *Tensor {
		l := &Literal{dims: []int64{int64(len(v))}, float: true}
		for _, f := range v {
			l.elems = append(l.elems, number{f: f})
		}
		return &Tensor{Shape: FixedShape(l.dims), Elements: l}
	}
	fold := func(op string, in ...*Tensor) *Tensor {
		s, l, err := foldElementwise(&file.Node{Op: op}, in, FixedBatch{})
		if err != nil || l == nil {
			t.Fatalf("%s: %v, %v", op, l, err)
		}
		return &Tensor{Shape: s, Elements: l}
	}
	sum := fold("Add", floats(1.5, 2), floats(1, 1))
	if want := []number{{f: 2.5}, {f: 3}}; !sum.Elements.float || !slices.Equal(sum.Elements.elems, want) {
		t.Errorf("sum %+v; want %v", sum.Elements, want)
	}
	same := fold("Equal", floats(1.5), floats(1.5, 2))
	if want := []number{{i: 1}, {}}; same.Elements.float || !slices.Equal(same.Elements.elems, want) {
		t.Errorf("equality %+v; want %v", same.Elements, want)
	}
	chosen := fold("Where", same, floats(0.5, 0.5), floats(0.25, 0.25))
	if want := []number{{f: 0.5}, {f: 0.25}}; !chosen.Elements.float || !slices.Equal(chosen.Elements.elems, want) {
		t.Errorf("choice %+v; want %v", chosen.Elements, want)
	}
}
