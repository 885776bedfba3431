//go:build !amd64 || purego

package kernel

func (p product) run(a, b, c []float32) { p.plain(a, b, c) }

func eights([]float32, bool) int { return 0 }

func copyRows(rows, n int, dst []float32, ldd int, src []float32, lds int) {
	plainRows(rows, n, dst, ldd, src, lds)
}

// How many columns, or elements, are done eight at a time: none.

func sumColumns(_, _ int, _ []float64, _ []float32) int { return 0 }

func sumSquares(_, _ int, _ []float64, _, _ []float32) int { return 0 }

func (o *Norm) normalise(_, _ int, _, _ []float32) int { return 0 }

func (o *Norm) sumGradients(_, _ int, _ []float64, _, _ []float32) int { return 0 }

func (o *Norm) gradient(_, _ int, _, _, _, _, _, _ []float32) int { return 0 }

func add(_, _, _ []float32) int { return 0 }

func multiply(_, _, _ []float32) int { return 0 }

func rectify(_, _, _ []float32) int { return 0 }
