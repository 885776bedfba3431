package kernel

import "math"

// SumColumns adds the rows of x, as wide as sum, to sum, in ascending order.
func SumColumns(sum []float64, x []float32) {
	c := len(sum)
	rows := len(x) / c
	for from := sumColumns(rows, c, sum, x[:rows*c]); from < c && len(x) > 0; x = x[c:] {
		for i, v := range x[from:c] {
			sum[from+i] += float64(v)
		}
	}
}

// SumSquares adds the squares of the rows of x less their mean to sum, in ascending order.
func SumSquares(sum []float64, x, mean []float32) {
	c := len(sum)
	rows := len(x) / c
	for from := sumSquares(rows, c, sum, x[:rows*c], mean[:c]); from < c && len(x) > 0; x = x[c:] {
		for i := from; i < c; i++ {
			d := float64(x[i] - mean[i])
			sum[i] += float64(d * d)
		}
	}
}

// Norm is what normalises rows: a number of each for each column.
type Norm struct {
	Mean, Rstd   []float32
	Scale, Shift []float32
}

// columns is how many there are; the assembly, which checks nothing, needs that many of each.
func (o *Norm) columns() int {
	c := len(o.Mean)
	_, _, _ = o.Rstd[:c], o.Scale[:c], o.Shift[:c]
	return c
}

// Apply is y = (x - mean) * rstd * scale + shift of each row, every operation rounded.
func (o *Norm) Apply(y, x []float32) {
	c := o.columns()
	rows := len(x) / c
	from := o.normalise(rows, c, y[:rows*c], x[:rows*c])
	if from == c {
		return
	}
	for r := range rows {
		for i := from; i < c; i++ {
			y[r*c+i] = float32(float32((x[r*c+i]-o.Mean[i])*o.Rstd[i])*o.Scale[i]) + o.Shift[i]
		}
	}
}

// SumGradients adds the rows of dy to the first half of sum, and dy times the normalised x to the second, in ascending order.
func (o *Norm) SumGradients(sum []float64, dy, x []float32) {
	c := o.columns()
	rows := len(x) / c
	from := o.sumGradients(rows, c, sum[:2*c], dy[:rows*c], x[:rows*c])
	if from == c {
		return
	}
	for r := range rows {
		for i := from; i < c; i++ {
			v := float64(dy[r*c+i])
			sum[i] += v
			sum[c+i] += float64(v * float64((x[r*c+i]-o.Mean[i])*o.Rstd[i]))
		}
	}
}

// Gradient is dx = factor * (dy - first - xhat * second) of each row, with xhat the normalised x.
func (o *Norm) Gradient(dx, dy, x, factor, first, second []float32) {
	c := o.columns()
	rows := len(x) / c
	from := o.gradient(rows, c, dx[:rows*c], dy[:rows*c], x[:rows*c], factor[:c], first[:c], second[:c])
	if from == c {
		return
	}
	for r := range rows {
		for i := from; i < c; i++ {
			xhat := (x[r*c+i] - o.Mean[i]) * o.Rstd[i]
			dx[r*c+i] = factor[i] * (dy[r*c+i] - first[i] - float32(xhat*second[i]))
		}
	}
}

// Add is y = a + b; y may be one of them.
func Add(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	for i := add(y, a, b); i < len(y); i++ {
		y[i] = a[i] + b[i]
	}
}

// Multiply is y = a * b; y may be one of them.
func Multiply(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	for i := multiply(y, a, b); i < len(y); i++ {
		y[i] = a[i] * b[i]
	}
}

// Rectify is y = x and slope = 1 where x is more than zero; elsewhere, and for NaN, both are zero.
func Rectify(y, slope, x []float32) {
	const infinity, one = 0x7f800000, 0x3f800000
	slope, x = slope[:len(y)], x[:len(y)]
	for i := rectify(y, slope, x); i < len(y); i++ {
		// All ones where v > 0: its bits are 1 to those of infinity. Signs are random, and branches on them are missed.
		b := math.Float32bits(x[i])
		positive := uint32((int64(b-1) - infinity) >> 63)
		y[i], slope[i] = math.Float32frombits(b&positive), math.Float32frombits(one&positive)
	}
}
