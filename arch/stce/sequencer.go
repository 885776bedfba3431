package stce

import "slices"

// run is a fold in flight: its program, what it uses of the array, and how far it is.
type run struct {
	Fold
	*program
	number   int       // in the order of the tile's folds
	weights  int       // WS: bank of the weight registers
	outputs  [][]uint8 // by row and column: outputs of the element; slots of more are bubbles there
	kept     []int     // by row, weights kept of its group (WS) or of any (OS)
	operands []int     // WS: by row, operands of its group; OS: outputs side by side on its link
	fills    []lane    // by row, the program of its link, for the first group and the others
	feeds    []lane
	used     int      // columns with outputs
	rowSlots [][]slot // by row: the slots, without those that its group has no weight for
	terms    int64    // of an output in the dense product

	begins   int  // cycle of the first slot
	fillsAt  int  // cycle in which the first operand enters; never until it does
	loadsAt  int  // cycle in which the first weight (WS) or start value (OS) enters
	loaded   int  // cycles from then until the first row may begin
	drainsAt int  // OS: cycle in which the bottom row's first result leaves
	shown    bool // the first result is readable in the bottom row, column 0
	complete bool // all results are readable
	cleared  bool // OS: column 0 has drained
	drained  bool // OS: all columns have
	finished bool

	// Cycles before which the first slot must not come, the first operand, and, if it chases the skew, the first weight, for the sake of the folds before.
	orderBound, sumBound, drainBound, fillBound, loadBound int
}

const never = int(^uint(0) >> 2)

// class is what a program depends on.
type class struct {
	rows, cols, groups int64
	n, m               int64
	bank               int
}

// prepare gets the next fold ready.
func (m *machine) prepare() {
	m.next = nil
	if len(m.folds) == 0 {
		return
	}
	f := &run{Fold: m.folds[0], number: m.laidOut, fillsAt: never, loadsAt: never}
	m.folds, m.laidOut = m.folds[1:], m.laidOut+1
	if m.ask != nil && m.laidOut%watchedFolds == 0 {
		if m.err = m.ask(int64(m.now)); m.err != nil {
			return
		}
	}
	span := m.groups.stretch(f.FirstGroup, f.Groups)
	n, size := span.largest()
	bank := 0
	if m.last != nil {
		bank = 1 - m.last.bank
	}
	key := class{f.Rows, f.Cols, f.Groups, n, size, bank}
	if m.programs[key] == nil {
		if m.programs[key], m.err = m.program(f.Fold, bank, m.ask); m.err != nil {
			return
		}
	}
	f.program, f.terms = m.programs[key], span.operands()
	if f.Diagonal {
		f.terms = span.kept()
	}
	if m.last != nil && m.Preload != PreloadSerial {
		f.weights = 1 - m.last.weights
	}
	m.cover(f)
	for r, kept := range f.kept {
		apart := 0
		if f.Mode == WS && f.Over == OverT {
			apart = f.operands[r]
		}
		f.rowSlots = append(f.rowSlots, f.upTo(kept, apart, &m.placing))
	}
	for _, side := range f.operands {
		f.fills = append(f.fills, f.fill.lane(side, m.LinkWidth, &m.placing))
		f.feeds = append(f.feeds, f.feed.lane(side, m.LinkWidth, &m.placing))
	}
	f.used = int(min(f.Cols, int64(m.Cols)))
	m.bound(f)
	f.loaded = f.rows * f.perPE
	if m.chases() {
		f.loaded = 0
		for r := range f.rows {
			f.loaded = max(f.loaded, m.arrives(f, r)+f.perPE-r*f.skew)
		}
		if m.last != nil {
			m.boundChase(f, m.last)
		}
	}
	m.next = f
}

// chases says whether weights enter from the top row on.
func (m *machine) chases() bool { return m.tile.Mode == WS && m.Preload == PreloadChase }

// arrives is when the first weight comes to row r of a fold that chases the skew, in cycles after the first weight entered.
func (m *machine) arrives(f *run, r int) int { return r*f.perPE + r }

// boundChase finds when weights and operands of fold f may enter while fold o begins row by row: a row of o's when it has taken its first sum in, those below
// when o's first sum has come out; weights when those of o have entered, which may be as late as o's rows need them; and orders a skew apart.
func (m *machine) boundChase(f, o *run) {
	for r := range f.rows {
		begun := o.begins + m.MulLatency + 1 + min(r, o.rows)*o.skew
		f.loadBound = max(f.loadBound, begun-m.arrives(f, r))
		if r >= o.rows {
			f.fillBound = max(f.fillBound, begun-r*f.skew)
		}
	}
	latest := never
	for r := range o.rows {
		latest = min(latest, o.begins+r*o.skew-m.arrives(o, r)-o.perPE)
	}
	f.loadBound = max(f.loadBound, latest+o.rows*o.perPE)
	for r := range min(o.rows, f.rows) {
		apart := o.begins + (r+1)*o.skew - r*f.skew
		f.orderBound = max(f.orderBound, apart)
		f.fillBound = max(f.fillBound, apart-o.fill.length+1)
	}
}

// cover says which outputs each element has: output i of element (r, c) is row i*R + r or column i*C + c of the fold.
func (m *machine) cover(f *run) {
	most := func(total int64, side, at int) uint8 {
		var k uint8
		for ; int64(int(k)*side+at) < total; k++ {
		}
		return k
	}
	f.outputs, f.kept, f.operands = make([][]uint8, f.rows), make([]int, f.rows), make([]int, f.rows)
	byCol := make([]uint8, f.cols)
	for c := range byCol {
		byCol[c] = most(f.Cols, m.Cols, c)
	}
	for r := range f.rows {
		f.outputs[r], f.kept[r] = byCol, m.tile.Ratio.N
		switch {
		case f.Mode == WS:
			f.kept[r] = 0
			if int64(r) < f.Groups {
				n, size := m.groups.at(f.FirstGroup + int64(r))
				f.kept[r], f.operands[r] = int(n), int(size)
			}
			if f.Over == OverT {
				f.outputs[r] = spread(byCol, f.depth)
			}
		case f.Over == OverT:
			k := most(f.Rows, m.Rows, r)
			f.operands[r] = int(k)
			f.outputs[r] = spread(byCol, int(k))
		case int64(r) < f.Rows:
			f.operands[r] = 1
		default:
			f.outputs[r] = make([]uint8, f.cols)
		}
	}
}

// spread gives k outputs to every column in use.
func spread(byCol []uint8, k int) []uint8 {
	all := make([]uint8, len(byCol))
	for c := range all {
		all[c] = min(byCol[c], 1) * uint8(k)
	}
	return all
}

// bound finds the earliest cycles at which fold f can follow the folds in flight, by going through the registers that both
// use: the slots of a row, its link, the south edge, the drain registers, and the partial sums in the output buffer.
func (m *machine) bound(f *run) {
	stages := m.MulLatency + m.AddLatency
	for _, o := range m.live {
		for r := range min(o.rows, f.rows) {
			f.orderBound = max(f.orderBound, o.begins+r*o.skew+o.length-r*f.skew)
			f.fillBound = max(f.fillBound, o.begins+r*o.skew+o.lastGroup+1-r*f.skew)
		}
		out := o.begins + (o.rows-1)*o.skew + stages // cycle 0 of o's program becomes readable at the edge
		if f.Mode == WS {
			f.orderBound = max(f.orderBound, out+o.length-1+1-(stages+(f.rows-1)*f.skew+f.lastRound-f.lastGroup))
			continue
		}
		if m.Drain != DrainOverlap {
			continue
		}
		leaves := out + o.lastRound
		for r := range min(o.rows, f.rows) {
			for i := range min(o.depth, f.depth) {
				read := leaves + (o.rows-1-r)*(o.depth-1) + i
				f.drainBound = max(f.drainBound, read+1-(f.lastRound+i+stages+r))
			}
		}
		f.drainBound = max(f.drainBound, leaves+o.rows*o.depth-(f.lastRound+stages+f.rows-1))
	}
	if f.Again && m.last != nil {
		m.boundSums(f, m.last)
	}
}

// boundSums goes through the partial sums that fold f takes in, in the order in which fold o formed them.
func (m *machine) boundSums(f, o *run) {
	formed := 0
	for s := range f.length {
		if f.slots[f.at(s)]&slotFirst == 0 {
			continue
		}
		for o.slots[o.at(formed)]&slotLast == 0 {
			formed++
		}
		readable := o.begins + (o.rows-1)*o.skew + m.MulLatency + m.AddLatency + formed
		f.sumBound = max(f.sumBound, readable+1-(m.MulLatency+s))
		formed++
	}
}

// advance brings the control to the coming cycle: what has happened, what may enter, whether the next fold starts. It
// reports false when everything has left.
func (m *machine) advance() bool {
	for _, f := range m.live {
		m.observe(f)
	}
	m.live = slices.DeleteFunc(m.live, func(f *run) bool { return f.finished })
	if m.next != nil {
		m.admit(m.next)
	}
	var more bool
	if m.spent, more = m.decide(); more {
		m.booked[m.spent]++
	}
	return more
}

// observe notes what becomes readable in this cycle.
func (m *machine) observe(f *run) {
	drains := m.tile.Mode == OS && m.Drain != DrainHidden
	f.finished = f.complete && (f.drained || !drains)
	at := m.now - f.begins - (f.rows-1)*f.skew - m.MulLatency - m.AddLatency // cycle of the program now readable below
	wanted := f.lastRound
	if f.Mode == WS {
		wanted = f.lastRound - f.lastGroup
	}
	if !f.shown && at >= wanted {
		f.shown, f.drainsAt = true, m.now
	}
	f.complete = at-(f.cols-1) >= f.length-1
	f.cleared = f.shown && m.now >= f.drainsAt+f.rows*f.depth
	f.drained = f.shown && m.now >= f.drainsAt+f.rows*f.depth+f.cols-1
}

// admit lets the operands, weights and start values of the next fold in.
func (m *machine) admit(f *run) {
	fill, enter := true, true
	o := m.last
	switch {
	case o == nil:
	case m.Preload == PreloadSerial:
		fill = o.complete && (f.Mode == WS || m.Drain != DrainSerial || o.drained)
		enter = fill
	case m.chases():
		fill, enter = m.now >= f.fillBound, m.now >= f.loadBound
	case f.Mode == WS:
		fill = o.shown && m.now >= f.fillBound
		enter = o.shown
	default:
		fill = m.now >= f.fillBound
		enter = m.now > o.begins+m.MulLatency // the first element has taken its first start value
	}
	if fill && f.fillsAt == never {
		f.fillsAt = m.now
	}
	if enter && f.loadsAt == never {
		f.loadsAt = m.now
	}
}

// decide says what the cycle goes to, and starts the next fold if nothing holds it back.
func (m *machine) decide() (cause, bool) {
	if o := m.last; o != nil && m.now < o.begins+o.length {
		return o.cause[m.now-o.begins], true
	}
	if m.next == nil {
		return m.tail()
	}
	if c := m.waits(m.next); c != causeIssue {
		return c, true
	}
	m.last, m.next.begins = m.next, m.now
	m.live = append(m.live, m.last)
	m.prepare()
	return m.last.cause[0], true
}

// tail is what the cycles after the last slot go to. A fold of fewer columns may be done before the one ahead of it.
func (m *machine) tail() (cause, bool) {
	c := causeIssue
	for _, f := range m.live {
		if !f.complete {
			return causeEmpty, true
		}
		if m.tile.Mode == OS && m.Drain != DrainHidden && !f.drained {
			c = causeDrain
		}
	}
	return c, c == causeDrain
}

// waits is the first cause that holds the next fold back.
func (m *machine) waits(f *run) cause {
	serial := m.Preload == PreloadSerial && m.last != nil
	switch {
	case serial && !m.last.complete:
		return causeEmpty
	case m.drains(f, serial):
		return causeDrain
	case m.now < f.orderBound:
		return causeOrder
	case m.now < f.fillsAt+f.fill.length-1:
		return causeLink
	case m.now < f.sumBound:
		return causeSum
	case f.perPE > 0 && m.now < f.loadsAt+f.loaded:
		return causePreload
	}
	return causeIssue
}

// drains reports whether results of the folds before are in the way of the next.
func (m *machine) drains(f *run, serial bool) bool {
	if f.Mode == WS || m.last == nil {
		return false
	}
	switch m.Drain {
	case DrainOverlap:
		return m.now < f.drainBound
	case DrainSerial:
		return !m.last.cleared || serial && !m.last.drained
	case DrainHidden:
	}
	return false
}
