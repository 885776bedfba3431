package symbolic

import (
	"fmt"
	"strings"
	"testing"

	"satsim/workloads/onnx/internal/file"
	"satsim/workloads/onnx/internal/pb"
)

// b is a multiple of the batch.
func b(n int64) Extent { return Extent{N: n, Batch: true} }

func ints(v ...int64) *Tensor {
	l := wholeNumbers(v...)
	return &Tensor{FixedShape(l.dims), l}
}

// known is a tensor of which only the shape is.
func known(s ...Extent) *Tensor { return &Tensor{Shape: s} }

// op has attributes that are a number or a list of them.
func op(name string, outputs int, attrs map[string]any) *file.Node {
	n := &file.Node{Op: name, Opset: 13, Out: make([]string, outputs), Attrs: map[string]*pb.AttributeProto{}}
	for k, v := range attrs {
		switch v := v.(type) {
		case int:
			i := int64(v)
			n.Attrs[k] = &pb.AttributeProto{I: &i}
		case []int64:
			n.Attrs[k] = &pb.AttributeProto{Ints: v}
		}
	}
	return n
}

// said writes outputs as shape, and elements where they are followed.
func said(out []Tensor) string {
	var parts []string
	for _, t := range out {
		s := t.Shape.String()
		if t.Elements != nil {
			var elems []string
			for _, e := range t.Elements.elems {
				switch {
				case t.Elements.float:
					elems = append(elems, fmt.Sprint(e.f))
				default:
					elems = append(elems, Extent{e.i, e.batch}.String())
				}
			}
			s += " " + strings.Join(elems, " ")
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

// TestFold works single nodes by hand, after the operators' text in the ONNX specification.
func TestFold(t *testing.T) {
	attrs := func(kv ...any) map[string]any {
		out := map[string]any{}
		for i := 0; i < len(kv); i += 2 {
			out[kv[i].(string)] = kv[i+1]
		}
		return out
	}
	image := known(b(1), Fixed(3), Fixed(8), Fixed(6))
	size := &Tensor{FixedShape([]int64{2}), literalOf(Shape{b(2), Fixed(5)})} // [2*batch, 5]
	for _, c := range []struct {
		node *file.Node
		in   []*Tensor
		want string
	}{
		{op("Shape", 1, nil), []*Tensor{image}, "[4] batch 3 8 6"},
		{op("Shape", 1, attrs("start", -2)), []*Tensor{image}, "[2] 8 6"},
		{op("Size", 1, nil), []*Tensor{image}, "[] 144*batch"},
		{op("Gather", 1, nil), []*Tensor{ints(7, 8, 9), ints(-1, 0)}, "[2] 9 7"},
		{op("Gather", 1, attrs("axis", 1)), []*Tensor{image, {}}, "[batch, 8, 6]"}, // by one unknown index
		{op("Concat", 1, attrs("axis", 0)), []*Tensor{size, ints(4)}, "[3] 2*batch 5 4"},
		{op("Mul", 1, nil), []*Tensor{size, ints(3)}, "[2] 6*batch 15"},
		{op("Mul", 1, nil), []*Tensor{size, size}, "[2]"},                                  // a square of the batch is followed no further
		{op("Add", 1, nil), []*Tensor{size, ints(1)}, "[2]"},                               // nor is a sum of both kinds
		{op("Div", 1, nil), []*Tensor{size, {nil, literalOf(Shape{b(1)}).As(nil)}}, "[2]"}, // 5 over the batch is no number
		{op("Div", 1, nil), []*Tensor{ints(7, -7), ints(2)}, "[2] 3 -3"},
		{op("Equal", 1, nil), []*Tensor{size, ints(-1)}, "[2] 0 0"}, // a multiple of the batch is never -1
		{op("ReduceProd", 1, attrs("keepdims", 0)), []*Tensor{size}, "[] 10*batch"},
		{op("Range", 1, nil), []*Tensor{ints(7), ints(0), ints(-3)}, "[3] 7 4 1"},
		{op("Slice", 1, nil), []*Tensor{ints(0, 1, 2, 3, 4, 5), ints(-2), ints(-7), ints(0), ints(-2)}, "[3] 4 2 0"}, // 4, 2, 0: to before the first
		{op("Slice", 1, nil), []*Tensor{image, ints(1), ints(1 << 60), ints(2), ints(3)}, "[batch, 3, 3, 6]"},        // 1, 4, 7
		{op("Split", 3, attrs("axis", 2)), []*Tensor{image}, "[batch, 3, 3, 6]; [batch, 3, 3, 6]; [batch, 3, 2, 6]"}, // 8 in parts of 3
		{op("Split", 2, nil), []*Tensor{ints(4, 5, 6), ints(1, 2)}, "[1] 4; [2] 5 6"},
		{op("Transpose", 1, nil), []*Tensor{image}, "[6, 8, 3, batch]"},
		{op("Flatten", 1, nil), []*Tensor{image}, "[batch, 144]"},
		{op("Unsqueeze", 1, nil), []*Tensor{ints(5), ints(0, -1)}, "[1, 1, 1] 5"},
		{op("Squeeze", 1, nil), []*Tensor{known(Fixed(1), b(1), Fixed(1))}, "[batch]"}, // one sample need not be one
		{op("Expand", 1, nil), []*Tensor{known(Fixed(4), Fixed(1)), size}, "err"},      // 4 is not 2*batch
		{op("Expand", 1, nil), []*Tensor{known(Fixed(1), Fixed(5)), size}, "[2*batch, 5]"},
		{op("Tile", 1, nil), []*Tensor{known(b(1), Fixed(5)), ints(1, 3)}, "[batch, 15]"},
		{op("ConstantOfShape", 1, nil), []*Tensor{ints(2, 2)}, "[2, 2] 0 0 0 0"},
		{op("Reshape", 1, nil), []*Tensor{image, ints(0, -1)}, "[batch, 144]"},
		{op("Reshape", 1, nil), []*Tensor{image, ints(-1, 16)}, "[9*batch, 16]"},
		{op("Reshape", 1, nil), []*Tensor{image, ints(5, -1)}, "err"}, // 144 batch / 5
		{op("Concat", 1, attrs("axis", 0)), []*Tensor{image, image}, "err"},
		{op("Gather", 1, nil), []*Tensor{ints(7, 8, 9), ints(3)}, "err"},
		{op("Conv", 1, nil), []*Tensor{image, image}, "err"},
	} {
		out, err := Fold(c.node, c.in, FixedBatch{})
		got := said(out)
		if err != nil {
			got = "err"
		}
		if got != c.want {
			t.Errorf("%s: %s (%v); want %s", c.node.Op, got, err, c.want)
		}
	}
}

// TestFixedBatch: files that write the batch, 4, as a number. The batch stays the outermost factor where it was.
func TestFixedBatch(t *testing.T) {
	for _, c := range []struct {
		from    Shape
		target  []int64
		outside int64
		want    string
	}{
		{Shape{b(1), Fixed(6), Fixed(8)}, []int64{4, 48}, 1, "[batch, 48]"},
		{Shape{b(1), Fixed(6), Fixed(8)}, []int64{24, 8}, 1, "[6*batch, 8]"},
		{Shape{Fixed(6), b(1), Fixed(8)}, []int64{24, 8}, 1, "[6*batch, 8]"}, // 6 rows of the batch, joined
		{Shape{b(6), Fixed(8)}, []int64{6, 4, 8}, 6, "[6, batch, 8]"},        // and apart again
		{Shape{b(6), Fixed(8)}, []int64{4, 6, 8}, 1, "[batch, 6, 8]"},        // the same extents, the batch outside
		{Shape{b(6), Fixed(8)}, []int64{24, 2, 4}, 6, "[6*batch, 2, 4]"},     // the joined axis stays as it is
		{Shape{b(1), Fixed(3)}, []int64{3, 4}, 1, "err"},                     // 3 does not hold the batch
	} {
		out, err := Fold(op("Reshape", 1, nil), []*Tensor{{Shape: c.from}, ints(c.target...)}, FixedBatch{Size: 4, Outside: c.outside})
		got := "err"
		if err == nil {
			got = out[0].Shape.String()
		}
		if got != c.want {
			t.Errorf("%v to %v with %d outside: %s (%v); want %s", c.from, c.target, c.outside, got, err, c.want)
		}
	}
}

// TestAlign: a reshape of [batch, 12, 5, 7] to [batch, 3, 4, 35] keeps the first axis, splits the second and joins the others.
func TestAlign(t *testing.T) {
	blocks, err := Align(Shape{b(1), Fixed(12), Fixed(1), Fixed(5), Fixed(7)}, Shape{b(1), Fixed(3), Fixed(4), Fixed(35)}, 2)
	if got, want := fmt.Sprint(blocks), "[{[0] [0]} {[1] [1 2]} {[3 4] [3]}]"; err != nil || got != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
	// [batch, 2] holds the elements of [2, batch], in another order: at batch 2 the numbers are the same.
	if blocks, err := Align(Shape{b(1), Fixed(2)}, Shape{Fixed(2), b(1)}, 2); err != nil || len(blocks) != 1 {
		t.Errorf("%v, %v; want one run of all axes", blocks, err)
	}
	if _, err := Align(Shape{b(1), Fixed(6)}, Shape{b(1), Fixed(5)}, 2); err == nil {
		t.Error("6 elements are aligned with 5")
	}
}

// TestExtentsAreBounded: products stay at or below 2^40, so that no sum or product of two of them overflows.
func TestExtentsAreBounded(t *testing.T) {
	if e, ok := Fixed(1 << 20).Times(b(1 << 20)); !ok || e != b(MaxExtent) {
		t.Errorf("2^20 times 2^20 batch is %v, %v", e, ok)
	}
	for _, pair := range [][2]Extent{{Fixed(1<<20 + 1), Fixed(1 << 20)}, {b(2), b(3)}} {
		if e, ok := pair[0].Times(pair[1]); ok {
			t.Errorf("%v times %v is %v", pair[0], pair[1], e)
		}
	}
}
