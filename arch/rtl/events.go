package rtl

import (
	"fmt"
	"slices"
	"strings"

	"satsim/arch/stce"
)

const (
	slotsTravel = "Slots are static: a sequencer at row 0, column 0 issues them, and they travel a column a cycle and a row in skew cycles."
	skewOS      = "A row is skew 1 behind the one above."
	skewWS      = "A row is skew = (N-1)*P + add_latency behind the one above, which is when the sum of that row is readable."
	wordsRule   = "A word is written into the group registers of the element that it passes and goes on from there. The words of a group follow each other from the cycle after the first slot of the group before, " +
		"when the other bank has become free; the group begins when its last word is there."
	firstWords = "The first group of a tile is there after L-1 cycles: cycle 0 is the first in which an operand is in the array."
	drainRule  = "A complete sum goes to a drain register; the drain registers of a column move south a row a cycle, the bottom row's first, from when its first sum is readable, one result a cycle without a gap."
	shiftRule  = "OS, drain: serial. The accumulators themselves shift out"
	sumsLeave  = "In WS sums leave as they are formed, whatever drain says."
)

// event is something that a cycle shows beside its cause, and by which rules it is there.
type event struct {
	of    string
	rules []rule
}

// events are what a cycle of the model shows: slots of other elements than the first, words of the west link and results, each with the rules of the contract that have it happen now.
func events(p stce.Params, t stce.Tile, tl *stce.Timeline, at int) (all []event) {
	now := &tl.Cycles[at]
	skew := rule{orderSection, skewOS}
	if t.Mode == stce.WS {
		skew = rule{orderSection, skewWS}
	}
	travel := rule{"Processing element", slotsTravel}
	if slices.ContainsFunc(now.Elements[1:], func(e stce.Element) bool { return e.Fold >= 0 }) {
		all = append(all, event{"other elements' slots", []rule{travel, skew}})
	}
	begun := func(row int) bool { // before this cycle: a first slot now has the last word of its group now
		return slices.ContainsFunc(tl.Cycles[:at], func(m stce.Moment) bool { return m.Elements[row*p.Cols].Fold >= 0 })
	}
	var first, later, below bool
	for _, row := range now.Enter {
		below = below || row > 0
		if begun(row) {
			later = true
		} else {
			first = true
		}
	}
	if len(now.Enter) > 0 {
		e := event{of: "west words"}
		if first {
			e.rules = append(e.rules, rule{linkSection, firstWords})
		}
		if later {
			e.rules = append(e.rules, rule{linkSection, wordsRule})
		}
		if below {
			e.rules = append(e.rules, skew)
		}
		all = append(all, e)
	}
	if len(now.Leave) > 0 {
		e := event{of: "results"}
		switch {
		case t.Mode == stce.WS:
			e.rules = []rule{{"Processing element", elementRule}, {foldSection, sumsLeave}}
		case p.Drain == stce.DrainSerial:
			e.rules = []rule{{foldSection, shiftRule}}
		default:
			e.rules = []rule{{foldSection, drainRule}}
		}
		all = append(all, e)
	}
	return all
}

// explain writes the rules of all that a cycle shows.
func explain(b *strings.Builder, all []event) {
	for _, e := range all {
		for _, r := range e.rules {
			fmt.Fprintf(b, "rule of the %s (stce, %s): %s\n", e.of, r.section, r.text)
		}
	}
}
