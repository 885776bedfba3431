package fpga

import "fmt"

// limit is how much of a resource counts as fitting, and from how much on the vendor would look at a design again, in percent.
type limit struct {
	most, review int64
	why          string // more is not said to fit
}

// limits of a board. review: guidelines of the vendor's report_failfast (XilinxTclStore, tclapp/xilinx/designutils) for designs that are to close timing.
var limits = [Resources]limit{
	// The review's 70 % is of sites, of which a high end counts none twice: with the 20 % of LUTs in pairs that the same guideline allows, 80 % of LUTs are 72 % of sites.
	// Intel says the same of its own (AN 906): beyond 70 % the risk is high that timing is not met.
	LUT: {80, 70, "a fifth stays free for routing"},
	// Slices whose LUTs can be memory are half of all, and lie among the others. Assumption: as LUTs; the review's 25 % is of designs without distributed RAM by
	// intent, and its own example on an XCVU9P has 30 %.
	LUTMemory: {80, 25, "as LUTs"},
	// A slice's 16 flip-flops share clocks, enables and resets. Assumption: as LUTs.
	FF:   {80, 50, "as LUTs"},
	DSP:  {80, 80, "columns of them lie where they lie, and what feeds them has to come there"},
	BRAM: {80, 80, "as DSP slices"},
	URAM: {80, 80, "as DSP slices"},
}

// most of what a board has that counts as fitting.
func (l *limit) of(have int64) int64 { return have * l.most / 100 }

// reviews name the resources whose high end fits, but of which the vendor's guideline asks for a second look.
func reviews(lines []Assessment) (notes []string) {
	for _, l := range lines {
		if g := limits[l.Resource].review; l.Fit == Fits && l.Use.High*100 > l.Available*g {
			notes = append(notes, fmt.Sprintf("%s beyond %d %%: the vendor's guideline asks for a review of such a design", l.Resource, g))
		}
	}
	return notes
}
