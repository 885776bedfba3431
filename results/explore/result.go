package explore

import (
	"cmp"
	"slices"

	"satsim/arch/fpga"
)

// Counts say what became of the designs of a space. They add up to its size.
type Counts struct {
	LeftOut    int `json:"left_out,omitempty"` // by conditions
	Refused    int `json:"refused"`
	TooLarge   int `json:"too_large"`   // for the board, by the rule
	ClosedForm int `json:"closed_form"` // ruled out by it
	Scheduled  int `json:"scheduled"`   // ruled out by what their words take at the least
	Simulated  int `json:"simulated"`   // and found no better
	Front      int `json:"front"`
	Open       int `json:"open"` // left, each within the gap if there is one
}

// Reason is why designs are refused.
type Reason struct {
	Designs int    `json:"designs"`
	Why     string `json:"why"`
}

// Best is a design on the front.
type Best struct {
	Design    int       `json:"design"` // its number in the space
	Overrides []string  `json:"overrides"`
	Values    []float64 `json:"values"`           // of the columns: seconds, joules, 1 - accuracy, numbers of a resource
	Cycles    []int64   `json:"cycles"`           // of each work
	Joules    []float64 `json:"joules,omitempty"` // likewise, if energy is an objective
	Fit       fpga.Fit  `json:"fit"`
}

// Result of a search.
type Result struct {
	Front   []Best
	Counts  Counts
	Reasons []Reason
	Gap     float64 // 0: the front is proven; negative: none is known
	Base    Best    // without axes; its design is -1, its values are missing if the search ended before it was simulated
	Bounded int     // designs that closed forms were asked of: all, or the search ended before and there is no gap
}

// sorted reasons, the most frequent first.
func sortedReasons(n map[string]int) []Reason {
	var out []Reason
	for why, times := range n {
		out = append(out, Reason{times, why})
	}
	slices.SortFunc(out, func(a, b Reason) int { return cmp.Or(cmp.Compare(b.Designs, a.Designs), cmp.Compare(a.Why, b.Why)) })
	return out
}
