package microcode

import "math"

// Segments of a table.
const Segments = 64

// Table is a function in quadratics: c0 + r*(c1 + r*c2), r from the beginning of a segment. Beyond its ends it is a constant or, above, the operand.
type Table struct {
	Name         string
	From         float32 // where it begins: a multiple of a segment's width
	Bits         int     // a segment is 2^-Bits wide
	Below, Above float32 // the function beyond the ends
	Through      bool    // above it is the operand instead
	Periodic     bool    // no ends: the whole part goes into the exponent
	Coefficient  [3][Segments]float32
}

// fraction is the bits of a place in a segment: as many as FP32's, so that it is exact.
const fraction = 24

// Find is the split of x, which counts as the multiple of 2^-(Bits+24) below it: its segment, how far it is into it, and its whole part in a periodic
// table. where is -1 below the table, 1 above, else 0. What is no number stays none.
func (t *Table) Find(x float32) (segment, whole int, rest float32, where int) {
	if x != x {
		return 0, 0, x, 0
	}
	// Exact: scaled by a power of two, and FP64 has the bits of an FP32 number and of the table's beginning.
	fixed := math.Floor(math.Ldexp(float64(x), t.Bits+fraction)) - math.Ldexp(float64(t.From), t.Bits+fraction)
	steps := math.Floor(math.Ldexp(fixed, -fraction))
	switch {
	case t.Periodic && steps < -lowest*Segments:
		return 0, -lowest, 0, 0
	case t.Periodic && steps >= lowest*Segments:
		return 0, lowest, 0, 0
	case !t.Periodic && steps < 0:
		return 0, 0, 0, -1
	case !t.Periodic && steps >= Segments:
		return 0, 0, 0, 1
	}
	rest = float32(math.Ldexp(fixed-math.Ldexp(steps, fraction), -t.Bits-fraction))
	return int(steps) & (Segments - 1), int(steps) >> 6, rest, 0
}

// lowest is a whole part beyond any exponent.
const lowest = 256

// quadratics goes through both ends and the middle of each segment of f.
func quadratics(t Table, f func(float64) float64) *Table {
	w := math.Ldexp(1, -t.Bits)
	for i := range Segments {
		a := float64(t.From) + float64(i)*w
		f0, f1, f2 := f(a), f(a+w/2), f(a+w)
		t.Coefficient[0][i] = float32(f0)
		t.Coefficient[1][i] = float32((float64(4*f1) - float64(3*f0) - f2) / w)
		t.Coefficient[2][i] = float32(2 * (f2 - float64(2*f1) + f0) / (w * w))
	}
	return &t
}

// The functions. Those whose derivative is made of their own result have it as a function of that.

func exp2() *Table { return quadratics(Table{Name: "exp2", Bits: 6, Periodic: true}, math.Exp2) }

func gauss(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }

func normal(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// over is a function beyond whose table there are two constants, or nothing and the operand.
func over(name string, bits int, above float32, through bool, f func(float64) float64) *Table {
	return quadratics(Table{Name: name, From: -float32(int(Segments/2) >> bits), Bits: bits, Above: above, Through: through}, f)
}

func gelu() *Table {
	return over("gelu", 2, 0, true, func(x float64) float64 { return x * normal(x) })
}

func geluSlope() *Table {
	return over("gelu_slope", 2, 1, false, func(x float64) float64 { return normal(x) + x*gauss(x) })
}

// SiLU's tail is long.
func silu() *Table {
	return over("silu", 1, 0, true, func(x float64) float64 { return x * logistic(x) })
}

func siluSlope() *Table {
	return over("silu_slope", 1, 1, false, func(x float64) float64 { s := logistic(x); return s + x*s*(1-s) })
}

func sigmoid() *Table { return over("sigmoid", 2, 1, false, logistic) }

func tanh() *Table {
	return quadratics(Table{Name: "tanh", From: -8, Bits: 2, Below: -1, Above: 1}, math.Tanh)
}

// Of the result, which is between -1 and 1.
func sigmoidSlope() *Table {
	return quadratics(Table{Name: "sigmoid_slope", From: -1, Bits: 5}, func(y float64) float64 { return y * (1 - y) })
}

func tanhSlope() *Table {
	return quadratics(Table{Name: "tanh_slope", From: -1, Bits: 5}, func(y float64) float64 { return 1 - y*y })
}
