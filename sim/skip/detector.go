package skip

// Observation is what a machine shows between two cycles. Slices are copied when kept.
type Observation struct {
	State     []byte
	Remaining []int64 // iterations left, stream by stream, loop by loop, outermost first
	Counters  []int64
	Cycle     int64
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
	kept  []Observation
}

// NewDetector starts a run whose streams have so many loops each.
func NewDetector(depth []int) *Detector {
	return &Detector{depth: depth, seen: make(map[string]int)}
}

// Observe remembers o and, when an equal state was seen before and at least one period can be left out, says so.
func (d *Detector) Observe(o Observation) (Jump, bool) {
	i, ok := d.seen[string(o.State)]
	if !ok {
		if len(d.kept) == keep {
			clear(d.seen)
			d.kept = d.kept[:0]
		}
		d.seen[string(o.State)] = len(d.kept)
		d.kept = append(d.kept, clone(o))
		return Jump{}, false
	}
	j, ok := d.jump(&d.kept[i], &o)
	d.kept[i].set(&o)
	return j, ok
}

// jump is what may be left out, given that the states are equal.
func (d *Detector) jump(a, b *Observation) (Jump, bool) {
	j := Jump{Cycles: b.Cycle - a.Cycle}
	first := 0
	for s, n := range d.depth {
		ra, rb := a.Remaining[first:first+n], b.Remaining[first:first+n]
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
	j.Counters = make([]int64, len(b.Counters))
	for i := range j.Counters {
		j.Counters[i] = b.Counters[i] - a.Counters[i]
	}
	return j, true
}

func clone(o Observation) Observation {
	var c Observation
	c.set(&o)
	return c
}

// set copies all but the state, which the map holds.
func (c *Observation) set(o *Observation) {
	c.Remaining = append(c.Remaining[:0], o.Remaining...)
	c.Counters = append(c.Counters[:0], o.Counters...)
	c.Cycle = o.Cycle
}

func equal(a, b []int64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
