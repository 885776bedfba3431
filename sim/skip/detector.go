package skip

// Observation is what a machine shows between two cycles. Slices are copied when kept.
type Observation struct {
	State     []byte
	Remaining []int64 // iterations left, stream by stream, loop by loop, outermost first
	Cycle     int64
	// Counters are asked for only when the state was seen before: the machine has many.
	Counters func() []int64
}

// sight is what is kept of an observation.
type sight struct {
	remaining []int64
	counters  []int64 // nil at the first sight of a state
	cycle     int64
}

// Jump is a number of equal periods to leave out.
type Jump struct {
	Periods  int64
	Cycles   int64   // of one period
	Counters []int64 // of one period
	Lower    []Lower // of one period
}

// Lower takes iterations off a loop.
type Lower struct {
	Stream, Loop int
	Iterations   int64
}

// keep bounds the observations that are remembered: a loop whose states do not return within so many is simulated.
const keep = 256

// Detector remembers observations of one run.
type Detector struct {
	depth []int // loops of each stream
	seen  map[string]int
	kept  []sight
}

// NewDetector starts a run whose streams have so many loops each.
func NewDetector(depth []int) *Detector {
	return &Detector{depth: depth, seen: make(map[string]int)}
}

// Observe remembers o. When its state was seen twice before, and at least one of the periods since can be left out, it says so: the
// first return of a state is where counting begins.
func (d *Detector) Observe(o Observation) (Jump, bool) {
	i, ok := d.seen[string(o.State)]
	if !ok {
		if len(d.kept) == keep {
			clear(d.seen)
			d.kept = d.kept[:0]
		}
		d.seen[string(o.State)] = len(d.kept)
		d.kept = append(d.kept, sight{})
		return Jump{}, false
	}
	k := &d.kept[i]
	now := sight{remaining: o.Remaining, counters: o.Counters(), cycle: o.Cycle}
	var j Jump
	if ok = k.counters != nil; ok {
		j, ok = d.jump(k, &now)
	}
	k.remaining = append(k.remaining[:0], now.remaining...)
	k.counters = append(k.counters[:0], now.counters...)
	k.cycle = now.cycle
	return j, ok
}

// jump is what may be left out, given that the states are equal.
func (d *Detector) jump(a, b *sight) (Jump, bool) {
	j := Jump{Cycles: b.cycle - a.cycle}
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
				return Jump{}, false
			}
			k := (rb[l] - 2) / step
			if k < 1 {
				return Jump{}, false
			}
			if len(j.Lower) == 0 || k < j.Periods {
				j.Periods = k
			}
			j.Lower = append(j.Lower, Lower{s, l, step})
			break
		}
	}
	if len(j.Lower) == 0 {
		return Jump{}, false
	}
	j.Counters = make([]int64, len(b.counters))
	for i := range j.Counters {
		j.Counters[i] = b.counters[i] - a.counters[i]
	}
	return j, true
}

func equal(a, b []int64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
