package stce

import (
	"math"
	"slices"
)

// slot is the control word that a processing element gets in one cycle of a fold. It enters at row 0 and column 0 and
// travels on: a column in a cycle, a row in the fold's skew, and with its data through the pipeline. From the low end it
// holds: the interleaved output (8 bits), the kept weight of the group (8), flags (4), the weight register (WS, 12), where in the
// group registers the group of the output (OS) or the bank (WS) begins (32).
type slot uint64

const (
	slotLoad  slot         = 1 << (16 + iota) // OS: the weight register takes over the weight of the row above
	slotFirst                                 // the addition begins a sum (OS), takes over the sum of the row above (WS)
	slotLast                                  // the addition completes the sum (OS), the row's part of it (WS)
	bubble    = slot(0xff)                    // an output that no element has
)

func newSlot(output, kept, operand, register int) slot {
	return slot(output) | slot(kept)<<8 | slot(register)<<20 | slot(operand)<<32
}

func (s slot) output() uint8 { return uint8(s) }
func (s slot) kept() uint8   { return uint8(s >> 8) }
func (s slot) operand() int  { return int(s >> 32) }
func (s slot) register() int { return int(s >> 20 & 0xfff) }

// linkWord is the control of one word on the west link. A link carries the groups of all outputs side by side, one after
// another; the word holds the operands that begin with from.
type linkWord struct {
	visit int32  // group of the reduction (OS), batch of output rows (WS)
	size  uint16 // OS: operands of a group; WS: outputs side by side. 0 is no word
	from  uint16
	bank  uint16 // operand register where the bank begins
}

// cause is what a cycle of the first processing element goes to.
type cause uint8

const (
	causeIssue cause = iota
	causeHazard
	causeEmpty
	causeDrain
	causeOrder
	causeLink
	causeSum
	causePreload
	causes
)

// program is the static control of a class of folds, cycle by cycle from the first slot on. Its tables run backwards and
// have bubbles around them, so that the columns of a row, each a cycle later than its neighbour, read them forwards.
type program struct {
	rows, cols int // that the control passes
	depth      int // interleaved outputs
	skew       int // cycles from row to row
	length     int // cycles from the first slot to the last, inclusive
	pad        int
	slots      []slot
	visit      []int32           // of each slot: kept weight of the reduction (OS), batch (WS)
	feed       track             // link words of all groups but the first, by cycle from the first slot on
	fill       track             // link words of the first group, from the cycle in which the first enters
	cause      []cause           // by cycle, forwards
	lastGroup  int               // cycle in which the last group (OS) or batch (WS) begins
	lastRound  int               // cycle in which its last round begins
	bank       int               // of the group registers, that it uses
	byRow      map[[2]int][]slot // slots by the weights that a row keeps, and how far its groups are apart
	perPE      int               // weights (WS) or start values (OS) of a processing element that enter before the first slot
}

// track is a program for the west link, laid out as the slots are.
type track struct {
	words       []linkWord
	length, pad int
	sides       map[int]lane
}

// lane is a track as the elements of one row see it: what they write into their group registers.
type lane []write

// write is what a link word does in an element: the first unit of operand registers that it writes (16 bits), the number of operands
// (16, 0 if there is no word), how many entries from here on are words of whole units as long as it and in line with it (16), and,
// where there is none, how many entries of the lane on the next may be (16).
type write uint64

func newWrite(to, count, run, next int) write {
	return write(to) | write(count)<<16 | write(min(run, math.MaxUint16))<<32 | write(min(next, math.MaxUint16))<<48
}

func (w write) to() int    { return int(w & 0xffff) }
func (w write) count() int { return int(w >> 16 & 0xffff) }
func (w write) run() int   { return int(w >> 32 & 0xffff) }
func (w write) next() int  { return int(w >> 48) }

func newTrack(words []linkWord, pad int) track {
	return track{turn(words, pad, linkWord{}), len(words), pad, map[int]lane{}}
}

// lane is the track of a row with side outputs (OS) or operands (WS) to each of a word's size.
func (t track) lane(side, width int, at *placing) lane {
	if l, ok := t.sides[side]; ok {
		return l
	}
	l, next, run := make(lane, len(t.words)), len(t.words), 0
	for i := len(t.words) - 1; i >= 0; i-- {
		w := t.words[i]
		to, count := int(w.bank+w.from)>>at.unit, min(width, int(w.size)*side-int(w.from))
		if count <= 0 {
			l[i], run = newWrite(0, 0, 0, next-i), 0
			continue
		}
		if run > 0 && (l[i+1].count() != count || count&(1<<at.unit-1) != 0 || !at.follows(to, l[i+1].to())) {
			run = 0
		}
		run++
		l[i], next = newWrite(to, count, run, next-i), i
	}
	t.sides[side] = l
	return l
}

// at is the index of a cycle in slots, visit and feed.
func (p *program) at(cycle int) int { return p.pad + p.length - 1 - cycle }

// upTo are the slots of a row that keeps so many weights of its group: those of more are bubbles. A row without a group has
// the first slots still, to hand sums on. The groups of interleaved outputs lie so many operands apart (WS over T).
func (p *program) upTo(kept, apart int, at *placing) []slot {
	if s, ok := p.byRow[[2]int{kept, apart}]; ok {
		return s
	}
	s := slices.Clone(p.slots)
	for i := range s {
		if int(s[i].kept()) >= max(kept, 1) {
			s[i] = bubble
		} else if s[i] != bubble {
			s[i] += slot(at.place(int(s[i].output())*apart)) << 32
		}
	}
	p.byRow[[2]int{kept, apart}] = s
	return s
}

// builder lays out a program slot by slot.
type builder struct {
	program
	width       int     // operands a link word holds
	half        int     // operand registers of a bank
	at          placing // of them
	first, rest []linkWord
	ask         Watch // may end it, nothing being asked of the array yet; nil: nobody watches
	err         error
}

// each is how many slots are laid out from one question to the next.
const each = 1 << 20

func (b *builder) now() int { return len(b.cause) }

func (b *builder) put(s slot, visit int, c cause) {
	if b.ask != nil && b.err == nil && b.now()%each == each-1 {
		b.err = b.ask(0)
	}
	if b.err != nil {
		return
	}
	b.slots, b.visit, b.cause = append(b.slots, s), append(b.visit, int32(visit)), append(b.cause, c)
}

// stall lays out bubbles up to a cycle.
func (b *builder) stall(until int, c cause) {
	for b.now() < until && b.err == nil {
		b.put(bubble, 0, c)
	}
}

// words lays out the link words that fill the bank with operands.
func (b *builder) words(visit, size, operands int) []linkWord {
	var all []linkWord
	for from := 0; from < operands; from += b.width {
		all = append(all, linkWord{int32(visit), uint16(size), uint16(from), uint16(b.bank * b.half)})
	}
	return all
}

// group goes on to a group of so many operands. Its words follow each other from the cycle after the first slot of the
// group before, when the other bank has become free, and the group begins when the last of them is there. The words of the
// first come before the program begins.
func (b *builder) group(visit, size, operands int) {
	if b.first == nil {
		b.first = b.words(visit, size, operands)
		return
	}
	b.bank = 1 - b.bank
	words, arrive := b.words(visit, size, operands), b.lastGroup+1
	for len(b.rest) < arrive {
		b.rest = append(b.rest, linkWord{})
	}
	b.rest = append(b.rest, words...)
	b.stall(arrive+len(words)-1, causeLink)
	b.lastGroup = b.now()
}

// finish turns the tables round and puts bubbles about them for every stage and column.
func (b *builder) finish(stages int) *program {
	p := b.program
	p.length, p.pad = len(p.cause), stages+p.cols
	p.byRow = map[[2]int][]slot{}
	p.slots, p.visit = turn(p.slots, p.pad, bubble), turn(p.visit, p.pad, 0)
	p.fill, p.feed = newTrack(b.first, p.cols), newTrack(b.rest, p.cols)
	return &p
}

// turn reverses a table and puts pad empty entries before and behind it.
func turn[T any](s []T, pad int, empty T) []T {
	all := slices.Repeat([]T{empty}, len(s)+2*pad)
	copy(all[pad:], s)
	slices.Reverse(all)
	return all
}

// program lays out the control of a fold whose first group is in the given bank of the group registers.
func (p Params) program(f Fold, bank int, ask Watch) (*program, error) {
	g := newGroups(f.Config, f.Taps, f.Channels)
	b := builder{ask: ask, width: p.LinkWidth, half: p.groupRegisters(f.Config) / 2, at: p.placing(f.Config, g)}
	b.bank = bank
	if f.Mode == OS {
		b.layOutOS(p, f, g)
	} else {
		b.layOutWS(p, f, g)
	}
	if b.err != nil {
		return nil, b.err
	}
	return b.finish(p.MulLatency + p.AddLatency), nil
}

// groupRegisters is the operand registers of a processing element, both banks.
func (p Params) groupRegisters(c Config) int {
	if c.Over == OverT {
		return 2 * c.Ratio.M * c.Interleave
	}
	return 2 * c.Ratio.M
}

func (b *builder) layOutOS(p Params, f Fold, g groups) {
	b.skew = 1
	b.rows, b.cols = min(int(f.Rows), p.Rows), min(int(f.Cols), p.Cols)
	for b.depth*b.rows < int(f.Rows) || b.depth*b.cols < int(f.Cols) {
		b.depth++
	}
	if p.EdgeFolds == EdgeFull {
		b.rows, b.cols, b.depth = p.Rows, p.Cols, f.Interleave
	}
	if f.enters() {
		b.perPE = b.depth
	}
	side, apart := 1, 0 // outputs side by side on the link; whether their groups lie apart in the registers
	if f.Over == OverT {
		side, apart = b.depth, 1
	}
	kept, total := 0, int(g.total())
	for i := 0; i < total && b.err == nil; i++ {
		n, m := g.at(int64(i))
		b.group(i, int(m), side*int(m))
		for k := range int(n) {
			b.lastRound = b.now()
			for o := range b.depth {
				s := newSlot(o, k, b.at.place(b.bank*b.half+apart*o*int(m)), 0)
				if o == 0 || f.Over == OverF {
					s |= slotLoad
				}
				if kept == 0 {
					s |= slotFirst
				}
				if i == total-1 && k == int(n)-1 {
					s |= slotLast
				}
				b.put(s, kept, causeIssue)
			}
			kept++
			if i < total-1 || k < int(n)-1 {
				b.stall(b.lastRound+p.AddLatency, causeHazard) // the sums are in the adder still
			}
		}
	}
}

func (b *builder) layOutWS(p Params, f Fold, g groups) {
	b.rows, b.cols = int(f.Groups), min(int(f.Cols), p.Cols)
	var most, operands int
	for i := range f.Groups {
		n, m := g.at(f.FirstGroup + i)
		most, operands = max(most, int(n)), max(operands, int(m))
	}
	for b.depth*b.cols < int(f.Cols) {
		b.depth++
	}
	if p.EdgeFolds == EdgeFull {
		b.rows, b.cols, b.depth = p.Rows, p.Cols, f.Interleave
	}
	b.perPE = most * b.depth
	if f.Over == OverT {
		b.depth, b.perPE = min(f.Interleave, int(f.Rows)), most
	}
	round := max(b.depth, p.AddLatency)
	b.skew = (most-1)*round + p.AddLatency
	streamed := int(f.Rows)
	for v := 0; streamed > 0 && b.err == nil; v++ {
		side, depth := 1, b.depth
		if f.Over == OverT {
			depth = min(depth, streamed)
			side = depth
		}
		streamed -= side
		b.group(v, side, side*operands)
		for k := range most {
			if k > 0 {
				b.stall(b.lastRound+round, causeHazard)
			}
			b.lastRound = b.now()
			for o := range depth {
				register := k
				if f.Over == OverF {
					register = k*b.depth + o
				}
				s := newSlot(o, k, b.at.place(b.bank*b.half), register)
				if k == 0 {
					s |= slotFirst
				}
				if k == most-1 {
					s |= slotLast
				}
				b.put(s, v, causeIssue)
			}
		}
	}
}
