package sensitivity

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
)

// Options of an analysis.
type Options struct {
	Degree   int     // highest of a polynomial
	Norm     float64 // q of the hyperbolic norm, above 0: 1 lets in all terms of that degree, less leaves out interactions of high degrees
	Together int     // most inputs of a term
	Folds    int     // parts of the points that a fit is repeated without
}

// Index is what an input does to an output, each with its sampling error.
type Index struct {
	First, FirstError float64
	Total, TotalError float64
}

// Analysis of an output.
type Analysis struct {
	Inputs    []Index
	Terms     int     // of the fit
	Explained float64 // share of the variance of points that the fit has not seen
}

// Analyse fits an output y at points x, of inputs of which each has its measure.
func Analyse(x [][]float64, measures []Measure, y []float64, o Options) (*Analysis, error) {
	switch n := len(y); {
	case len(x) != n:
		return nil, fmt.Errorf("%d points have %d outputs", len(x), n)
	case o.Degree < 1 || o.Norm <= 0 || o.Together < 1:
		return nil, fmt.Errorf("degree %d, norm %g, %d inputs together; 1 and more, above 0, 1 and more are accepted", o.Degree, o.Norm, o.Together)
	case o.Folds < 2 || n < 4*o.Folds:
		return nil, fmt.Errorf("%d points in %d folds; 2 folds or more, of 4 points or more, are accepted", n, o.Folds)
	}
	for i := range x {
		if len(x[i]) != len(measures) {
			return nil, fmt.Errorf("point %d has %d inputs of %d", i, len(x[i]), len(measures))
		}
	}
	out := &Analysis{Inputs: make([]Index, len(measures)), Explained: 1}
	mean, variance := stat.PopMeanVariance(y, nil)
	if variance <= 1e-24*mean*mean { // the same everywhere: no input does anything
		return out, nil
	}
	bases := make([]basis, len(measures))
	for i, m := range measures {
		bases[i] = newBasis(m, o.Degree)
	}
	all := terms(bases, o)
	cols := columns(bases, all, x)
	paths := make([]path, o.Folds)
	for fold := range paths {
		seen, unseen := split(len(y), o.Folds, fold)
		paths[fold] = newPath(all, cols, y, seen, unseen, mostTerms)
	}
	size, missed := least(paths)
	out.Explained = 1 - missed/(variance*float64(len(y)))
	everything, _ := split(len(y), o.Folds, -1)
	whole := newPath(all, cols, y, everything, nil, size)
	f, err := solve(whole.chosen, cols, y, everything)
	if err != nil {
		return nil, err
	}
	out.Terms = len(f.chosen)
	first, total := f.indices(all, len(measures))
	firsts, totals := make([][]float64, len(measures)), make([][]float64, len(measures)) // of each input, without each fold
	for fold, p := range paths {
		seen, _ := split(len(y), o.Folds, fold)
		part, err := solve(p.chosen[:min(size, len(p.chosen))], cols, y, seen)
		if err != nil {
			return nil, err
		}
		s, t := part.indices(all, len(measures))
		for i := range measures {
			firsts[i], totals[i] = append(firsts[i], s[i]), append(totals[i], t[i])
		}
	}
	for i := range out.Inputs {
		out.Inputs[i] = Index{first[i], jackknife(firsts[i]), total[i], jackknife(totals[i])}
	}
	return out, nil
}

// mostTerms of a fit: more than any that is worth reading has.
const mostTerms = 60

// split is the places that are not of a fold, and those that are; fold -1 has none.
func split(n, folds, fold int) (seen, unseen []int) {
	for i := range n {
		if i%folds == fold {
			unseen = append(unseen, i)
		} else {
			seen = append(seen, i)
		}
	}
	return seen, unseen
}

// indices of all inputs; all nothing if the fit is a constant.
func (f *fit) indices(all []term, inputs int) (first, total []float64) {
	first, total = make([]float64, inputs), make([]float64, inputs)
	variance := 0.0
	for k, c := range f.chosen {
		square := f.by[k] * f.by[k]
		variance += square
		for _, x := range all[c] {
			total[x.input] += square
			if len(all[c]) == 1 {
				first[x.input] += square
			}
		}
	}
	if variance > 0 {
		for i := range first {
			first[i] /= variance
			total[i] /= variance
		}
	}
	return first, total
}

// jackknife is the error of an estimate by what it is without each group.
func jackknife(without []float64) float64 {
	k := float64(len(without))
	_, v := stat.PopMeanVariance(without, nil)
	return math.Sqrt((k - 1) * v)
}
