package unit

import (
	"math"
	"strings"
	"testing"

	"satsim/arch/word"
)

// toy is a new maintainer's unit, on SORE's lane: it codes elements. Whatever is in forget is left out of it.
type toy struct{ forget string }

const coded = 0

func (u toy) ID() word.Unit { return word.SORE }
func (u toy) Built() bool   { return u.forget != "lanes" }

func (u toy) Counters() []Counter {
	c := []Counter{{Name: "coded", Of: Element, Means: "elements coded"}}
	switch u.forget {
	case "counters":
		return nil
	case "counter's name":
		c[0].Name = ""
	case "counter's meaning":
		c[0].Means = ""
	case "counter's quantity":
		c[0].Of = 0
	case "that names differ":
		c = append(c, c[0])
	}
	return c
}

func (u toy) Actions() []Action {
	a := Action{Name: "code", Of: Operation, Counts: []int{coded}}
	switch u.forget {
	case "actions":
		return nil
	case "action's name":
		a.Name = ""
	case "action's quantity":
		a.Of = 0
	case "action's counts":
		a.Counts = nil
	case "which counts there are":
		a.Counts = []int{7}
	}
	return []Action{a}
}

func (u toy) Program(*word.Group) (Program, error) { return u, nil }

func (u toy) Span(_ *word.Op, w *word.Work) (Span, error) { return Span{Issue: w.Elements}, nil }

func (u toy) Count(a *Activity, o *word.Op, w *word.Work, n int64) error {
	if err := a.Did(word.SORE, &Counts{coded: w.Elements}, w.Elements, n); err != nil {
		return err
	}
	return a.WriteReserved(o, w, n)
}

// Whatever a new unit forgets to describe is an error that says what, and its own name.
func TestForgettingIsLoud(t *testing.T) {
	if err := Check(toy{}); err != nil {
		t.Errorf("nothing forgotten: %v", err)
	}
	for forget, want := range map[string]string{
		"counters": "0 counters", "counter's name": "no name", "counter's meaning": "no meaning", "counter's quantity": "counts nothing",
		"that names differ": "twice", "actions": "nothing of it costs energy", "action's name": "no name", "action's quantity": "counts nothing",
		"action's counts": "never done", "which counts there are": "count 7",
	} {
		if err := Check(toy{forget}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "unit sore") {
			t.Errorf("forgot %s: %v, want %q", forget, err, want)
		}
	}
}

func group() *word.Group {
	return &word.Group{Streams: []word.Stream{{Ops: []word.Op{
		{Lane: word.Prune, Out: []word.End{{Buffer: word.Copies}}, Variants: []word.Variant{{Work: word.Work{Elements: 10, Space: [2]int64{3}}}}},
	}}}}
}

// Work for a unit that is not listed, or listed and not built, has no program, no time and no counts: never those of another unit.
func TestWorkForNobodyIsAnError(t *testing.T) {
	g := group()
	ops := g.Streams[0].Ops
	for name, s := range map[string]Set{"not listed": {}, "not built": Set{word.SORE: toy{"lanes"}}.Built()} {
		p, err := s.Programs(g)
		if err == nil || !strings.Contains(err.Error(), "the machine has no sore") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := p.Span(&ops[0], &ops[0].Variants[0].Work); err == nil {
			t.Errorf("%s: it has a time", name)
		}
		if a, err := p.Count(ops, [][]int64{{1}}); err == nil || a != (Activity{}) {
			t.Errorf("%s: counted %+v, %v", name, a, err)
		}
	}
	if s := (Set{word.SORE: toy{"lanes"}}.Built()); s.Lanes() != 0 {
		t.Errorf("%d lanes of a unit that is not built", s.Lanes())
	}
}

// Four times 10 elements and 3 bytes of space: 40 elements in 40 cycles, 96 bits; the memory, which this machine has not, has no lane.
func TestCountByHand(t *testing.T) {
	s, g := Set{word.SORE: toy{}}, group()
	p, err := s.Programs(g)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Count(g.Streams[0].Ops, [][]int64{{4}})
	if err != nil {
		t.Fatal(err)
	}
	var want Activity
	want.Units[word.SORE][coded], want.Busy[word.SORE], want.Buffers[word.Copies].WriteBits = 40, 40, 96
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if s.Lanes() != 1 {
		t.Errorf("%d lanes, want SORE's one", s.Lanes())
	}
}

// Sums are checked: 2^62 twice has no place in 63 bits, nor has 2^32 times 2^31, nor a negative number.
func TestSumsAreChecked(t *testing.T) {
	for name, c := range map[string]struct{ at, d, n int64 }{
		"a sum": {1 << 62, 1 << 62, 1}, "a product": {0, 1 << 32, 1 << 31}, "a product of 128 bits": {0, math.MaxInt64, math.MaxInt64}, "a negative number": {5, -1, 1},
		"a negative multiple": {5, 1, -1},
	} {
		a, b := Activity{}, Activity{}
		a.Busy[word.STCE], b.Busy[word.STCE] = c.at, c.d
		if a.Add(&b, c.n) == nil {
			t.Errorf("%s goes without an error", name)
		}
	}
	var a, b Activity
	b.Units[word.STCE][3], b.Bytes[word.ReadWest], b.Bytes[word.WriteOut], b.Buffers[word.West].ReadBits = 5, 7, 11, 13
	for range 2 {
		if err := a.Add(&b, 3); err != nil {
			t.Fatal(err)
		}
	}
	if a.Units[word.STCE][3] != 30 || a.Buffers[word.West].ReadBits != 78 || a.ReadBytes() != 42 || a.WriteBytes() != 66 {
		t.Errorf("%+v", a)
	}
}

// Counts keep their names and order in a file; a name that is not there is zero.
func TestCountsByName(t *testing.T) {
	counters := []Counter{{Name: "b"}, {Name: "a"}}
	if got := string(AppendJSON(nil, counters, &Counts{4, 2})); got != `{"b":4,"a":2}` {
		t.Errorf("%s", got)
	}
	var c Counts
	if err := ParseJSON([]byte(`{"a":9,"c":1}`), counters, &c); err != nil || c != (Counts{0, 9}) {
		t.Errorf("%v, %v", c, err)
	}
}
