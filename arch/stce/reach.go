package stce

import (
	"fmt"
	"math"
)

// AddressWords is how many words of a row's or column's buffer the array in Verilog reaches: ADDR_W of rtl/stce.v, 16 bits.
const AddressWords = 1 << 16

// linkWords are a group's words on the west link of a row, of m operands an output: of a batch, and of the last one (OS: both are the group's).
func (p Params) linkWords(f Fold, t *timing, m int64) (batch, last int64) {
	side, least := int64(1), int64(1)
	if f.Over == OverT {
		side, least = t.depth, t.depth
		if f.Mode == WS {
			least = f.Rows - (t.batches-1)*t.depth
		}
	}
	return ceil(side*m, int64(p.LinkWidth)), ceil(least*m, int64(p.LinkWidth))
}

// lanes is how many words a tile has in a buffer of a row, and in those of a column, where most are.
type lanes struct{ west, north, output int64 }

// lanes of a tile: a column fold's link words lie there once, and a column's weights and outputs one column fold after the other; products follow each other.
func (p Params) lanes(t Tile, g groups, s *classes) lanes {
	l := lanes{west: p.west(t, g, s)}
	outputs := int64(0) // columns of outputs that a column has
	for o, n := range s.outer.count {
		if n > 0 {
			outputs = plus(outputs, product(n, ceil(s.fold[o][s.inner.first].Cols, int64(p.Cols))))
		}
	}
	l.north, l.output = product(outputs, g.all().kept()), product(outputs, t.Rows)
	for _, v := range []*int64{&l.west, &l.north, &l.output} {
		*v = product(*v, t.products())
	}
	return l
}

// west is the words of a column fold that the row has that has most.
func (p Params) west(t Tile, g groups, s *classes) (most int64) {
	full, last := g.kinds()
	if t.Mode == OS {
		for i, n := range s.inner.count {
			if o := s.outer.first; n > 0 {
				f, t := s.fold[o][i], &s.class[o][i]
				of := g.stretch(f.FirstGroup, f.Groups)
				ofFull, _ := p.linkWords(f, t, full.m)
				ofShort, _ := p.linkWords(f, t, last.m)
				most = plus(most, product(n, plus(product(of.full, ofFull), product(of.short, ofShort))))
			}
		}
		return most
	}
	f, in := s.fold[s.outer.first][s.inner.first], &s.class[s.outer.first][s.inner.first]
	words := func(m int64) int64 {
		batch, last := p.linkWords(f, in, m)
		return plus(product(in.batches-1, batch), last)
	}
	ofFull, ofShort := words(full.m), words(last.m)
	// Row r has groups r, r + R and so on, one a K fold; the short one of tap q is in row (q*perTap + perTap-1) mod R, and taps meet a row again after a period.
	R, short := int64(p.Rows), make([]int64, p.Rows)
	if g.shortM > 0 {
		period := int64(1)
		for period*(g.perTap%R)%R != 0 {
			period++
		}
		for q := range min(period, g.taps) {
			short[(q*(g.perTap%R)+g.perTap-1)%R] = ceil(g.taps-q, period)
		}
	}
	for r := range min(R, g.total()) {
		most = max(most, plus(product(ceil(g.total()-r, R)-short[r], ofFull), product(short[r], ofShort)))
	}
	return most
}

// beyond says which words of a tile the addresses do not reach.
func (l lanes) beyond() (errs []error) {
	for _, of := range []struct {
		buffer, lane, keys string
		words              int64
	}{
		{"west", "row", "rows, taps, channels and products", l.west},
		{"north", "column", "cols, taps, channels and products", l.north},
		{"output", "column", "rows, cols and products", l.output},
	} {
		if of.words > AddressWords {
			errs = append(errs, fmt.Errorf("%s: %d words a %s of the %s buffer; addresses reach 65,536 words a %s", of.keys, of.words, of.lane, of.buffer, of.lane))
		}
	}
	return errs
}

// plus and product are exact for what is not negative, or the largest number.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

func product(a, b int64) int64 {
	if b != 0 && a > math.MaxInt64/b {
		return math.MaxInt64
	}
	return a * b
}
