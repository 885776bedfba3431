package network

import (
	"fmt"
	"slices"
	"strings"
)

// maxElements bounds a tensor, so that no later count of bytes overflows.
const maxElements = 1 << 48

// Shape is a tensor's extents, outermost first, channels last.
type Shape []int64

// String prints the shape as 512x64x64x3.
func (s Shape) String() string {
	var b strings.Builder
	for i, d := range s {
		if i > 0 {
			b.WriteByte('x')
		}
		fmt.Fprint(&b, d)
	}
	return b.String()
}

// Elements is the product of the extents.
func (s Shape) Elements() int64 {
	n := int64(1)
	for _, d := range s {
		n *= d
	}
	return n
}

func (s Shape) last() int64 { return s[len(s)-1] }

// with is a copy whose last extent is c.
func (s Shape) with(c int64) Shape {
	out := append(Shape{}, s...)
	out[len(out)-1] = c
	return out
}

func (s Shape) equal(o Shape) bool { return slices.Equal(s, o) }

func (s Shape) check() error {
	if len(s) == 0 {
		return fmt.Errorf("has no extents; at least one is needed")
	}
	n := int64(1)
	for _, d := range s {
		if d < 1 {
			return fmt.Errorf("shape %v has extent %d; every extent must be at least 1", s, d)
		}
		if d > maxElements/n {
			return fmt.Errorf("shape %v has more than 2^48 elements", s)
		}
		n *= d
	}
	return nil
}

// broadcast joins two shapes: aligned at the last extent, an extent of 1 stretches to the other's.
func broadcast(a, b Shape) (Shape, error) {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := append(Shape{}, a...)
	shift := len(a) - len(b)
	for i, d := range b {
		switch o := &out[i+shift]; {
		case *o == d || d == 1:
		case *o == 1:
			*o = d
		default:
			return nil, fmt.Errorf("shapes %v and %v do not broadcast: %d against %d at axis %d", a, b, *o, d, i+shift)
		}
	}
	return out, nil
}
