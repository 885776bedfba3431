package rtl

import (
	"bytes"
	"fmt"
	"math/rand/v2"

	"satsim/arch/stce"
	"satsim/internal/nm"
)

// MostRead is the most that the array hides of its buffers' time.
const MostRead = 3

// Options are what a bundle has beside its architecture.
type Options struct {
	Seed  uint64
	Tiles int    // of the array's bench, and jobs of the others
	Side  int    // rows and columns of the array in its bench, and lanes of the others, at most
	Read  int    // cycles in which the array's buffers answer, 1 to MostRead
	By    string // the program that makes the bundle, with its model version
	Held  bool   // elements have places that outputs may hold, and tiles of the bench hold them
}

// Small is the array of the bench: that of the architecture but for its sides.
func Small(p stce.Params, o Options) stce.Params {
	p.Rows, p.Cols = min(p.Rows, o.Side), min(p.Cols, o.Side)
	return p
}

// Job is a tile of the array's bench, and for how many cycles each of its folds is held back.
type Job struct {
	Tile  stce.Tile
	Holds []int

	special bool // its numbers are
}

// Jobs draws the tiles of the bench: the four modes in turn, dense, at N:M of powers of two and at any other, exact and at the edge; every third is held back at its folds, every fifth has two
// products, where an array takes several. Numbers of every third are special. Where elements have places, two of eight hold them, over F and over T.
func Jobs(p stce.Params, o Options) []Job {
	r, others := rand.New(rand.NewPCG(o.Seed, 1)), rand.New(rand.NewPCG(o.Seed, 10))
	upTo := func(n int64) int64 { return 1 + r.Int64N(max(n, 1)) }
	var all []Job
	for i := range o.Tiles {
		t := stce.Tile{Taps: upTo(2), Spill: r.IntN(4) == 0, Resume: r.IntN(4) == 0}
		t.Mode, t.Over = [...]stce.Mode{stce.OS, stce.WS}[i%2], [...]stce.Over{stce.OverF, stce.OverT}[i/2%2]
		t.Interleave = 1 + r.IntN(min(p.MaxInterleave, 4))
		t.Ratio = ratio(r, p)
		if others.IntN(3) == 0 && p.MaxM > 1 {
			t.Ratio = anyRatio(others, p)
		}
		side := [2]int64{int64(p.Rows), int64(p.Cols)}
		if t.Mode == stce.OS && t.Over == stce.OverT {
			side[0] *= int64(t.Interleave)
		} else if t.Over == stce.OverF {
			side[1] *= int64(t.Interleave)
		}
		t.Rows, t.Cols = upTo(side[0]*3/2), upTo(side[1]*3/2)
		t.Channels = max(4, upTo(3*int64(t.Ratio.M)))
		if t.Mode == stce.WS {
			t.Channels = upTo(int64(t.Ratio.M) * int64(p.Rows) * 3 / 2)
		}
		if o.Held && (i%8 == 0 || i%8 == 6) { // OS
			t.Held, t.Ratio = true, nm.Ratio{N: 1, M: max(t.Ratio.M, min(4, p.MaxM))}
		}
		if i%5 == 4 && p.OverlapProducts {
			t.Products = 2
		}
		j := Job{Tile: t, special: i%3 == 1}
		if i%3 == 2 {
			j.Holds = []int{r.IntN(6), r.IntN(6), r.IntN(6)}
		}
		all = append(all, j)
	}
	return all
}

// anyRatio is any that the array takes, M being 2 or more.
func anyRatio(r *rand.Rand, p stce.Params) nm.Ratio {
	m := 2 + r.IntN(p.MaxM-1)
	return nm.Ratio{N: 1 + r.IntN(min(m, p.MaxN)), M: m}
}

// ratio is dense every third time, else a power of two below the array's N and M, M being the larger.
func ratio(r *rand.Rand, p stce.Params) nm.Ratio {
	if r.IntN(3) == 0 || p.MaxM == 1 {
		return nm.Ratio{N: 1, M: 1}
	}
	q := nm.Ratio{N: 1, M: 2}
	for 2*q.M <= p.MaxM && r.IntN(3) > 0 {
		q.M *= 2
	}
	for 2*q.N < q.M && 2*q.N <= p.MaxN && r.IntN(2) == 0 {
		q.N *= 2
	}
	return q
}

// follows says that a tile begins where the one before ends: four do without a cycle between, and the last one stands alone, so that its start is seen.
func (o *Options) follows(tile int) bool { return tile%4 > 0 && tile < o.Tiles-1 }

// arrayCases are the tiles as the array's bench reads them, and the cycle in which it resets the array: one in the first half of the longest tile of the later ones, so that there are folds
// under way, and to come.
func arrayCases(p stce.Params, o Options) (cases []byte, reset int, err error) {
	var b bytes.Buffer
	total, longest := 0, 0
	r := rand.New(rand.NewPCG(o.Seed, 9))
	for i, j := range Jobs(p, o) {
		in, err := j.Tile.RandomOperands(o.Seed+uint64(i), nil)
		if err != nil {
			return nil, 0, err
		}
		if j.special {
			specialOperands(rand.New(rand.NewPCG(o.Seed+uint64(i), 8)), j.Tile, &in)
		}
		res, err := p.BenchCase(&b, j.Tile, in, stce.BenchRun{Holds: j.Holds, Follows: o.follows(i)}, nil)
		if err != nil {
			return nil, 0, fmt.Errorf("tile %d of the bench: %w", i, err)
		}
		if took := int(res.Cycles); i >= o.Tiles/2 && took > longest {
			longest, reset = took, total+r.IntN(took/2+1)
		}
		total += int(res.Cycles)
		for f := range min(len(j.Holds), int(p.FoldCount(j.Tile))) {
			total += j.Holds[f]
		}
	}
	return b.Bytes(), reset, nil
}
