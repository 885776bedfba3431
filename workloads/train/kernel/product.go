package kernel

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// MulNN is c[m x n] = a[m x k] * b[k x n], rows lda, ldb and ldc apart; with more, it adds to c.
func MulNN(m, n, k int, a []float32, lda int, b []float32, ldb int, more bool, c []float32, ldc int) {
	gonum.Implementation{}.Sgemm(blas.NoTrans, blas.NoTrans, m, n, k, 1, a, lda, b, ldb, beta(more), c, ldc)
}

// MulTN is c[m x n] = a[k x m] transposed * b[k x n]; with more, it adds to c.
func MulTN(m, n, k int, a []float32, lda int, b []float32, ldb int, more bool, c []float32, ldc int) {
	gonum.Implementation{}.Sgemm(blas.Trans, blas.NoTrans, m, n, k, 1, a, lda, b, ldb, beta(more), c, ldc)
}

func beta(more bool) float32 {
	if more {
		return 1
	}
	return 0
}

// Transpose is dst[cols x rows] = src[rows x cols], whose rows are ld apart.
func Transpose(dst, src []float32, rows, cols, ld int) {
	for r := range rows {
		for c, v := range src[r*ld : r*ld+cols] {
			dst[c*rows+r] = v
		}
	}
}

// Axis is how windows read one dimension: output position o, tap i reads o*Stride + Offsets[i], which is padding outside [0, In).
type Axis struct {
	Out, In, Stride int
	Offsets         []int
}

// Gather copies the windows of images [first, first+images) of src (NHWC, channels in all) into rows of dst: a row an output
// position, taps in order of height and width, of each tap the channels [from, from+count).
func Gather(dst, src []float32, first, images int, h, w Axis, channels, from, count int) {
	at := 0
	for img := first; img < first+images; img++ {
		image := src[img*h.In*w.In*channels:]
		for oh := range h.Out {
			for ow := range w.Out {
				for _, fh := range h.Offsets {
					y := oh*h.Stride + fh
					for _, fw := range w.Offsets {
						x := ow*w.Stride + fw
						out := dst[at : at+count]
						at += count
						if y < 0 || y >= h.In || x < 0 || x >= w.In {
							clear(out)
							continue
						}
						in := (y*w.In+x)*channels + from
						copy(out, image[in:in+count])
					}
				}
			}
		}
	}
}
