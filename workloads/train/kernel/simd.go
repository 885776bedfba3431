//go:build amd64 && !purego

package kernel

import "golang.org/x/sys/cpu"

//go:generate go -C avo run . -out ../simd_amd64.s -stubs ../simd_amd64.go -pkg kernel

// tileColumns are those of a tile.
const tileColumns = 16

// run makes the product in tiles that stay in registers.
func (p product) run(a, b, c []float32) {
	if !cpu.X86.HasAVX2 || p.m <= 0 || p.n <= 0 || p.k <= 0 {
		p.plain(a, b, c)
		return
	}
	// The assembly checks nothing.
	_, _, _ = a[(p.m-1)*p.row+(p.k-1)*p.step], b[(p.k-1)*p.ldb+p.n-1], c[(p.m-1)*p.ldc+p.n-1]
	masks := [2 * tileColumns]int32{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}
	for j := 0; j < p.n; j += tileColumns {
		i := 0
		mask, whole := &masks[max(tileColumns-(p.n-j), 0)], j+tileColumns <= p.n
		if sixes := p.sixes(); whole && sixes > 0 {
			tiles6x16(sixes, p.k, &a[0], p.row, p.step, &b[j], p.ldb, p.more, &c[j], p.ldc)
			i = 6 * sixes
		}
		switch fours := (p.m - i) / 4; {
		case fours == 0:
		case whole:
			tiles4x16(fours, p.k, &a[i*p.row], p.row, p.step, &b[j], p.ldb, p.more, &c[i*p.ldc+j], p.ldc)
			i += 4 * fours
		default:
			edge4x16(fours, p.k, &a[i*p.row], p.row, p.step, &b[j], p.ldb, p.more, &c[i*p.ldc+j], p.ldc, mask)
			i += 4 * fours
		}
		if i < p.m {
			edge1x16(p.m-i, p.k, &a[i*p.row], p.row, p.step, &b[j], p.ldb, p.more, &c[i*p.ldc+j], p.ldc, mask)
		}
	}
}

// sixes is how many tiles of six rows are made: as many as leave a multiple of four, or of an odd number of rows one more.
func (p product) sixes() int {
	n := p.m / 6
	return max(n-(n+p.m%4/2)%2, 0)
}

// eights rounds values to FP16 in eights and hands back how many it did.
func eights(x []float32, flush bool) int {
	n := len(x) &^ 7
	if n == 0 || !cpu.X86.HasAVX2 || !cpu.X86.HasF16C {
		return 0
	}
	roundHalves(n, &x[0], flush)
	return n
}

// eightColumns is how many of c columns of matrices with rows are done eight at a time.
func eightColumns(rows, c int) int {
	if rows == 0 || !cpu.X86.HasAVX2 {
		return 0
	}
	return c &^ 7
}

func sumColumns(rows, c int, sum []float64, x []float32) int {
	n := eightColumns(rows, c)
	if n > 0 {
		sumColumns8(rows, n, c, &x[0], &sum[0])
	}
	return n
}

func sumSquares(rows, c int, sum []float64, x, mean []float32) int {
	n := eightColumns(rows, c)
	if n > 0 {
		sumSquares8(rows, n, c, &mean[0], &x[0], &sum[0])
	}
	return n
}

func (o *Norm) normalise(rows, c int, y, x []float32) int {
	n := eightColumns(rows, c)
	if n > 0 {
		normalise8(rows, n, c, &o.Mean[0], &o.Rstd[0], &o.Scale[0], &o.Shift[0], &y[0], &x[0])
	}
	return n
}

func (o *Norm) sumGradients(rows, c int, sum []float64, dy, x []float32) int {
	n := eightColumns(rows, c)
	if n > 0 {
		sumGradients8(rows, n, c, &o.Mean[0], &o.Rstd[0], &dy[0], &x[0], &sum[0], &sum[c])
	}
	return n
}

func (o *Norm) gradient(rows, c int, dx, dy, x, factor, first, second []float32) int {
	n := eightColumns(rows, c)
	if n > 0 {
		normGradient8(rows, n, c, &o.Mean[0], &o.Rstd[0], &factor[0], &first[0], &second[0], &dx[0], &dy[0], &x[0])
	}
	return n
}

func add(y, a, b []float32) int {
	n := eightColumns(1, len(y))
	if n > 0 {
		add8(n/8, 8, 8, &y[0], &a[0], &b[0])
	}
	return n
}

func multiply(y, a, b []float32) int {
	n := eightColumns(1, len(y))
	if n > 0 {
		multiply8(n/8, 8, 8, &y[0], &a[0], &b[0])
	}
	return n
}

func rectify(y, slope, x []float32) int {
	n := eightColumns(1, len(y))
	if n > 0 {
		zero, one := [8]float32{}, [8]float32{1, 1, 1, 1, 1, 1, 1, 1}
		rectify8(n/8, 8, 8, &zero[0], &one[0], &y[0], &slope[0], &x[0])
	}
	return n
}

// copyRows copies rows of n values.
func copyRows(rows, n int, dst []float32, ldd int, src []float32, lds int) {
	if rows <= 0 || n == 0 || n%8 != 0 || !cpu.X86.HasAVX2 {
		plainRows(rows, n, dst, ldd, src, lds)
		return
	}
	_, _ = dst[(rows-1)*ldd+n-1], src[(rows-1)*lds+n-1] // the assembly checks nothing
	copyRows8(rows, n, &dst[0], ldd, &src[0], lds)
}
