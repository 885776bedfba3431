package rtl

import (
	"fmt"
	"strings"

	"satsim/arch/stce"
)

// rule is a sentence of the array's contract (package stce), in its section.
type rule struct{ section, text string }

// held is the cause of a cycle in which a fold is held back, which the exact model does not have.
const held = "held"

// place is where in a tile a cycle is, as its first element sees it.
type place int

const (
	atStart place = iota // before the first fold of the tile
	inFold               // in one
	between              // two of them
	atEnd                // behind the last one
)

// situation is what decides which rule of the contract holds for a cause.
type situation struct {
	cause   string
	place   place
	mode    stce.Mode
	preload stce.Preload
	drain   stce.Drain
	order   order // of what overtakes what, if that is the cause
	held    bool  // outputs hold their places
}

// order is what the next fold would overtake.
type order int

const (
	ofResults order = iota // of the fold before, in the south
	ofSlots                // of the fold before, in a row below
	ofOrders               // of the fold before, on their way down
)

const (
	orderSection  = "Order of slots"
	linkSection   = "West link"
	foldSection   = "Folds of a tile"
	elementRule   = "A slot in cycle t has its sum readable in cycle t + mul_latency + add_latency."
	serialRule    = "preload: serial has no shadow registers: nothing of b enters before all results of a are readable (and have left, for drain: serial)."
	endsRule      = "A tile finds the array drained, and ends when its last result is readable at the edge."
	beginsRule    = "Its first weights or start values enter from cycle 0 on, whatever preload says, and its first operands with them."
	takeRule      = "They take rows * (weights or start values of an element) cycles."
	bottomFirst   = "Weights (WS) enter one a cycle and column, those of the bottom row first, from when a's first sum is readable below, mul_latency + rows*skew: then no row needs the other bank of weight registers any more."
	placeSection  = "Places that outputs hold"
	placesEnter   = "A place comes in with its output's start value, on the same way, whether there is a start value or not"
	startValues   = "Start values (OS, Resume) likewise, from the cycle after the first element took its first, mul_latency + 1."
	chaseBegins   = "A fold begins when its top row has its weights, if every row below will have them in time:"
	chaseEnters   = "weights of b enter row r when it has taken in a's first sum, mul_latency + 1 + r*skew or later, and the rows below a's when its first sum is readable below: then no row needs the bank that they are written to."
	chaseFills    = "row r has its weights (r+1)*(weights of an element) + r after they began to enter, and its first slot comes r * b.skew after that of the top row."
	chaseOperands = "operands need not wait for a's first sum but in rows that a has not. Orders go down the rows one at a time: b's first operand and first slot come a's skew after a's, in every row."
	groupComes    = "The first group of b has come: its words start in the cycle after the first slot of a's last group."
	inEveryRow    = "In WS they do not start before a's first sum is readable below, and both this and the slots hold in every row: if b has less skew than a, b waits (min(rows, b.rows) - 1) * (skew - b.skew) more."
)

// rules are those of the contract that hold in a situation: why the first element spends a cycle as it does. None: no model has such a cycle.
func rules(s *situation) []rule {
	of := func(section string, texts ...string) (all []rule) {
		for _, t := range texts {
			all = append(all, rule{section, t})
		}
		return all
	}
	serial := s.preload == stce.PreloadSerial
	chases := s.mode == stce.WS && s.preload == stce.PreloadChase
	switch s.cause {
	case "issue":
		return of(orderSection, "Slots are n-major: for each kept weight, all I_e outputs in turn, which is a round.")
	case "hazard":
		return of(orderSection, "Two additions to one sum are at least a round apart, and a round has P = max(I_e, add_latency) cycles; the P - I_e without a slot are the hazard, and interleaving is its cure.")
	case held:
		return of("In Verilog", "Between two folds the sequencer asks once, when the first operand, weight or start value of the next would enter, and holds that fold, with all that comes after it, until it is told that operands are resident and outputs have room.")
	case "empty":
		if s.place == between {
			return of(foldSection, serialRule)
		}
		return append(of("Processing element", elementRule), of(foldSection, endsRule)...)
	case "drain":
		switch {
		case s.drain == stce.DrainOverlap && s.place == atEnd:
			return of(foldSection, "A complete sum goes to a drain register; the drain registers of a column move south a row a cycle, the bottom row's first, from when its first sum is readable, one result a cycle without a gap.", endsRule)
		case s.drain == stce.DrainOverlap:
			return of(foldSection, "A complete sum goes to a drain register; the drain registers of a column move south a row a cycle, the bottom row's first, from when its first sum is readable, "+
				"one result a cycle without a gap. b must neither write a drain register before it was read nor have results leave before those of a.")
		case s.place == atEnd:
			return of(foldSection, "OS, drain: serial. The accumulators themselves shift out", endsRule)
		case serial:
			return of(foldSection, serialRule)
		}
		return of(foldSection, "OS, drain: serial. The accumulators themselves shift out: b starts when column 0 has drained.")
	case "order":
		switch s.order {
		case ofOrders:
			return of(foldSection, chaseOperands)
		case ofSlots:
			return of(foldSection, inEveryRow)
		case ofResults:
			return of(foldSection, "WS always: the first result of b is readable below after the last of a.")
		}
	case "link":
		switch {
		case s.place == atStart:
			return of(linkSection, "The first group of a tile is there after L-1 cycles: cycle 0 is the first in which an operand is in the array.")
		case s.place == inFold:
			return of(linkSection, "The words of a group follow each other from the cycle after the first slot of the group before, when the other bank has become free; the group begins when its last word is there.")
		case serial:
			return of(foldSection, serialRule)
		case chases:
			return of(foldSection, groupComes, chaseOperands)
		case s.mode == stce.WS:
			return of(foldSection, groupComes, inEveryRow)
		}
		return of(foldSection, groupComes)
	case "sum":
		return of(foldSection, "WS, the same column: a partial sum is taken in at least a cycle after it was readable below, for every output")
	case "preload":
		if s.held {
			plain := *s
			plain.held = false
			return append(rules(&plain), rule{placeSection, placesEnter})
		}
		switch {
		case s.place == atStart && chases:
			return of(foldSection, beginsRule, chaseFills)
		case s.place == atStart:
			return of(foldSection, beginsRule, takeRule)
		case serial:
			return of(foldSection, serialRule, takeRule)
		case chases:
			return of(foldSection, chaseBegins, chaseEnters, chaseFills)
		case s.mode == stce.WS:
			return of(foldSection, bottomFirst, takeRule)
		}
		return of(foldSection, startValues, takeRule)
	}
	return nil
}

// situated is where a cycle of the model lies in a tile's time.
func situated(p stce.Params, t stce.Tile, tl *stce.Timeline, at int) situation {
	s := situation{cause: tl.Cycles[at].Cause, mode: t.Mode, preload: p.Preload, drain: p.Drain, held: t.Held}
	first := func(c int) int { return tl.Cycles[c].Elements[0].Fold }
	last, next := at, at // cycles in which the first element is in the fold before, and in the one behind
	for last >= 0 && first(last) < 0 {
		last--
	}
	for next < len(tl.Cycles) && first(next) < 0 {
		next++
	}
	switch {
	case last == at:
		s.place = inFold
	case last < 0:
		s.place = atStart
	case next == len(tl.Cycles):
		s.place = atEnd
	default:
		s.place = between
	}
	if s.cause == "order" && s.place == between {
		s.order = overtaken(p, tl, last, next)
	}
	return s
}

// overtaken is what holds a fold back for the sake of order: last is the last cycle with the fold before in the first element, next the first with the next one.
func overtaken(p stce.Params, tl *stce.Timeline, last, next int) order {
	fold := func(cycle, row int) int { return tl.Cycles[cycle].Elements[row*p.Cols].Fold }
	from := func(f, row int) (cycle int) { // -1: it has no such row
		for cycle = range tl.Cycles {
			if fold(cycle, row) == f {
				return cycle
			}
		}
		return -1
	}
	a, b := fold(last, 0), fold(next, 0)
	begun, until := from(a, 0), last+1
	for until < next && (tl.Cycles[until].Cause != "order" || tl.Cycles[until+1].Cause == "order") {
		until++
	}
	if p.Rows == 1 {
		return ofResults
	}
	skew := func(f int) int {
		if r := from(f, 1); r >= 0 {
			return r - from(f, 0)
		}
		return 0
	}
	common := 0
	for r := 1; r < p.Rows && from(a, r) >= 0 && from(b, r) >= 0; r++ {
		common++
	}
	closer := common * max(0, skew(a)-skew(b))
	switch waits := until + 1 - begun; waits {
	case skew(a) + closer:
		if p.Preload == stce.PreloadChase {
			return ofOrders
		}
	case last + 1 - begun + closer:
		return ofSlots
	}
	return ofResults
}

// mostTraced is the element-cycles of a tile that Why looks at.
const mostTraced = 1 << 24

// Why says what the array of the bench does in a cycle of a tile, by which rule of its contract the first element's cycle goes where it does, and by which ones all else is there that it shows.
func Why(p stce.Params, o Options, tile, cycle int) (string, error) {
	p = Small(p, o)
	jobs := Jobs(p, o)
	if tile < 0 || tile >= len(jobs) {
		return "", fmt.Errorf("tile %d; the bench has 0 to %d", tile, len(jobs)-1)
	}
	j := jobs[tile]
	tl, err := p.Trace(j.Tile, mostTraced)
	if err != nil {
		return "", err
	}
	at, late := j.model(&tl, cycle)
	if cycle < 0 || at >= len(tl.Cycles) {
		return "", fmt.Errorf("cycle %d; tile %d takes cycles 0 to %d", cycle, tile, len(tl.Cycles)+late-1)
	}
	var b strings.Builder
	t := j.Tile
	places := ""
	if t.Held {
		places = ", outputs hold their places"
	}
	fmt.Fprintf(&b, "tile %d: %v over %v, interleave %d, %v, %d x %d outputs, %d taps x %d channels%s, on %d x %d elements\n",
		tile, t.Mode, t.Over, t.Interleave, t.Ratio, t.Rows, t.Cols, t.Taps, t.Channels, places, p.Rows, p.Cols)
	now := situation{cause: held}
	var beside []event
	if at >= 0 {
		beside = events(p, t, &tl, at)
		now = situated(p, t, &tl, at)
		fmt.Fprintf(&b, "cycle %d", cycle)
		if at != cycle {
			fmt.Fprintf(&b, " (the model's %d: folds were held back for %d)", at, cycle-at)
		}
		fmt.Fprintf(&b, ": %s\n", now.cause)
		describe(&b, &tl.Cycles[at], p.Cols)
	} else {
		fmt.Fprintf(&b, "cycle %d: %s\n", cycle, held)
	}
	for _, r := range rules(&now) {
		fmt.Fprintf(&b, "rule (stce, %s): %s\n", r.section, r.text)
	}
	explain(&b, beside)
	return b.String(), nil
}

// model is the model's cycle of one of a job whose folds are held back, -1 for one in which the next is; late is for how long all are.
func (j *Job) model(tl *stce.Timeline, cycle int) (at, late int) {
	begins := map[int]int{} // by fold
	for t := range tl.Cycles {
		if f := tl.Cycles[t].Elements[0].Fold; f >= 0 {
			if _, known := begins[f]; !known {
				begins[f] = t
			}
		}
	}
	at = cycle
	for f, h := range j.Holds {
		first, runs := begins[f]
		if !runs {
			break
		}
		switch {
		case cycle >= first+late+h:
			at = cycle - late - h
		case cycle >= first+late:
			at = -1
		}
		late += h
	}
	return at, late
}

// describe says what the elements do, and what enters and leaves.
func describe(b *strings.Builder, now *stce.Moment, cols int) {
	stalled := 0
	for i, e := range now.Elements {
		switch {
		case e.Busy:
			fmt.Fprintf(b, "  element %d,%d: output %d,%d, kept weight %d (fold %d)\n", i/cols, i%cols, e.Output.Row, e.Output.Col, e.Kept, e.Fold)
		case e.Fold >= 0:
			stalled++
		}
	}
	if stalled > 0 {
		fmt.Fprintf(b, "  elements in a fold without a slot: %d\n", stalled)
	}
	for _, row := range now.Enter {
		fmt.Fprintf(b, "  a west word enters row %d\n", row)
	}
	for _, p := range now.Leave {
		fmt.Fprintf(b, "  output %d,%d leaves in the south\n", p.Row, p.Col)
	}
}
