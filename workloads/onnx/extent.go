package onnx

import (
	"fmt"
	"strings"

	"satsim/workloads/network"
)

// maxExtent bounds an extent, and with it every product of two.
const maxExtent = 1 << 40

// extent is n, times the batch where batch is set.
type extent struct {
	n     int64
	batch bool
}

func fixed(n int64) extent { return extent{n: n} }

func (e extent) unit() bool { return e == extent{n: 1} }

// times multiplies; there is no square of the batch.
func (e extent) times(o extent) (extent, bool) {
	if e.batch && o.batch || o.n != 0 && abs(e.n) > maxExtent/abs(o.n) {
		return extent{}, false
	}
	return extent{e.n * o.n, e.batch || o.batch}, true
}

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

// over divides where that comes out even.
func (e extent) over(o extent) (extent, bool) {
	if o.n == 0 || e.n%o.n != 0 || o.batch && !e.batch {
		return extent{}, false
	}
	return extent{e.n / o.n, e.batch && !o.batch}, true
}

// value is the extent at a batch.
func (e extent) value(batch int64) int64 {
	if e.batch {
		return e.n * batch
	}
	return e.n
}

// expr is the extent in the notation of networks.
func (e extent) expr() network.Expr {
	switch {
	case !e.batch:
		return network.Expr(fmt.Sprint(e.n))
	case e.n == 1:
		return "batch"
	default:
		return network.Expr(fmt.Sprintf("%d*batch", e.n))
	}
}

func (e extent) String() string { return string(e.expr()) }

// shape is a tensor's extents, outermost first.
type shape []extent

func fixedShape(dims []int64) shape {
	s := make(shape, len(dims))
	for i, d := range dims {
		s[i] = fixed(d)
	}
	return s
}

func (s shape) String() string {
	var parts []string
	for _, e := range s {
		parts = append(parts, e.String())
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// elements is the product of the extents.
func (s shape) elements() (extent, error) {
	all := fixed(1)
	for _, e := range s {
		var ok bool
		if all, ok = all.times(e); !ok {
			return all, fmt.Errorf("shape %v has the batch twice or too many elements", s)
		}
	}
	return all, nil
}

// at gives the extents' values at a batch.
func (s shape) at(batch int64) network.Shape {
	out := make(network.Shape, len(s))
	for i, e := range s {
		out[i] = e.value(batch)
	}
	return out
}

// take picks axes in an order.
func (s shape) take(axes []int) shape {
	out := make(shape, len(axes))
	for i, a := range axes {
		out[i] = s[a]
	}
	return out
}

func (s shape) equal(o shape) bool {
	if len(s) != len(o) {
		return false
	}
	for i := range s {
		if s[i] != o[i] {
			return false
		}
	}
	return true
}

// broadcast joins two shapes: aligned at the last axis, an extent of 1 stretches.
func broadcast(a, b shape) (shape, error) {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := append(shape{}, a...)
	shift := len(a) - len(b)
	for i, e := range b {
		switch o := out[i+shift]; {
		case o == e || e.unit():
		case o.unit():
			out[i+shift] = e
		default:
			return nil, fmt.Errorf("shapes %v and %v do not fit each other", a, b)
		}
	}
	return out, nil
}

// axisOf resolves an axis that may count from the end.
func axisOf(axis int64, rank int) (int, error) {
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
		at, err := axisOf(a, rank)
		if err != nil {
			return nil, err
		}
		out = append(out, at)
	}
	return out, nil
}
