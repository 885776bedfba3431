package skip

import "testing"

// A loop of 12 iterations whose state returns every 2, in 7 cycles, with 3 events each time. With 12 left the state is new; with 10 left it is back, and a whole period is known. From there
// two iterations a period fit while at least two remain: k = (10-2)/2 = 4.
func TestJumpByHand(t *testing.T) {
	d := NewDetector()
	d.Start([]int{1})
	for i, o := range []Observation{
		{State: []uint64{'a'}, Remaining: []int64{12}, Counters: []int64{-2}, Cycle: 93},
		{State: []uint64{'b'}, Remaining: []int64{11}, Counters: []int64{-1}, Cycle: 96},
	} {
		if _, ok := d.Observe(o); ok {
			t.Fatalf("a jump at look %d", i)
		}
	}
	j, ok := d.Observe(Observation{State: []uint64{'a'}, Remaining: []int64{10}, Counters: []int64{1}, Cycle: 100})
	if !ok || j.Periods != 4 || j.Cycles != 7 || j.Counters[0] != 3 || len(j.Lower) != 1 || j.Lower[0] != (Lower{0, 0, 2}) {
		t.Errorf("%+v %t, want 4 periods of 7 cycles, 3 events, 2 iterations of loop 0", j, ok)
	}
}

func TestWhatIsNoPeriod(t *testing.T) {
	for _, c := range []struct {
		name          string
		depth         []int
		first, second []int64
	}{
		{"nothing moved", []int{1}, []int64{5}, []int64{5}},
		{"the last iteration would be reached", []int{1}, []int64{4}, []int64{3}[:1:1]},
		{"an inner loop stands elsewhere", []int{2}, []int64{9, 4}, []int64{8, 3}},
		{"a loop went back up", []int{2}, []int64{9, 3}, []int64{9, 4}},
		{"a second stream is at its end", []int{1, 1}, []int64{9, 3}, []int64{8, 2}},
	} {
		d := NewDetector()
		d.Start(c.depth)
		d.Observe(Observation{State: []uint64{'s'}, Remaining: c.first, Counters: []int64{0}})
		j, ok := d.Observe(Observation{State: []uint64{'s'}, Remaining: c.second, Counters: []int64{0}})
		if c.name == "the last iteration would be reached" {
			// 3 left, one a period: (3-2)/1 = 1 may be left out, then 2 remain.
			if !ok || j.Periods != 1 {
				t.Errorf("%s: %+v %t, want one period", c.name, j, ok)
			}
			continue
		}
		if ok {
			t.Errorf("%s: %+v", c.name, j)
		}
	}
}

// Two streams in step, three iterations against one: the shorter decides.
func TestStreamsShareAPeriod(t *testing.T) {
	d := NewDetector()
	d.Start([]int{1, 2})
	d.Observe(Observation{State: []uint64{'s'}, Remaining: []int64{100, 7, 20}, Counters: []int64{0}})
	j, ok := d.Observe(Observation{State: []uint64{'s'}, Remaining: []int64{97, 7, 19}, Counters: []int64{0}})
	if !ok || j.Periods != 17 || len(j.Lower) != 2 || j.Lower[1] != (Lower{1, 1, 1}) {
		t.Errorf("%+v %t, want min((97-2)/3, (19-2)/1) = 17 periods", j, ok)
	}
}

// By hand: an end that lies 100, 90 and 80 cycles ahead at equal states, ten cycles apart, comes no nearer than a cycle in 7 periods, of the 50 that the loop has. One
// that is as far each time is met in every period, and one that jumped says that the states are not equal.
func TestPeriodsBeforeAnEnd(t *testing.T) {
	for _, c := range []struct {
		far      [3]int64
		periods  int64
		sleeping int
	}{{[3]int64{100, 90, 80}, 7, 1}, {[3]int64{80, 80, 80}, 50, 0}, {[3]int64{100, 90, 85}, 0, 0}, {[3]int64{30, 20, 10}, 0, 0}} {
		d := NewDetector()
		d.Start([]int{1})
		var j *Jump
		ok := false
		for i, far := range c.far {
			j, ok = d.Observe(Observation{State: []uint64{'s'}, Far: []int64{0, far}, Remaining: []int64{54 - int64(i)}, Counters: []int64{1}, Cycle: 10 * int64(i)})
		}
		if ok != (c.periods > 0) || ok && (j.Periods != c.periods || len(j.Sleeping) != c.sleeping) {
			t.Errorf("%v: %+v %t, want %d periods", c.far, j, ok, c.periods)
		}
	}
}
