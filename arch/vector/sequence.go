package vector

import "satsim/internal/microcode"

// strip is what the lanes hold at a time: elements of a job, whole rows of a program over rows.
type strip struct {
	work        *work
	first, last int
	kind        int  // of a round of products
	ends        bool // of the job: none follows
	waves       []span
	at          int // the number of the first of them
}

// span is a wave: elements [lo, hi).
type span struct{ lo, hi int }

// lie is how a job's elements lie in lanes: a wave begins with each row of so many, or with none where that is 0; its sums over columns or windows come round in so many waves.
type lie struct{ row, turn int }

// lieOf says it of work that is no longer than lanes have room for: runs refuses other work.
func (p Params) lieOf(q *microcode.Program, elements, columns, taps int) lie {
	d := demandIn(q)
	waves := func(n int) int { return (n + p.Lanes - 1) / p.Lanes }
	switch {
	case overRows(q):
		if d.adds > 0 {
			return lie{columns, microcode.ColumnWays * waves(columns)}
		}
		return lie{row: columns}
	case taps > 0:
		return lie{columns / taps, taps * waves(columns/taps)}
	case d.windows:
		return lie{columns, waves(columns)}
	case d.columns() && !p.inPlace(d, int64(columns)):
		if d.adds > 0 {
			return lie{columns, microcode.ColumnWays * waves(columns)}
		}
		return lie{row: columns}
	case d.adds > 0:
		return lie{turn: microcode.ColumnWays * columns / p.Lanes}
	}
	return lie{}
}

// spans are the waves of a job.
func (p Params) spans(w *work) (all []span) {
	row := w.lie.row
	if row == 0 {
		row = w.n
	}
	for first := 0; first < w.n; first += row {
		for lo := first; lo < first+row; lo += p.Lanes {
			all = append(all, span{lo, min(lo+p.Lanes, first+row)})
		}
	}
	return all
}

// strips are those of a job, in order. A row that is longer than a strip is one by itself.
func (p Params) strips(w *work) (all []strip) {
	if w.taps > 0 {
		return rounds(w)
	}
	if onceAGroup(w.kind) {
		return []strip{{work: w, last: w.n}}
	}
	size, waves := p.Strip, p.spans(w)
	if w.overRows {
		row := (w.columns + p.Lanes - 1) / p.Lanes
		size = row * max(1, p.Strip/row)
	}
	for at := 0; at < len(waves); at += size {
		of := waves[at:min(len(waves), at+size)]
		all = append(all, strip{work: w, first: of[0].lo, last: of[len(of)-1].hi, waves: of, at: at, ends: at+size >= len(waves)})
	}
	return all
}

// What an issue is of.
const (
	ofElements = iota // a word on a wave of elements
	ofWays            // a wave of a row's sums is folded into another
	ofRow             // a word once a row
	ofSumsIn          // a wave of sums that a product resumes
	ofSumsOut         // a wave of sums that it leaves
	ofNumbers         // random numbers for as many lanes
	ofQuotient        // a quotient of a group
)

// issue is what the sequencer does in a cycle, and how many cycles it waits after it.
type issue struct {
	kind   int
	op     int // word of the elements, or among those once a row
	lo, hi int // elements; of a row its number
	lanes  int // that work
	takes  bool
	long   bool // a quotient or a root
	pause  int64
}

// queue is all that is done on a strip. Between two words of elements the sequencer waits as many cycles as the pipeline is longer than what it issued of the
// first; around folds, and between words once a row, as many as it is longer than the rows.
func (p Params) queue(s *strip) (q []issue) {
	w := s.work
	if w.taps > 0 {
		return p.queueOf(s)
	}
	if onceAGroup(w.kind) {
		return p.queueOfGroups(s)
	}
	rows := 1
	if w.overRows {
		rows = (s.last - s.first) / w.columns
	}
	pauses := func(latency, after int) {
		if len(q) > 0 {
			q[len(q)-1].pause = int64(max(0, latency-after))
		}
	}
	for op, step := range w.words {
		begin := len(q)
		q = append(q, p.waves(s, op)...)
		if op < len(w.words)-1 && w.words[op+1].sweep == step.sweep {
			pauses(p.PipelineLatency, len(q)-begin)
			continue
		}
		if step.sweep >= len(w.program.Between) {
			continue
		}
		pauses(p.PipelineLatency, rows)
		q = append(q, p.foldOf(s, step.sweep, rows)...)
		for i, once := range w.program.Between[step.sweep] {
			long := once.Op == microcode.Divide || once.Op == microcode.Root
			for r := range rows {
				q = append(q, issue{kind: ofRow, op: w.between[step.sweep] + i, lo: s.first/w.columns + r, long: long})
			}
			if long {
				pauses(p.DivideLatency, min(rows, p.PipelineLatency))
			} else {
				pauses(p.PipelineLatency, rows)
			}
		}
	}
	if w.overRows {
		q[len(q)-1].pause = 0 // the next strip needs nothing of this one
	}
	return q
}

// waves are the issues of a word on the elements of a strip. Sums of a long row, and those over few columns, come round before the adder is done: where no other word comes between them, they wait.
func (p Params) waves(s *strip, op int) (q []issue) {
	w := s.work
	sums, rows := w.words[op].word.To.File == microcode.Sum, w.sumsRow(op)
	row := (w.columns + p.Lanes - 1) / p.Lanes
	for i, of := range s.waves {
		k := issue{op: op, lo: of.lo, hi: of.hi, lanes: of.hi - of.lo, takes: op == 0}
		at, turn, last := s.at+i, w.lie.turn, i == len(s.waves)-1 && (len(w.words) > 1 || s.ends)
		if rows {
			at, turn = at%row, (min(w.columns, w.lane.RowWays())+p.Lanes-1)/p.Lanes
			last = at == row-1
		}
		if sums && !last && (at+1)%turn == 0 {
			k.pause = int64(max(0, p.PipelineLatency-turn))
		}
		q = append(q, k)
	}
	return q
}

// foldOf folds what the work after a sweep reads: level by level, wave by wave of every total, of every row.
func (p Params) foldOf(s *strip, sweep, rows int) (q []issue) {
	totals := folded(s.work.program, sweep)
	ways := min(s.work.columns, s.work.lane.RowWays())
	for ways > 1 {
		unit := 1
		if ways > p.Lanes {
			unit = p.Lanes
		}
		half := unit
		for 2*half < ways {
			half *= 2
		}
		for n := ways - half; n > 0; n -= p.Lanes {
			for range len(totals) * rows {
				q = append(q, issue{kind: ofWays, lanes: min(n, p.Lanes)})
			}
		}
		ways = half
		after := len(totals) * rows
		if ways == 1 {
			after = rows
		}
		q[len(q)-1].pause = int64(max(0, p.PipelineLatency-after))
	}
	return q
}

// sumsRow says whether a word adds to a sum over a row.
func (w *work) sumsRow(op int) bool {
	to := w.words[op].word.To
	return to.File == microcode.Sum && w.program.Totals[to.Index].Ways == microcode.OverRows
}

// folded are the totals over rows that the work after a sweep reads, in ascending order.
func folded(p *microcode.Program, sweep int) (all []int) {
	for k, t := range p.Totals {
		if t.Ways != microcode.OverRows {
			continue
		}
		for _, w := range p.Between[sweep] {
			is := func(o microcode.Operand) bool { return o.File == microcode.Sum && o.Index == k }
			if is(w.A) || is(w.B) || is(w.C) {
				all = append(all, k)
				break
			}
		}
	}
	return all
}
