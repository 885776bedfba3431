package vector

import "math"

// lane does what one lane can do in a cycle, and counts it. The programs below compute each kind with nothing else per element, and
// are held against the kind's definition; the work they took must be what DefaultOps says. Work once a row or channel is
// ordinary Go, as package doc has it.
type lane struct{ cycles int }

func (l *lane) madd(a, b, c float64) float64 { l.cycles++; return a*b + c }
func (l *lane) add(a, b float64) float64     { l.cycles++; return a + b }
func (l *lane) mul(a, b float64) float64     { l.cycles++; return a * b }
func (l *lane) max(a, b float64) float64     { l.cycles++; return max(a, b) }
func (l *lane) move(a float64) float64       { l.cycles++; return a }
func (l *lane) choose(bit bool, a, b float64) float64 {
	l.cycles++
	if bit {
		return a
	}
	return b
}

// split finds x's place in a table of segments of width 2^-bits that begins at from: the segment, and how far x is into it.
func (l *lane) split(x, from float64, bits int) (segment int, rest float64) {
	l.cycles++
	s := math.Floor(math.Ldexp(x-from, bits))
	return int(s), x - from - math.Ldexp(s, -bits)
}

// quadratics approximates f by segments from x0 on, through both ends and the middle of each.
func quadratics(f func(float64) float64, x0 float64, segments, bits int) [][3]float64 {
	table := make([][3]float64, segments)
	w := math.Ldexp(1, -bits)
	for i := range table {
		a := x0 + float64(i)*w
		f0, f1, f2 := f(a), f(a+w/2), f(a+w)
		table[i] = [3]float64{f0, (4*f1 - 3*f0 - f2) / w, 2 * (f2 - 2*f1 + f0) / (w * w)}
	}
	return table
}

// look evaluates the table between -8 and 8, and goes on as f does far away: low below, slope*x above.
func (l *lane) look(table [][3]float64, x, low, slope float64) float64 {
	segment, rest := l.split(x, -8, 2)
	c := table[min(max(segment, 0), len(table)-1)] // clamped by the table's address
	y := l.madd(l.madd(c[2], rest, c[1]), rest, c[0])
	end := low
	if x > 0 {
		end = slope * x // a wire and an exponent, in front of the selector
	}
	return l.choose(segment >= 0 && segment < len(table), y, end)
}

// exponentials are those of x - m for the largest x, m, of the row.
func (l *lane) exponentials(x []float64) []float64 {
	table := quadratics(math.Exp2, 0, 64, 6)
	m := math.Inf(-1)
	for _, v := range x {
		m = l.max(m, v)
	}
	var e []float64
	for _, v := range x {
		y := l.madd(v, math.Log2E, -m*math.Log2E)
		segment, rest := l.split(y, 0, 6)
		whole := segment >> 6
		c := table[segment&63]
		e = append(e, math.Ldexp(l.madd(l.madd(c[2], rest, c[1]), rest, c[0]), whole)) // the integer goes into the exponent
	}
	return e
}

func (l *lane) softmax(x []float64) []float64 {
	p := l.exponentials(x)
	sum := 0.0
	for _, v := range p {
		sum = l.add(sum, v)
	}
	for i := range p {
		p[i] = l.mul(p[i], 1/sum)
	}
	return p
}
