package param

import (
	"fmt"
	"strconv"
	"strings"
)

// Doubt is how far the truth may be from a default that is an assumption, and why. The zero Doubt is none: the default is a fact, or counted, or the file's own.
type Doubt struct {
	Low, High float64   // of a number: any from Low to High times the default
	Shares    []float64 // of a number: one of these times the default
	Words     []string  // of a word or switch, from the worst to the best: those no better than the default
	Choice    bool      // the default is a design's choice: whoever builds it may take that, so nothing is in doubt
	Why       string
}

// Times is a number between two times the default.
func Times(low, high float64, why string) Doubt { return Doubt{Low: low, High: high, Why: why} }

// Shares is a number that is one of some shares of the default.
func Shares(why string, of ...float64) Doubt { return Doubt{Shares: of, Why: why} }

// UpTo is a word or switch that is no better than the default, of words from the worst to the best.
func UpTo(why string, words ...string) Doubt { return Doubt{Words: words, Why: why} }

// Choice is no doubt: a default that a design is free to choose.
func Choice(why string) Doubt { return Doubt{Choice: true, Why: why} }

// InDoubt is the parameter with a doubt beside its default.
func (p Param) InDoubt(d Doubt) Param {
	p.Doubt = d
	return p
}

// Ranges reports whether other values than the default are possible.
func (d Doubt) Ranges() bool { return d.High != 0 || len(d.Shares) > 0 || len(d.Words) > 0 }

// String says what is possible, with the reason; empty if nothing is in doubt or said.
func (d Doubt) String() string {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 3, 64) }
	what := ""
	switch {
	case d.Choice:
		return "a choice: " + d.Why
	case d.High != 0:
		what = fmt.Sprintf("%s to %s times", number(d.Low), number(d.High))
	case len(d.Shares) > 0:
		var all []string
		for _, s := range d.Shares {
			all = append(all, number(s))
		}
		what = strings.Join(all, ", ") + " times"
	case len(d.Words) > 0:
		what = strings.Join(d.Words, ", ") + " (worst first), up to the default"
	default:
		return ""
	}
	return what + ": " + d.Why
}
