package kernel

// MulNN is c[m x n] = a[m x k] * b[k x n], rows lda, ldb and ldc apart; with more, it adds to c.
func MulNN(m, n, k int, a []float32, lda int, b []float32, ldb int, more bool, c []float32, ldc int) {
	product{m, n, k, lda, 1, ldb, ldc, more}.run(a, b, c)
}

// MulTN is c[m x n] = a[k x m] transposed * b[k x n]; with more, it adds to c.
func MulTN(m, n, k int, a []float32, lda int, b []float32, ldb int, more bool, c []float32, ldc int) {
	product{m, n, k, 1, lda, ldb, ldc, more}.run(a, b, c)
}

// product is the shape of c[m x n] = a[m x k] * b[k x n] and how its operands lie: of a rows of c are row apart, terms step.
type product struct {
	m, n, k             int
	row, step, ldb, ldc int
	more                bool // c is added to
}

// plain makes the product, term by term: what every other way of making it gives, to the bit.
func (p product) plain(a, b, c []float32) {
	for i := range p.m {
		to := c[i*p.ldc:][:p.n]
		if !p.more {
			clear(to)
		}
		for l := range p.k {
			v := a[i*p.row+l*p.step]
			for j, w := range b[l*p.ldb:][:p.n] {
				to[j] += float32(v * w)
			}
		}
	}
}

// Transpose is dst[cols x rows] = src[rows x cols], whose rows are ld apart.
func Transpose(dst, src []float32, rows, cols, ld int) {
	for r := range rows {
		for c, v := range src[r*ld : r*ld+cols] {
			dst[c*rows+r] = v
		}
	}
}
