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

// chase is preload of weights that chase the skew.
const chase = "chase"

// rules say why the first element spends a cycle as it does.
func rules() map[string]rule {
	return map[string]rule{
		"issue":  {"Order of slots", "Slots are n-major: for each kept weight, all I_e outputs in turn, which is a round."},
		"hazard": {"Order of slots", "Two additions to one sum are at least a round apart, and a round has P = max(I_e, add_latency) cycles; the P - I_e without a slot are the hazard, and interleaving is its cure."},
		"link":   {"West link", "The words of a group follow each other from the cycle after the first slot of the group before, when the other bank has become free; the group begins when its last word is there."},
		"empty":  {"Processing element", "A slot in cycle t has its sum readable in cycle t + mul_latency + add_latency."},
		"drain": {"Folds of a tile", "A complete sum goes to a drain register; the drain registers of a column move south a row a cycle, the bottom row's first, from when its first sum is readable, " +
			"one result a cycle without a gap. b must neither write a drain register before it was read nor have results leave before those of a."},
		"order": {"Folds of a tile", "In WS they do not start before a's first sum is readable below, and both this and the slots hold in every row: if b has less skew than a, " +
			"b waits (min(rows, b.rows) - 1) * (skew - b.skew) more."},
		"sum":     {"Folds of a tile", "WS, the same column: a partial sum is taken in at least a cycle after it was readable below, for every output; and WS always: the first result of b is readable below after the last of a."},
		"preload": {"Folds of a tile", "Weights (WS) enter one a cycle and column, those of the bottom row first, from when a's first sum is readable below, mul_latency + rows*skew: then no row needs the other bank of weight registers any more."},
		chase:     {"Folds of a tile", "A fold begins when its top row has its weights, if every row below will have them in time:"},
		held:      {"In Verilog", "Between two folds the sequencer asks once, when the first operand, weight or start value of the next would enter, and holds that fold, with all that comes after it, until it is told that operands are resident and outputs have room."},
	}
}

// mostTraced is the element-cycles of a tile that Why looks at.
const mostTraced = 1 << 24

// Why says what the array of the bench does in a cycle of a tile, and by which rule of its contract.
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
	fmt.Fprintf(&b, "tile %d: %v over %v, interleave %d, %v, %d x %d outputs, %d taps x %d channels, on %d x %d elements\n",
		tile, t.Mode, t.Over, t.Interleave, t.Ratio, t.Rows, t.Cols, t.Taps, t.Channels, p.Rows, p.Cols)
	cause := held
	if at >= 0 {
		now := &tl.Cycles[at]
		cause = now.Cause
		fmt.Fprintf(&b, "cycle %d", cycle)
		if at != cycle {
			fmt.Fprintf(&b, " (the model's %d: folds were held back for %d)", at, cycle-at)
		}
		fmt.Fprintf(&b, ": %s\n", cause)
		describe(&b, now, p.Cols)
	} else {
		fmt.Fprintf(&b, "cycle %d: %s\n", cycle, cause)
	}
	if cause == "preload" && t.Mode == stce.WS && p.Preload == stce.PreloadChase {
		cause = chase
	}
	r := rules()[cause]
	fmt.Fprintf(&b, "rule (stce, %s): %s\n", r.section, r.text)
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
