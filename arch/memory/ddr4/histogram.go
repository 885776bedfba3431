package ddr4

// Histogram counts whole numbers of clocks exactly below its range, and the rest in the last bin.
type Histogram struct {
	N, Sum, Max int64
	bins        []int64
}

const histogramBins = 1 << 14

// Add counts one value.
func (h *Histogram) Add(v int64) {
	if h.bins == nil {
		h.bins = make([]int64, histogramBins)
	}
	h.N++
	h.Sum += v
	h.Max = max(h.Max, v)
	h.bins[min(max(v, 0), histogramBins-1)]++
}

// Mean is 0 of an empty histogram.
func (h Histogram) Mean() float64 {
	if h.N == 0 {
		return 0
	}
	return float64(h.Sum) / float64(h.N)
}

// Quantile is the least value that at least a fraction q of the values do not exceed.
func (h Histogram) Quantile(q float64) int64 {
	var seen int64
	for v, n := range h.bins {
		if seen += n; n > 0 && float64(seen) >= q*float64(h.N) {
			if v == histogramBins-1 {
				return h.Max
			}
			return int64(v)
		}
	}
	return h.Max
}
