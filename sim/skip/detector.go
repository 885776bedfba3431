package skip

import (
	"math/bits"
	"slices"
)

// Observation is what a machine shows between two cycles. Slices are copied when kept.
type Observation struct {
	State []uint64
	// Far is how far ahead those ends are that the state does not tell, by who waits for them; 0: none.
	Far       []int64
	Remaining []int64 // iterations left, stream by stream, loop by loop, outermost first
	Cycle     int64
	Counters  []int64
}

// numbers are what an observation says beside its state.
type numbers struct {
	far, remaining, counters []int64
	cycle                    int64
}

// sight is what is kept of an observation: where its state and its numbers stand.
type sight struct {
	first, end int   // of the state
	at         int   // of the numbers, one kind after the other
	cycle      int64 // of the last sight
	hash       uint64
	next       int // sight with the same place in the table; -1: none
}

// Jump is a number of equal periods to leave out.
type Jump struct {
	Periods  int64
	Cycles   int64   // of one period
	Counters []int64 // of one period
	Lower    []Lower // of one period
	Sleeping []int   // places in Observation.Far of ends that were not met in the period: they come nearer by what is left out
}

// Lower takes iterations off a loop.
type Lower struct {
	Stream, Loop int
	Iterations   int64
}

// keep bounds the observations that are remembered: a loop whose states do not return within so many is simulated.
const keep = 256

// places of the table of sights, more than there are at a time.
const places = 2 * keep

// Detector remembers observations of one run after the other. What it has room for is used again.
type Detector struct {
	depth  []int         // loops of each stream
	seen   [places]int16 // by the hashes of their states, 1 + the last sight in kept; 0: none
	kept   []sight
	states []uint64
	values []int64
	jumps  Jump
}

// NewDetector is one that waits for its first run.
func NewDetector() *Detector { return &Detector{} }

// Start begins a run whose streams have so many loops each. How many numbers an observation has does not change in it.
func (d *Detector) Start(depth []int) {
	d.depth = append(d.depth[:0], depth...)
	d.forget()
}

func (d *Detector) forget() {
	d.seen = [places]int16{}
	d.kept, d.states, d.values = d.kept[:0], d.states[:0], d.values[:0]
}

// find is the sight of a state, or a new one.
func (d *Detector) find(state []uint64) (s *sight, again bool) {
	h := hash(state)
	at := &d.seen[h%places]
	for i := int(*at) - 1; i >= 0; i = d.kept[i].next {
		if k := &d.kept[i]; k.hash == h && slices.Equal(d.states[k.first:k.end], state) {
			return k, true
		}
	}
	if len(d.kept) == keep {
		d.forget()
	}
	d.kept = append(d.kept, sight{first: len(d.states), end: len(d.states) + len(state), hash: h, next: int(*at) - 1})
	d.states = append(d.states, state...)
	*at = int16(len(d.kept))
	return &d.kept[len(d.kept)-1], false
}

// hash spreads states over the table; that two are equal is seen by themselves. It is two sums that do not wait for each other.
func hash(state []uint64) uint64 {
	const a, b, c, d = 0x9e3779b97f4a7c15, 0xd6e8feb86659fd93, 0xa0761d6478bd642f, 0xe7037ed1a0b428db
	g, h := uint64(len(state)), uint64(0)
	for ; len(state) > 3; state = state[4:] {
		hi, lo := bits.Mul64(state[0]^g^a, state[1]^b)
		g = hi ^ lo
		hi, lo = bits.Mul64(state[2]^h^c, state[3]^d)
		h = hi ^ lo
	}
	for _, w := range state {
		hi, lo := bits.Mul64(w^g^a, b)
		g = hi ^ lo
	}
	return g ^ h
}

// Observe remembers o. When its state was seen before, and at least one of the periods since can be left out, it says so. What it says holds until the next.
func (d *Detector) Observe(o Observation) (*Jump, bool) {
	k, again := d.find(o.State)
	now := numbers{o.Far, o.Remaining, o.Counters, o.Cycle}
	f, r := len(now.far), len(now.far)+len(now.remaining)
	n, ok := r+len(now.counters), false
	if again {
		was := d.values[k.at : k.at+n]
		ok = d.jump(&numbers{was[:f], was[f:r], was[r:], k.cycle}, &now)
	} else {
		k.at = len(d.values)
		d.values = slices.Grow(d.values, n)[:k.at+n]
	}
	to := d.values[k.at : k.at+n]
	copy(to, now.far)
	copy(to[f:], now.remaining)
	copy(to[r:], now.counters)
	k.cycle = now.cycle
	return &d.jumps, ok
}

// jump finds what may be left out, given that the states are equal.
func (d *Detector) jump(a, b *numbers) bool {
	j := &d.jumps
	*j = Jump{Cycles: b.cycle - a.cycle, Counters: j.Counters[:0], Lower: j.Lower[:0], Sleeping: j.Sleeping[:0]}
	first := 0
	for s, n := range d.depth {
		ra, rb := a.remaining[first:first+n], b.remaining[first:first+n]
		first += n
		for l := range ra {
			if ra[l] == rb[l] {
				continue
			}
			step := ra[l] - rb[l]
			if step < 0 || !equal(ra[l+1:], rb[l+1:]) {
				return false
			}
			k := (rb[l] - 2) / step
			if k < 1 {
				return false
			}
			if len(j.Lower) == 0 || k < j.Periods {
				j.Periods = k
			}
			j.Lower = append(j.Lower, Lower{s, l, step})
			break
		}
	}
	if len(j.Lower) == 0 {
		return false
	}
	for i := range b.far {
		switch a.far[i] - b.far[i] {
		case 0: // as far as before
		case j.Cycles: // the same end, before which so many periods pass
			j.Periods = min(j.Periods, (b.far[i]-1)/j.Cycles)
			j.Sleeping = append(j.Sleeping, i)
		default:
			return false
		}
	}
	if j.Periods < 1 {
		return false
	}
	for i := range b.counters {
		j.Counters = append(j.Counters, b.counters[i]-a.counters[i])
	}
	return true
}

func equal(a, b []int64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
