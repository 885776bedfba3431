package symbolic

import (
	"fmt"
	"slices"
	"strings"
)

// MaxExtent bounds an extent, and with it every product of two.
const MaxExtent = 1 << 40

// Extent is N, times the batch where Batch is set.
type Extent struct {
	N     int64
	Batch bool
}

func Fixed(n int64) Extent { return Extent{N: n} }

func (e Extent) Unit() bool { return e == Extent{N: 1} }

// Times multiplies; there is no square of the batch.
func (e Extent) Times(o Extent) (Extent, bool) {
	if e.Batch && o.Batch || o.N != 0 && abs(e.N) > MaxExtent/abs(o.N) {
		return Extent{}, false
	}
	return Extent{e.N * o.N, e.Batch || o.Batch}, true
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

// over divides where that comes out even.
func (e Extent) over(o Extent) (Extent, bool) {
	if o.N == 0 || e.N%o.N != 0 || o.Batch && !e.Batch {
		return Extent{}, false
	}
	return Extent{e.N / o.N, e.Batch && !o.Batch}, true
}

// Value is the extent at a batch.
func (e Extent) Value(batch int64) int64 {
	if e.Batch {
		return e.N * batch
	}
	return e.N
}

// String is the extent in the notation of networks.
func (e Extent) String() string {
	switch {
	case !e.Batch:
		return fmt.Sprint(e.N)
	case e.N == 1:
		return "batch"
	default:
		return fmt.Sprintf("%d*batch", e.N)
	}
}

// Shape is a tensor's extents, outermost first.
type Shape []Extent

func FixedShape(dims []int64) Shape {
	s := make(Shape, len(dims))
	for i, d := range dims {
		s[i] = Fixed(d)
	}
	return s
}

func (s Shape) String() string {
	var parts []string
	for _, e := range s {
		parts = append(parts, e.String())
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// Elements is the product of the extents.
func (s Shape) Elements() (Extent, error) {
	all := Fixed(1)
	for _, e := range s {
		var ok bool
		if all, ok = all.Times(e); !ok {
			return all, fmt.Errorf("shape %v has the batch twice or too many elements", s)
		}
	}
	return all, nil
}

// BeforeBatch counts the elements outside the batch in row-major order: the product of the extents before the one that holds it.
func (s Shape) BeforeBatch() int64 {
	n := int64(1)
	for _, e := range s {
		if e.Batch {
			break
		}
		n *= e.N
	}
	return n
}

// At gives the extents' values at a batch.
func (s Shape) At(batch int64) []int64 {
	out := make([]int64, len(s))
	for i, e := range s {
		out[i] = e.Value(batch)
	}
	return out
}

// Take picks axes in an order.
func (s Shape) Take(axes []int) Shape {
	out := make(Shape, len(axes))
	for i, a := range axes {
		out[i] = s[a]
	}
	return out
}

// Equal reports whether two shapes have the same extents.
func (s Shape) Equal(o Shape) bool { return slices.Equal(s, o) }

// Broadcast joins two shapes: aligned at the last axis, an extent of 1 stretches.
func Broadcast(a, b Shape) (Shape, error) {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := append(Shape{}, a...)
	shift := len(a) - len(b)
	for i, e := range b {
		switch o := out[i+shift]; {
		case o == e || e.Unit():
		case o.Unit():
			out[i+shift] = e
		default:
			return nil, fmt.Errorf("shapes %v and %v do not fit each other", a, b)
		}
	}
	return out, nil
}

// Axis resolves an axis that may count from the end.
func Axis(axis int64, rank int) (int, error) {
	at := axis
	if at < 0 {
		at += int64(rank)
	}
	if at < 0 || at >= int64(rank) {
		return 0, fmt.Errorf("axis is %d; the tensor has %d", axis, rank)
	}
	return int(at), nil
}

// axesOf resolves several axes.
func axesOf(axes []int64, rank int) ([]int, error) {
	var out []int
	for _, a := range axes {
		at, err := Axis(a, rank)
		if err != nil {
			return nil, err
		}
		out = append(out, at)
	}
	return out, nil
}
