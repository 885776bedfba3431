package kernel

import "math"

// Format is how values are stored between operators.
type Format struct {
	Half  bool // FP16, else FP32
	Flush bool // FP16 subnormals are zeros
}

const (
	expMask     = 0x7f800000
	smallest    = 0x38800000 // 2^-14, the smallest normal of FP16
	largest     = 0x477fe000 // 65504
	canonicNaN  = 0x7fc00000
	droppedBits = 13 // of FP32's fraction
)

// One rounds a value.
func (f Format) One(v float32) float32 {
	if !f.Half {
		return v
	}
	b := math.Float32bits(v)
	sign, e := b&0x80000000, b&0x7fffffff
	switch {
	case e >= smallest && e <= largest:
		e += 1<<(droppedBits-1) - 1 + e>>droppedBits&1
		e &^= 1<<droppedBits - 1
		if e > largest {
			e = expMask
		}
	case e > expMask:
		return math.Float32frombits(canonicNaN)
	case e > largest:
		// 65520 is half way to 65536, which FP16 has not; its tie goes to the even one.
		if e < 0x477ff000 {
			e = largest
		} else {
			e = expMask
		}
	default:
		// Multiples of 2^-24: those that a number in [0.5, 1) can hold.
		r := math.Float32frombits(e) + 0.5
		e = math.Float32bits(r - 0.5)
		if f.Flush && e < smallest {
			e = 0
		}
	}
	return math.Float32frombits(sign | e)
}

// Round rounds values in place.
func (f Format) Round(x []float32) {
	if f.Half {
		f.plain(x[eights(x, f.Flush):])
	}
}

// plain rounds values one by one, to the same bits.
func (f Format) plain(x []float32) {
	for i, v := range x {
		// The common case by itself: normal, and no overflow.
		b := math.Float32bits(v)
		if e := b & 0x7fffffff; e-smallest < largest-smallest {
			b += 1<<(droppedBits-1) - 1 + b>>droppedBits&1
			x[i] = math.Float32frombits(b &^ (1<<droppedBits - 1))
			continue
		}
		if b&0x7fffffff != 0 {
			x[i] = f.One(v)
		}
	}
}
