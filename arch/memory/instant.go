package memory

import (
	"math/big"
	"math/bits"
)

// instant is a time: whole core cycles and 0 <= sub < unit units of a cycle.
type instant struct{ cycle, sub int64 }

// plus is the instant so many units later, or earlier.
func (t instant) plus(units, unit int64) instant {
	if unit == 1 {
		return instant{cycle: t.cycle + units}
	}
	sub := t.sub + units
	carry := sub / unit
	if sub -= carry * unit; sub < 0 {
		carry, sub = carry-1, sub+unit
	}
	return instant{t.cycle + carry, sub}
}

// ceil is the first whole cycle that is not before.
func (t instant) ceil() int64 {
	if t.sub > 0 {
		return t.cycle + 1
	}
	return t.cycle
}

func later(a, b instant) instant {
	if a.cycle > b.cycle || a.cycle == b.cycle && a.sub >= b.sub {
		return a
	}
	return b
}

// scale multiplies by a ratio and rounds once, to the nearest: one request always takes the same time. A remainder carried from
// request to request would be more exact by less than half a unit each, and would keep a loop of requests from ever returning
// to its state.
type scale struct {
	factor uint64 // the ratio times 2^shift
	shift  uint
}

const scaleShift = 40

// newScale is the ratio of two products of positive numbers.
func newScale(num, den *big.Int) scale {
	q := new(big.Int).Lsh(num, scaleShift)
	q.Add(q, new(big.Int).Rsh(den, 1)).Div(q, den)
	s := scale{shift: scaleShift}
	for q.BitLen() > 63 {
		q.Rsh(q, 1)
		s.shift--
	}
	s.factor = q.Uint64()
	return s
}

func product(factors ...int64) *big.Int {
	p := big.NewInt(1)
	for _, f := range factors {
		p.Mul(p, big.NewInt(f))
	}
	return p
}

func (s scale) of(v int64) int64 {
	hi, lo := bits.Mul64(uint64(v), s.factor)
	lo, carry := bits.Add64(lo, 1<<(s.shift-1), 0)
	return int64((hi+carry)<<(64-s.shift) | lo>>s.shift)
}
