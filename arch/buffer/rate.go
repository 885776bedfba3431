package buffer

import "satsim/arch/word"

// Fraction is Num/Den, both positive: by how much the array's steps stretch, or bits a cycle.
type Fraction struct{ Num, Den int64 }

// One is no stretch.
var One = Fraction{1, 1}

// less reports r < o.
func (r Fraction) less(o Fraction) bool { return r.Num*o.Den < o.Num*r.Den }

// Larger is the larger of two ratios.
func Larger(a, b Fraction) Fraction {
	if a.less(b) {
		return b
	}
	return a
}

// Slow is the stretch as words have it: zero where there is none.
func (r Fraction) Slow() word.Slow {
	if r.Num <= r.Den {
		return word.Slow{}
	}
	return word.Slow{r.Num, r.Den}
}

// Stretch of cycles: rounded up.
func (r Fraction) Stretch(cycles int64) int64 {
	return r.Slow().Stretch(cycles)
}

// Supply is the bits that one port of every bank gives in a cycle.
func (s Geometry) Supply() int64 { return int64(s.Banks) * int64(s.WordBits) }

// Slow is by how much a demand of so many bits a cycle outruns the buffer; at least 1.
func (s Geometry) Slow(demand Fraction) Fraction {
	return Larger(One, Fraction{demand.Num, demand.Den * s.Supply()})
}

// Access is a word in a banked buffer: the place of its position (x' + y' OW + images before), its word among the position's
// channels, and what tells words of equal place and bank apart.
type Access struct{ Place, Word, Line int64 }

// Bank of an access.
func (s Geometry) Bank(a Access) int {
	n := int64(s.Banks)
	b := (a.Place + a.Word) % n
	if b < 0 { // places left of the image: padding, which no bank holds, but whose neighbours keep their order
		b += n
	}
	return int(b)
}

// Conflicts is how many cycles a set of accesses takes: the most words that one bank is asked for. Equal accesses are one.
func (s Geometry) Conflicts(set []Access) int64 {
	var few [64]int64
	count := few[:]
	if s.Banks > len(few) {
		count = make([]int64, s.Banks)
	}
	most := int64(0)
	for i, a := range set {
		if seen(set[:i], a) {
			continue
		}
		b := s.Bank(a)
		count[b]++
		most = max(most, count[b])
	}
	return most
}

func seen(set []Access, a Access) bool {
	for _, o := range set {
		if o == a {
			return true
		}
	}
	return false
}
