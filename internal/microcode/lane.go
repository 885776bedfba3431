package microcode

import "math"

// Strip is elements side by side that one word works on, and what belongs to each: slices of one length, but for Scalar.
type Strip struct {
	Port   [3][]float32
	Bit    []bool
	Sum    [4][]float32
	First  [4][]int32 // where the largest of Sum came from, if it is asked for
	Column [8][]float32
	Scalar [8]float32
	Out    [2][]float32
	Set    []bool // bits that leave
	At     int32  // what First notes for this element's position

	N        int
	register [4][]float32
	segment  []segment
	operand  [3][]float32
}

type segment struct {
	index, whole, where int
}

// Lane runs words.
type Lane struct {
	Flush bool // subnormal numbers are zeros
	Width int  // lanes side by side that hold a row's ways; 0: any power of two, all of which fold alike
}

// RowWays is how many ways a sum over a row has at most: whole waves of lanes, as many as RowWays holds.
func (l Lane) RowWays() int {
	if l.Width == 0 {
		return RowWays
	}
	return l.Width * max(1, RowWays/l.Width)
}

const (
	canonical = 0x7fc00000
	exponent  = 0x7f800000
	sign      = 0x80000000
)

// settle is what an operand or a result goes through.
func (l Lane) settle(x []float32) {
	if !l.Flush {
		return
	}
	for i, v := range x {
		if b := math.Float32bits(v); b&^sign-1 < 1<<23-1 {
			x[i] = math.Float32frombits(b & sign)
		}
	}
}

// fit makes the memory of a strip.
func (s *Strip) fit() {
	if len(s.segment) >= s.N {
		return
	}
	s.segment = make([]segment, s.N)
	for k := range s.register {
		s.register[k] = make([]float32, s.N)
	}
	for k := range s.operand {
		s.operand[k] = make([]float32, s.N)
	}
}

// read is an operand of all elements. What needs no change is not copied.
func (l Lane) read(p *Program, s *Strip, o *Operand, slot int) []float32 {
	to := s.operand[slot][:s.N]
	var from []float32
	switch o.File {
	case Literal:
		fill(to, o.Value)
		from = to
	case Scalar:
		fill(to, s.Scalar[o.Index])
		from = to
	case Entry:
		c := &p.Table.Coefficient[o.Index]
		for i := range to {
			to[i] = c[s.segment[i].index]
		}
		from = to
	case Port:
		from = s.Port[o.Index][:s.N]
	case Register:
		from = s.register[o.Index][:s.N]
	case Sum:
		from = s.Sum[o.Index][:s.N]
	case Column:
		from = s.Column[o.Index][:s.N]
	case Out:
	}
	if !o.Neg && !o.Abs && !o.Gated && !(l.Flush && given(o.File) && subnormal(from)) {
		return from
	}
	for i, v := range from {
		b := math.Float32bits(v)
		if o.Abs {
			b &^= sign
		}
		if o.Neg {
			b ^= sign
		}
		if o.Gated && !s.Bit[i] {
			b = 0
		}
		to[i] = math.Float32frombits(b)
	}
	l.settle(to)
	return to
}

// given says that a number may not be what a word made.
func given(f File) bool { return f == Port || f == Column || f == Scalar }

// subnormal reports whether any number is.
func subnormal(x []float32) bool {
	for _, v := range x {
		if b := math.Float32bits(v) &^ sign; b-1 < 1<<23-1 {
			return true
		}
	}
	return false
}

func fill(x []float32, v float32) {
	for i := range x {
		x[i] = v
	}
}

// place is where results go.
func (s *Strip) place(to Place) []float32 {
	switch to.File {
	case Register:
		return s.register[to.Index][:s.N]
	case Sum:
		return s.Sum[to.Index][:s.N]
	case Column:
		return s.Column[to.Index][:s.N]
	case Out:
		return s.Out[to.Index][:s.N]
	case Scalar: // of a strip of one element
		return s.Scalar[to.Index:][:s.N]
	case Literal, Port, Entry:
	}
	return nil
}

// Do runs words on a strip, one after the other.
func (l Lane) Do(p *Program, words []Word, s *Strip) {
	s.fit()
	for i := range words {
		l.word(p, &words[i], s)
	}
}

func (l Lane) word(p *Program, w *Word, s *Strip) {
	a := l.read(p, s, &w.A, 0)
	var b, c []float32
	switch w.Op {
	case Mul, MulAdd, Clamp, Pick, Divide:
		b = l.read(p, s, &w.B, 1)
	case Move, Add, Larger, Split, Root:
	}
	switch w.Op {
	case Add, MulAdd, Larger, Clamp:
		c = l.read(p, s, &w.C, 2)
	case Move, Mul, Split, Pick, Divide, Root:
	}
	to := s.place(w.To)
	switch w.Op {
	case Move:
		copy(to, a)
	case Add:
		for i := range to {
			to[i] = a[i] + c[i]
		}
	case Mul:
		for i := range to {
			to[i] = a[i] * b[i]
		}
	case MulAdd:
		l.mulAdd(to, a, b, c, s)
	case Larger:
		s.larger(w, to, a, c)
	case Clamp:
		s.clamp(w, to, a, b, c)
	case Split:
		for i, x := range a {
			g := &s.segment[i]
			g.index, g.whole, to[i], g.where = p.Table.Find(x)
		}
	case Pick:
		s.pick(p.Table, to, a, b)
	case Divide:
		for i := range to {
			to[i] = a[i] / b[i]
		}
	case Root:
		for i, x := range a {
			to[i] = float32(math.Sqrt(float64(x)))
		}
	}
	l.settle(to)
	if w.Raise {
		s.raise(to)
	}
}

func (l Lane) mulAdd(to, a, b, c []float32, s *Strip) {
	if !l.Flush {
		for i := range to {
			to[i] = float32(a[i]*b[i]) + c[i]
		}
		return
	}
	product := s.operand[0][:s.N] // a may be that
	for i := range product {
		product[i] = a[i] * b[i]
	}
	l.settle(product)
	for i := range to {
		to[i] = product[i] + c[i]
	}
}

func (s *Strip) larger(w *Word, to, a, c []float32) {
	for i, x := range a {
		is := x > c[i]
		y := c[i]
		if is {
			y = x
		}
		to[i] = y
		if w.Bit {
			s.Set[i] = is
		}
		if w.To.File == Sum && is && s.First[w.To.Index] != nil {
			s.First[w.To.Index][i] = s.At
		}
	}
}

func (s *Strip) clamp(w *Word, to, a, b, c []float32) {
	for i, x := range a {
		above, below := x > b[i], x < c[i]
		switch {
		case above && below:
			to[i] = x
		case above:
			to[i] = c[i]
		default:
			to[i] = b[i]
		}
		if w.Bit {
			s.Set[i] = above && below
		}
	}
}

func (s *Strip) pick(t *Table, to, a, b []float32) {
	for i, x := range a {
		switch g := s.segment[i]; {
		case g.where < 0:
			to[i] = t.Below
		case g.where > 0 && t.Through:
			to[i] = b[i]
		case g.where > 0:
			to[i] = t.Above
		default:
			to[i] = x
		}
	}
}

// raise puts the whole part into the exponent.
func (s *Strip) raise(x []float32) {
	for i, v := range x {
		b := math.Float32bits(v)
		e := int(b&exponent>>23) + s.segment[i].whole
		switch {
		case b&exponent == exponent: // infinite or no number: it stays
		case e <= 0:
			x[i] = 0
		case e >= 255:
			x[i] = float32(math.Inf(1))
		default:
			x[i] = math.Float32frombits(b&^exponent | uint32(e)<<23)
		}
	}
}
