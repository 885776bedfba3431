package vector

import (
	"math/bits"

	"satsim/arch/word"
	"satsim/internal/microcode"
)

// sweep is what a program over rows does in one of its sweeps, and after it: words an element, those of them that add to totals of the row, totals that are
// then folded, and words once a row, without and with a quotient or a root.
type sweep struct{ words, sums, totals, short, long int64 }

// sweeps of a kind of work over rows; other kinds have none.
func sweeps(k word.PassKind) []sweep {
	switch k {
	case LayerNorm:
		return []sweep{{2, 2, 2, 7, 2}, {2, 0, 0, 0, 0}}
	case LayerNormGrad:
		return []sweep{{6, 2, 2, 3, 0}, {2, 0, 0, 0, 0}}
	case RMSNorm:
		return []sweep{{1, 1, 1, 2, 2}, {2, 0, 0, 0, 0}}
	case RMSNormGrad:
		return []sweep{{4, 1, 1, 1, 0}, {2, 0, 0, 0, 0}}
	case Softmax:
		return []sweep{{1, 1, 1, 1, 0}, {5, 1, 1, 0, 1}, {1, 0, 0, 0, 0}}
	case Loss:
		return []sweep{{1, 1, 1, 1, 0}, {5, 1, 1, 0, 1}, {2, 0, 0, 0, 0}}
	case SoftmaxGrad:
		return []sweep{{1, 1, 1, 1, 0}, {2, 0, 0, 0, 0}}
	case GradCheck:
		return []sweep{{2, 2, 2, 2, 0}}
	}
	return nil
}

// OverRows says that a kind of work goes over rows: its jobs say how long they are.
func OverRows(k word.PassKind) bool { return sweeps(k) != nil }

// turn is how many waves of a row have sums of their own at most.
func (p Params) turn() int64 { return max(1, microcode.RowWays/int64(p.Lanes)) }

// level of a fold: a row's waves of sums that are added to others, and how many lanes of the last of them work.
type level struct{ waves, last int64 }

// levels fold so many ways, waves by halves and then lanes, down to one.
func (p Params) levels(ways int64) (all []level) {
	lanes := int64(p.Lanes)
	for waves := below((ways + lanes - 1) / lanes); waves > 0; waves /= 2 {
		n := ways - waves*lanes
		all = append(all, level{(n + lanes - 1) / lanes, (n-1)%lanes + 1})
		ways = waves * lanes
	}
	for half := below(ways); half > 0; half /= 2 {
		all = append(all, level{1, ways - half})
		ways = half
	}
	return all
}

// below is the largest power of two less than n, or 0.
func below(n int64) int64 {
	if n < 2 {
		return 0
	}
	return 1 << (bits.Len64(uint64(n-1)) - 1)
}

// rows is the closed form of a strip of so many rows of c elements each: cycles of issue, those in which lanes work, and elements that they work on.
func (p Params) rows(all []sweep, ops, c, rows int64) (issue, worked, elements int64) {
	lanes, latency := int64(p.Lanes), int64(p.PipelineLatency)
	waves := (c + lanes - 1) / lanes
	ways := min(waves, p.turn())
	n := rows * waves
	pause := func(latency, after int64) int64 { return max(0, latency-after) }
	left := ops
	for i, s := range all {
		words := min(s.words, left)
		if i == len(all)-1 {
			words = left
		}
		left -= words
		worked += words * n
		elements += words * rows * c
		issue += words*n + max(0, words-1)*pause(latency, n) + min(s.sums, words)*rows*((waves+ways-1)/ways-1)*pause(latency, ways)
		if s.totals == 0 {
			continue
		}
		issue += pause(latency, rows)
		levels := p.levels(min(c, p.turn()*lanes))
		for j, l := range levels {
			worked += s.totals * rows * l.waves
			elements += s.totals * rows * ((l.waves-1)*lanes + l.last)
			issue += s.totals * rows * l.waves
			if j < len(levels)-1 {
				issue += pause(latency, s.totals*rows)
			} else {
				issue += pause(latency, rows)
			}
		}
		if i == len(all)-1 { // the next strip needs nothing of this one
			issue -= pause(latency, rows)
		}
		issue += s.short*(rows+pause(latency, rows)) + s.long*(rows+pause(int64(p.DivideLatency), min(rows, latency)))
	}
	return issue, worked, elements
}
