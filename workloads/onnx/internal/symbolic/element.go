package symbolic

import (
	"math"
	"slices"

	"satsim/workloads/onnx/internal/file"
)

// elementwise lists the operators that work on each element and broadcast.
var elementwise = map[string]bool{
	"Add": true, "Sub": true, "Mul": true, "Div": true, "Pow": true, "Mod": true, "Min": true, "Max": true, "Sum": true,
	"Equal": true, "Less": true, "LessOrEqual": true, "Greater": true, "GreaterOrEqual": true, "And": true, "Or": true, "Not": true,
	"Where": true, "Neg": true, "Abs": true, "Sqrt": true, "Exp": true, "Log": true, "Reciprocal": true, "Floor": true, "Ceil": true,
	"Sin": true, "Cos": true,
}

// rounded is a result of floating-point numbers as a runtime has it: where both operands are numbers of 32 bits, so is the result (assumption: types are
// not followed, and a number of 64 bits that is none of 32 gives itself away).
func rounded(v, a, b float64) float64 {
	if float64(float32(a)) == a && float64(float32(b)) == b {
		return float64(float32(v))
	}
	return v
}

// compared tells whether a comparison holds, of numbers that are no multiples of the batch.
func compared(holds func(a, b float64) bool) func(a, b number, float bool) (number, bool) {
	return func(a, b number, _ bool) (number, bool) {
		v := number{}
		if holds(float64(a.i)+a.f, float64(b.i)+b.f) {
			v.i = 1
		}
		return v, !a.batch && !b.batch
	}
}

// chosen is one of two numbers that are no multiples of the batch.
func chosen(first func(a, b float64) bool) func(a, b number, float bool) (number, bool) {
	return func(a, b number, _ bool) (number, bool) {
		if first(float64(a.i)+a.f, float64(b.i)+b.f) {
			return a, !a.batch && !b.batch
		}
		return b, !a.batch && !b.batch
	}
}

func less(a, b float64) bool { return a < b }

func more(a, b float64) bool { return a > b }

// verdicts are the operators whose result is no number.
var verdicts = map[string]bool{"Equal": true, "Less": true, "LessOrEqual": true, "Greater": true, "GreaterOrEqual": true, "And": true, "Or": true, "Not": true}

// twoNumbers computes on floating-point numbers, or on integers of which not both are multiples of the batch.
var twoNumbers = map[string]func(a, b number, float bool) (number, bool){
	"Min": chosen(less), "Max": chosen(more), "Less": compared(less), "Greater": compared(more),
	"LessOrEqual":    compared(func(a, b float64) bool { return a <= b }),
	"GreaterOrEqual": compared(func(a, b float64) bool { return a >= b }),
	"And":            compared(func(a, b float64) bool { return a != 0 && b != 0 }),
	"Or":             compared(func(a, b float64) bool { return a != 0 || b != 0 }),
	"Add": func(a, b number, _ bool) (number, bool) {
		return number{i: a.i + b.i, f: rounded(a.f+b.f, a.f, b.f), batch: a.batch}, a.batch == b.batch
	},
	"Sub": func(a, b number, _ bool) (number, bool) {
		return number{i: a.i - b.i, f: rounded(a.f-b.f, a.f, b.f), batch: a.batch}, a.batch == b.batch
	},
	"Mul": func(a, b number, _ bool) (number, bool) {
		e, ok := Extent{a.i, a.batch}.Times(Extent{b.i, b.batch})
		return number{i: e.N, f: rounded(a.f*b.f, a.f, b.f), batch: a.batch || b.batch}, ok && !(a.batch && b.batch)
	},
	"Div": func(a, b number, float bool) (number, bool) {
		if float {
			return number{f: rounded(a.f/b.f, a.f, b.f), batch: a.batch && !b.batch}, a.batch || !b.batch
		}
		if !a.batch && !b.batch && b.i != 0 {
			return number{i: a.i / b.i}, true
		}
		e, ok := Extent{a.i, a.batch}.over(Extent{b.i, b.batch})
		return number{i: e.N, batch: e.Batch}, ok
	},
	"Mod": func(a, b number, float bool) (number, bool) {
		if float || a.batch || b.batch || b.i <= 0 {
			return number{}, false
		}
		return number{i: (a.i%b.i + b.i) % b.i}, true
	},
	"Equal": func(a, b number, float bool) (number, bool) {
		same := a.batch == b.batch && a.i == b.i && a.f == b.f
		if same {
			return number{i: 1}, true
		}
		// A multiple of the batch differs from what is no size.
		return number{}, a.batch == b.batch || a.batch && b.i < 1 || b.batch && a.i < 1
	},
}

// Aligned is the second operand's shape as the first one meets it. Before operator set 7 operands broadcast only where an attribute says so, and another
// says with which axis of the first the second begins: it is as if extents of 1 stood behind it.
func Aligned(n *file.Node, a, b Shape) Shape {
	if n.Opset == 0 || n.Opset >= 7 || n.Int("broadcast", 0) == 0 || !n.Has("axis") {
		return b
	}
	axis := n.Int("axis", 0)
	if axis < 0 {
		axis += int64(len(a))
	}
	behind := int64(len(a)-len(b)) - axis
	if axis < 0 || behind < 1 {
		return b
	}
	return slices.Concat(b, FixedShape(slices.Repeat([]int64{1}, int(behind))))
}

func foldElementwise(n *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	if len(in) == 2 && in[1] != nil {
		if s := Aligned(n, in[0].Shape, in[1].Shape); len(s) != in[1].rank() {
			in = []*Tensor{in[0], {Shape: s, Elements: in[1].Elements.As(s)}}
		}
	}
	s := in[0].Shape
	for _, x := range in[1:] {
		if x == nil {
			continue
		}
		var err error
		if s, err = Broadcast(s, x.Shape); err != nil {
			return nil, nil, err
		}
	}
	for _, x := range in {
		if x == nil || x.Elements == nil {
			return s, nil, nil
		}
	}
	elements, err := s.Elements()
	if err != nil || elements.Batch || elements.N > maxLiteral {
		return s, nil, err
	}
	out := &Literal{dims: in[0].Elements.dims, float: in[0].Elements.float}
	out.dims = nil
	for _, e := range s {
		out.dims = append(out.dims, e.N)
	}
	f, isBinary := twoNumbers[n.Op]
	for i := range elements.N {
		c := coordinates(out.dims, i)
		args := make([]number, len(in))
		for k, x := range in {
			args[k] = x.Elements.broadcastAt(c)
		}
		var v number
		ok := true
		switch {
		case isBinary && len(args) == 2:
			v, ok = f(args[0], args[1], out.float)
		case n.Op == "Where" && len(args) == 3:
			out.float = in[1].Elements.float
			v = args[2]
			if args[0].i != 0 {
				v = args[1]
			}
		case len(args) == 1:
			v, ok = unary(n.Op, args[0], out.float)
		default:
			ok = false
		}
		if !ok {
			return s, nil, nil
		}
		out.elems = append(out.elems, v)
	}
	if verdicts[n.Op] {
		out.float = false
	}
	return s, out, nil
}

func unary(op string, a number, float bool) (number, bool) {
	if a.batch {
		return a, op == "Floor" || op == "Ceil"
	}
	switch {
	case op == "Neg":
		return number{i: -a.i, f: -a.f}, true
	case op == "Not":
		return number{i: 1 - a.i}, true
	case op == "Sqrt" && float:
		return number{f: math.Sqrt(a.f)}, true
	case op == "Reciprocal" && float && a.f != 0:
		return number{f: rounded(1/a.f, a.f, a.f)}, true
	case op == "Floor" && float:
		return number{f: math.Floor(a.f)}, true
	case op == "Ceil" && float:
		return number{f: math.Ceil(a.f)}, true
	}
	return a, false
}

// foldClip bounds numbers by one number on either side, which an attribute gives or, in later operator sets, an input.
func foldClip(n *file.Node, in []*Tensor, _ FixedBatch) (Shape, *Literal, error) {
	x := in[0]
	if x.Elements == nil {
		return x.Shape, nil, nil
	}
	bounds := [2]float64{math.Inf(-1), math.Inf(1)}
	for i, attr := range []string{"min", "max"} {
		switch {
		case n.Has(attr):
			bounds[i] = n.Float(attr, 0)
		case i+1 < len(in) && in[i+1] != nil:
			var ok bool
			if bounds[i], ok = in[i+1].Elements.Scalar(); !ok {
				return x.Shape, nil, nil
			}
		}
	}
	out := &Literal{dims: x.Elements.dims, float: x.Elements.float}
	for _, e := range x.Elements.elems {
		v := float64(e.i) + e.f
		bounded := min(max(v, bounds[0]), bounds[1])
		switch {
		case e.batch:
			return x.Shape, nil, nil
		case bounded == v:
		case out.float:
			e.f = bounded
		default:
			e.i = int64(bounded)
		}
		out.elems = append(out.elems, e)
	}
	return x.Shape, out, nil
}

func castLiteral(l *Literal, float bool) *Literal {
	if l == nil || l.float == float {
		return l
	}
	out := &Literal{dims: l.dims, float: float}
	for _, e := range l.elems {
		if float {
			e.f, e.i = float64(e.i), 0
		} else {
			if math.Abs(e.f) > MaxExtent {
				return nil
			}
			e.i, e.f = int64(e.f), 0
		}
		out.elems = append(out.elems, e)
	}
	return out
}
