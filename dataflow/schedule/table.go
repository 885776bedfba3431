package schedule

import (
	"math"
	"slices"
	"sync/atomic"

	"satsim/arch/buffer"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/dataflow/geometry"
	"satsim/internal/memo"
)

// bounded is a tiling and the fewest cycles that the array takes for it in any configuration.
type bounded struct {
	least  int64
	weight float64 // no order of the tiling weighs less
	place  int     // in the list of those that may fit
}

// table is what the array takes for a shape: bounds of the tilings that may fit, and what searches found of them. Memory, units beside the array and updates are not in
// it, so searches share it that differ in those. What is found is a function of the table's key as well, or says only where to begin.
type table struct {
	places  []geometry.Place
	bounds  []uint32       // of each place, by configuration; at most so much, which is a bound too
	tilings []bounded      // the lowest bound first
	found   []atomic.Int64 // of each place: an answer
	won     atomic.Int64   // 1 + the tiling that won last, among the tilings; 0: none did
}

// answer is what is known of a tiling's fastest configuration: 0, nothing; above, its cycles and its index; below, minus the cycles that none takes less than.
type answer int64

const answerBits = 8 // of the index

func exactly(cycles int64, array int) answer {
	if cycles >= 1<<(62-answerBits) || array >= 1<<answerBits {
		return 0
	}
	return answer(cycles<<answerBits | int64(array))
}

// exact is the fastest configuration, if it is known.
func (a answer) exact() (cycles int64, array int, ok bool) {
	return int64(a) >> answerBits, int(a) & (1<<answerBits - 1), a > 0
}

// least is so many cycles as are known to be taken.
func (a answer) least() int64 {
	if a > 0 {
		return int64(a) >> answerBits
	}
	return -int64(a)
}

// tableReads is all that a table is made of, and what the array takes exactly.
type tableReads struct {
	units      spec.Part
	buffers    buffer.Params
	pruneAt    word.PrunePlace
	interleave bool
	unpruned   bool
	shape      geometry.Shape
}

// tableReads of a group, as the array takes it.
func (s *Searcher) tableReads(g *dataflow.Group) tableReads {
	p := s.Plan
	of := [word.Units]bool{word.STCE: true, word.SORE: p.Sorts(g), word.Norm: g.Shape.Norm.Channels > 0, word.Vector: g.Shape.Lanes}
	return tableReads{
		units: p.Spec.Part(of), buffers: p.Spec.Buffers, pruneAt: p.Spec.Dataflow.PruneAt,
		interleave: p.Options.Interleave, unpruned: !p.Options.Pregenerate, shape: *g.Shape,
	}
}

// tableOf a group as the array takes it, and its space.
func (s *Searcher) tableOf(g *dataflow.Group, x *geometry.Space) (*table, error) {
	if s.Single {
		s.scratch.won.Store(0)
		return &s.scratch, s.fill(&s.scratch, g, x)
	}
	key, known := s.tableReads(g), s.Memo
	if known == nil {
		known = s.own
	}
	if t, ok := memo.Get[tableReads, *table](known, key); ok {
		return t, nil
	}
	t := &table{}
	if err := s.fill(t, g, x); err != nil {
		return nil, err
	}
	if n := len(t.places); n > 0 { // where none fits, the estimator may have an error to tell each time
		memo.Put(known, key, t, int64(1024+n*(4*len(s.arrays)+72)))
	}
	return t, nil
}

// fill a table anew. It keeps the memory that it has.
func (s *Searcher) fill(t *table, g *dataflow.Group, x *geometry.Space) error {
	s.estimator.Memo = s.Memo
	t.places = s.estimator.Fitting(g, x, t.places[:0])
	size := len(t.places)
	t.bounds = s.estimator.Bounds(g, s.configurations(g), x, t.places, t.bounds)
	t.tilings, t.found = slices.Grow(t.tilings[:0], size), slices.Grow(t.found[:0], size)[:size]
	s.keys = s.keys[:0]
	for i := range size {
		if s.Stop != nil {
			if err := s.Stop(); err != nil {
				return err
			}
		}
		t.found[i].Store(0)
		s.keys = append(s.keys, uint64(slices.Min(t.of(i)))<<32|uint64(i))
	}
	slices.Sort(s.keys)
	for _, k := range s.keys {
		t.tilings = append(t.tilings, bounded{least: int64(k >> 32), place: int(k & math.MaxUint32)})
	}
	return nil
}

// of a place: the bounds of all configurations.
func (t *table) of(place int) []uint32 {
	n := len(t.bounds) / len(t.places)
	return t.bounds[place*n : (place+1)*n]
}

// least is the fewest cycles that the array takes for a place, as far as is known.
func (t *table) least(b *bounded) int64 {
	return max(b.least, answer(t.found[b.place].Load()).least())
}
