package sensitivity

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/samplemv"
)

// Latin is n points of the unit cube of d dimensions: in each dimension one in every n-th of it. The same seed gives the same points.
func Latin(n, d int, seed uint64) [][]float64 {
	if n < 1 || d < 1 {
		return make([][]float64, max(0, n))
	}
	src := rand.NewPCG(seed, uint64(n)<<32|uint64(d))
	batch := mat.NewDense(n, d, nil)
	samplemv.LatinHypercube{Q: distmv.NewUnitUniform(d, nil), Src: src}.Sample(batch)
	out := make([][]float64, n)
	for i := range out {
		out[i] = batch.RawRowView(i)
	}
	return out
}
