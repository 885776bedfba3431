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
	Tiles int // of the array's bench, and jobs of the others
	Side  int // rows and columns of the array in its bench, and lanes of the others, at most
	Read  int // cycles in which the array's buffers answer, 1 to MostRead
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
}

// Jobs draws the tiles of the bench: the four modes in turn, dense and at N:M, exact and at the edge; every third is held back at its folds, every fifth has two
// products, where an array takes several.
func Jobs(p stce.Params, o Options) []Job {
	r := rand.New(rand.NewPCG(o.Seed, 1))
	upTo := func(n int64) int64 { return 1 + r.Int64N(max(n, 1)) }
	var all []Job
	for i := range o.Tiles {
		t := stce.Tile{Taps: upTo(2), Spill: r.IntN(4) == 0, Resume: r.IntN(4) == 0}
		t.Mode, t.Over = [...]stce.Mode{stce.OS, stce.WS}[i%2], [...]stce.Over{stce.OverF, stce.OverT}[i/2%2]
		t.Interleave = 1 + r.IntN(min(p.MaxInterleave, 4))
		t.Ratio = ratio(r, p)
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
		if i%5 == 4 && p.OverlapProducts {
			t.Products = 2
		}
		j := Job{Tile: t}
		if i%3 == 2 {
			j.Holds = []int{r.IntN(6), r.IntN(6), r.IntN(6)}
		}
		all = append(all, j)
	}
	return all
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

// arrayCases are the tiles as the array's bench reads them.
func arrayCases(p stce.Params, o Options) ([]byte, error) {
	var b bytes.Buffer
	for i, j := range Jobs(p, o) {
		in, err := j.Tile.RandomOperands(o.Seed+uint64(i), nil)
		if err != nil {
			return nil, err
		}
		if _, err := p.BenchCase(&b, j.Tile, in, stce.BenchRun{Holds: j.Holds, Follows: o.follows(i)}, nil); err != nil {
			return nil, fmt.Errorf("tile %d of the bench: %w", i, err)
		}
	}
	return b.Bytes(), nil
}
