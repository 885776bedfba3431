package stce

// timing is when things happen in one fold, in cycles after its first slot at the first processing element, row 0 and
// column 0. Row r is skew*r later, column c is c later.
type timing struct {
	mode       Mode
	rows, cols int64 // as timed: used in edge_folds exact, all in full
	depth      int64 // outputs interleaved in a processing element, I_e
	skew       int64
	fill       int64 // link cycles of the first group
	load       int64 // cycles from when weights or start values begin to enter until the first row may begin
	weights    int64 // WS: weights of a processing element
	lastGroup  int64 // first slot of the last group (OS) or batch (WS)
	lastRound  int64 // OS: first slot of the last round
	issued     int64 // one past the last slot
	slots      int64 // cycles with a slot
	link       int64 // cycles before issued that wait for the west link; the rest are hazards
	firstOut   int64 // the first result is readable at the south edge (WS) or in the bottom row (OS), column 0
	lastOut    int64 // the last result is readable there
	complete   int64 // and in the last column
	drained    int64 // OS: the last result of column 0 has left
	batches    int64 // WS: batches of a row streamed through the fold
	period     int64 // WS: cycles from one batch to the next
}

func (p *Params) timing(f *Fold) timing {
	if f.Mode == WS {
		return p.timingWS(f)
	}
	return p.timingOS(f)
}

func (p *Params) timingOS(f *Fold) timing {
	R, C, I := int64(p.Rows), int64(p.Cols), int64(f.Interleave)
	add, mul, w := int64(p.AddLatency), int64(p.MulLatency), int64(p.LinkWidth)
	g := newGroups(f.Config, f.Taps, f.Channels)
	t := timing{mode: OS, skew: 1, rows: min(f.Rows, R), cols: min(f.Cols, C), depth: max(ceil(f.Rows, R), ceil(f.Cols, C))}
	if p.EdgeFolds == EdgeFull {
		t.rows, t.cols, t.depth = R, C, I
	}
	side := int64(1) // outputs whose operands a link carries side by side
	if f.Over == OverT {
		side = t.depth
	}
	round := max(t.depth, add)
	// A group is followed by the next when its rounds are over and the next has come over the link, which it begins to do
	// in the cycle after this group's first slot.
	rounds, words := g.n*round, ceil(side*g.m, w)
	shortRounds, shortWords := g.shortN*round, ceil(side*g.shortM, w)
	lastN := g.n
	t.fill = words
	switch {
	case g.shortM == 0:
		t.pace(g.total()-1, rounds, words)
	case g.perTap == 1:
		t.fill, lastN = shortWords, g.shortN
		t.pace(g.taps-1, shortRounds, shortWords)
	default:
		lastN = g.shortN
		t.pace(g.taps*(g.perTap-2), rounds, words)
		t.pace(g.taps, rounds, shortWords)
		t.pace(g.taps-1, shortRounds, words)
	}
	t.lastRound = t.lastGroup + (lastN-1)*round
	t.issued = t.lastRound + t.depth
	t.slots = g.all().kept() * t.depth
	if f.enters() {
		t.load = t.rows * t.depth
	}
	t.firstOut = t.lastRound + mul + add + t.rows - 1
	t.lastOut = t.firstOut + t.depth - 1
	t.complete = t.lastOut + t.cols - 1
	t.drained = t.firstOut + t.rows*t.depth
	return t
}

// pace adds k groups that take slots cycles each and are followed by one that is words cycles on the link.
func (t *timing) pace(k, slots, words int64) {
	t.lastGroup += k * max(slots, words)
	t.link += k * max(0, words-slots)
}

func (p *Params) timingWS(f *Fold) timing {
	R, C, I := int64(p.Rows), int64(p.Cols), int64(f.Interleave)
	add, mul, w := int64(p.AddLatency), int64(p.MulLatency), int64(p.LinkWidth)
	n, m := newGroups(f.Config, f.Taps, f.Channels).stretch(f.FirstGroup, f.Groups).largest()
	t := timing{mode: WS, rows: f.Groups, cols: min(f.Cols, C), depth: ceil(f.Cols, C)}
	if p.EdgeFolds == EdgeFull {
		t.rows, t.cols, t.depth = R, C, I
	}
	weights := n * t.depth // of a processing element
	t.batches = f.Rows
	side, lastSide, lastDepth := int64(1), int64(1), t.depth
	if f.Over == OverT {
		weights = n
		t.depth = min(I, f.Rows)
		t.batches = ceil(f.Rows, t.depth)
		lastDepth = f.Rows - (t.batches-1)*t.depth
		side, lastSide = t.depth, lastDepth
	}
	round := max(t.depth, add)
	visit := (n-1)*round + t.depth // of one batch: the next takes its sums from the row above, so it need not wait a round
	t.skew = (n-1)*round + add
	t.load, t.weights = t.rows*weights, weights
	if p.Preload == PreloadChase { // row r is filled (r+1)*weights + r cycles after the first weight entered, and begins r*skew after row 0
		t.load = weights + (t.rows-1)*max(0, weights+1-t.skew)
	}
	words, lastWords := ceil(side*m, w), ceil(lastSide*m, w)
	t.fill = words
	if t.batches == 1 {
		t.fill = lastWords
	} else {
		t.pace(t.batches-2, visit, words)
		t.pace(1, visit, lastWords)
	}
	t.period = max(visit, words)
	t.issued = t.lastGroup + (n-1)*round + lastDepth
	t.slots = n * ((t.batches-1)*t.depth + lastDepth)
	t.firstOut = mul + t.rows*t.skew
	t.lastOut = t.firstOut + t.lastGroup + lastDepth - 1
	t.complete = t.lastOut + t.cols - 1
	return t
}

// booking is what the cycles of the first element went to, by cause.
type booking [causes]int64

// counts gives the causes their names.
func (b booking) counts() TileCounts {
	return TileCounts{
		IssueCycles: b[causeIssue], HazardCycles: b[causeHazard], EmptyCycles: b[causeEmpty], DrainCycles: b[causeDrain],
		OrderCycles: b[causeOrder], LinkCycles: b[causeLink], SumCycles: b[causeSum], PreloadCycles: b[causePreload],
	}
}

// add books o so many times.
func (b *booking) add(o booking, times int64) {
	for c, n := range o {
		b[c] += times * n
	}
}

// ledger follows the first element through the cycles between folds.
type ledger struct {
	now int64
	booking
}

// until moves on to cycle at, if that is later, and books the wait.
func (l *ledger) until(at int64, c cause) {
	if at > l.now {
		l.booking[c] += at - l.now
		l.now = at
	}
}

// start books what comes before the first slot of the first fold.
func (t *timing) start() ledger {
	var l ledger
	l.until(t.fill-1, causeLink)
	l.until(t.load, causePreload)
	return l
}

// inside books the cycles of a fold's own program.
func (t *timing) inside() booking {
	return booking{causeIssue: t.slots, causeLink: t.link, causeHazard: t.issued - t.slots - t.link}
}

// leaves is when a fold's results are all readable, and when they have all left.
func (p *Params) leaves(t *timing) (complete, left int64) {
	if t.mode == OS && p.Drain != DrainHidden {
		return t.complete, t.drained + t.cols - 1
	}
	return t.complete, t.complete
}

// passage is what lies between two folds: when the second's first operand, and its first weight or start value, may enter, and its first slot.
type passage struct {
	ledger
	fill, load int64
}

// follow books what lies between the last slot of fold a and the first of fold b, in cycles after the first slot of a.
// sums says that b takes in the partial sums that a forms.
func (p *Params) follow(a, b *timing, sums bool) passage {
	l := ledger{now: a.issued}
	common := min(a.rows, b.rows) - 1
	closer := common * max(0, a.skew-b.skew) // what the last common row needs more than the first
	enter := int64(0)                        // when b's weights or start values may enter
	apart := int64(0)                        // how much later its orders must come
	filled := a.lastGroup + b.fill + closer
	switch {
	case p.Preload == PreloadSerial:
		l.until(a.complete, causeEmpty)
		enter = a.complete
		if p.Drain == DrainSerial {
			_, enter = p.leaves(a)
			l.until(enter, causeDrain)
		}
		filled = enter + b.fill - 1
	case a.mode == WS && p.Preload == PreloadChase:
		enter = p.chase(a, b)
		filled = max(filled, a.skew-a.fill+b.fill+closer)
		if b.rows > a.rows {
			filled = max(filled, a.firstOut+1-a.rows*b.skew+b.fill-1)
		}
		apart = a.skew + closer
	case a.mode == WS:
		enter = a.firstOut
		filled = max(filled, a.firstOut+b.fill-1)
	default:
		enter = int64(p.MulLatency) + 1 // the first element has taken its first start value
	}
	l.until(p.drainBound(a, b), causeDrain)
	if a.mode == WS {
		l.until(max(a.issued+closer, a.lastOut+1-b.firstOut, apart), causeOrder)
	}
	l.until(filled, causeLink)
	if sums {
		l.until(a.firstOut-int64(p.MulLatency)+1+lag(a, b), causeSum)
	}
	if b.load > 0 {
		l.until(enter+b.load, causePreload)
	}
	return passage{l, filled - b.fill + 1, enter}
}

// chase is when the weights of WS fold b may begin to enter, top row first and without a gap, so that row r gets none before it has taken a's first sum in,
// and none before those of a have entered, at the latest they may.
func (p *Params) chase(a, b *timing) int64 {
	begun := int64(p.MulLatency) + 1 + min(b.rows-1, a.rows)*max(0, a.skew-1-b.weights)
	return max(begun, (a.rows-1)*min(a.weights, a.skew-1))
}

// drainBound is the earliest first slot of OS fold b that leaves the results of a time to drain.
func (p *Params) drainBound(a, b *timing) int64 {
	switch {
	case a.mode != OS || p.Drain == DrainHidden:
		return 0
	case p.Drain == DrainSerial:
		return a.drained
	}
	// The top row's drain registers are read last and written first; and results of b follow those of a at the edge.
	free := a.lastRound + (a.rows-1)*a.depth + 1 - b.lastRound
	edge := a.lastRound + a.rows - 1 + a.rows*a.depth - (b.lastRound + b.rows - 1)
	return max(free, edge)
}

// lag is how much later fold b must take in its first partial sum so that no later one is taken before a formed it.
func lag(a, b *timing) int64 {
	most := int64(0)
	if a.batches > 2 {
		most = max(most, (a.batches-2)*(a.period-b.period))
	}
	return max(most, a.lastGroup-b.lastGroup)
}
