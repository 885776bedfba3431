package word

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// walk is the plain recursive expansion of a nest: what the doc says, without the cursor.
func walk(s *Stream, level int, class Class, visit func(op int, c Class)) {
	for i := range s.Ops {
		if o := &s.Ops[i]; o.Level == level && !o.Post {
			visit(i, class)
		}
	}
	if level < len(s.Loops) {
		n := s.Loops[level].Trips
		for i := int64(0); i < n; i++ {
			c := class
			if i == 0 {
				c |= First(level)
			}
			if i == n-1 {
				c |= Last(level)
			}
			walk(s, level+1, c, visit)
		}
	}
	for i := range s.Ops {
		if o := &s.Ops[i]; o.Level == level && o.Post {
			visit(i, class)
		}
	}
}

type step struct {
	op int
	c  Class
}

func randomStream(t *rapid.T) *Stream {
	s := &Stream{}
	for range rapid.IntRange(0, 4).Draw(t, "depth") {
		s.Loops = append(s.Loops, Loop{Trips: rapid.Int64Range(1, 4).Draw(t, "trips"), Step: 1, Edge: 1})
	}
	for range rapid.IntRange(1, 5).Draw(t, "ops") {
		l := rapid.IntRange(0, len(s.Loops)).Draw(t, "level")
		o := Op{Level: l, Post: rapid.Bool().Draw(t, "post")}
		for i := range l {
			o.Variants = append(o.Variants, Variant{Mask: First(i) | Last(i), Value: rapid.SampledFrom([]Class{First(i), Last(i), First(i) | Last(i)}).Draw(t, "value")})
		}
		o.Variants = append(o.Variants, Variant{})
		s.Ops = append(s.Ops, o)
	}
	return s
}

func TestCursorAndCountEqualThePlainExpansion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := randomStream(t)
		var want, got []step
		counts := make([][]int64, len(s.Ops))
		for i := range s.Ops {
			counts[i] = make([]int64, len(s.Ops[i].Variants))
		}
		walk(s, 0, 0, func(op int, c Class) {
			want = append(want, step{op, c})
			counts[op][s.Ops[op].Find(c)]++
		})
		c, trips := NewCursor(s), s.Trips()
		for {
			op, class, ok := c.Peek(s, trips)
			if !ok {
				break
			}
			got = append(got, step{op, class})
			c.Advance()
		}
		if len(got) != len(want) {
			t.Fatalf("%d ops, want %d", len(got), len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("op %d is %v, want %v", i, got[i], want[i])
			}
		}
		for i, n := range s.Count() {
			for v := range n {
				if n[v] != counts[i][v] {
					t.Fatalf("op %d variant %d counted %d, walked %d", i, v, n[v], counts[i][v])
				}
			}
		}
		if err := (&Group{Streams: []Stream{*s}}).Validate(); err != nil {
			t.Fatal(err)
		}
	})
}

// A residency in numbers: loops f (2 trips), t (3 trips); an operand at level 1 of an op at level 2 is acquired twice, each time at
// t's first trip, and released at its last.
func TestEndsOpenAndCloseAtTheirLevel(t *testing.T) {
	s := &Stream{Loops: []Loop{{Trips: 2, Step: 1, Edge: 1}, {Trips: 3, Step: 1, Edge: 1}}, Ops: []Op{{Level: 2, Variants: []Variant{{}}}}}
	e := End{Level: 1}
	var opens, closes []int
	i := 0
	walk(s, 0, 0, func(_ int, c Class) {
		if e.Opens(2, c) {
			opens = append(opens, i)
		}
		if e.Closes(2, c) {
			closes = append(closes, i)
		}
		i++
	})
	if len(opens) != 2 || opens[0] != 0 || opens[1] != 3 || len(closes) != 2 || closes[0] != 2 || closes[1] != 5 {
		t.Errorf("opens %v closes %v, want [0 3] and [2 5]", opens, closes)
	}
}

// Ops use the ways that the machine has: the vector unit cannot fill what the memory fills, nor the memory empty what it fills.
func TestWaysAreTheMachines(t *testing.T) {
	west := []End{{Buffer: West}}
	for name, c := range map[string]struct {
		op   Op
		want string
	}{
		"in":  {Op{Lane: VectorOut, Out: west, Variants: []Variant{{}}}, "vector has no way into buffer west"},
		"out": {Op{Lane: WriteOut, In: west, Variants: []Variant{{}}}, "memory has no way out of buffer west"},
		"ok":  {Op{Lane: ReadWest, Out: west, Variants: []Variant{{}}}, ""},
	} {
		err := (&Group{Streams: []Stream{{Ops: []Op{c.op}}}}).Validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// The array takes from two buffers and may leave sums in one and a token in another: two of each end are accepted, three refused.
func TestAnOpHasAtMostTwoEndsEachWay(t *testing.T) {
	in, out := []End{{Buffer: West}, {Buffer: North}}, []End{{Buffer: Output}, {Buffer: Pace}}
	for name, c := range map[string]struct {
		in, out []End
		refused bool
	}{
		"two and two": {in, out, false},
		"three in":    {append(in[:2:2], End{Buffer: North}), out[:1], true},
		"three out":   {in[:1], append(out[:2:2], End{Buffer: Pace}), true},
	} {
		err := (&Group{Streams: []Stream{{Ops: []Op{{Lane: Array, In: c.in, Out: c.out, Variants: []Variant{{}}}}}}}).Validate()
		if (err != nil) != c.refused || err != nil && !strings.Contains(err.Error(), "more than two inputs or outputs") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
