package feed

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The drawing of the contract, which was worked out by hand: a buffer of two cycles, and a unit that takes what is there but in cycles 6 and 7.
func TestTheDrawing(t *testing.T) {
	r := NewReader(Pace{Read: 2}, []Run{{Base: []int64{0}, Rows: 1, Words: 20}})
	var address, offered, taken strings.Builder
	next := 0
	for cycle := range 11 {
		ready := cycle != 6 && cycle != 7
		e := r.Step(cycle, ready)
		if e.Enable {
			fmt.Fprintf(&address, "%d:%d ", cycle, e.Word)
		}
		if e.Valid {
			fmt.Fprintf(&offered, "%d:%d ", cycle, next)
		}
		if e.Missing != map[bool]Missing{true: NoStart}[cycle < 4] {
			t.Errorf("cycle %d: missing for %q", cycle, e.Missing)
		}
		if e.Valid && ready {
			fmt.Fprintf(&taken, "%d:%d ", cycle, next)
			next++
		}
	}
	if got := address.String(); got != "1:0 2:1 3:2 4:3 5:4 6:5 9:6 10:7 " {
		t.Error("address", got)
	}
	if got := offered.String(); got != "4:0 5:1 6:2 7:2 8:2 9:3 10:4 " {
		t.Error("offered", got)
	}
	if got := taken.String(); got != "4:0 5:1 8:2 9:3 10:4 " {
		t.Error("taken", got)
	}
}

// A unit that asks without a pause waits for its reader only at the start, however many jobs follow and however short they are.
func TestOnlyTheFirstWordIsWaitedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pace := Pace{Read: rapid.IntRange(1, MostRead).Draw(t, "read")}
		var runs []Run
		total := 0
		for range rapid.IntRange(1, 8).Draw(t, "runs") {
			s := Run{Base: []int64{0}, Rows: rapid.Int64Range(1, 4).Draw(t, "rows"), Words: rapid.Int64Range(1, 4).Draw(t, "words")}
			runs, total = append(runs, s), total+int(s.Rows*s.Words)
		}
		r := NewReader(pace, runs)
		for cycle := range pace.Read + 2 + total + 5 {
			want := cycle >= pace.Read+2 && cycle < pace.Read+2+total
			if e := r.Step(cycle, true); e.Valid != want {
				t.Fatalf("cycle %d: offered %v", cycle, e.Valid)
			}
		}
	})
}

// Whatever is held, late or not taken: every word of every run is read once, in order, and offered once; no more than READ + 2 are under way.
func TestNothingIsLostOrReadTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		read := rapid.IntRange(1, MostRead).Draw(t, "read")
		draw := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		runs := drawn(draw, 6)
		r := NewReader(RandomPace(draw, read, rapid.SampledFrom([]int{0, 2, 3, 5, 9}).Draw(t, "one of")), runs)
		lazy := rapid.IntRange(0, 4).Draw(t, "lazy")
		var want, got []string
		for i, s := range runs {
			for row := range s.Rows {
				for word := range s.Words {
					want = append(want, fmt.Sprint(i, row, word))
				}
			}
		}
		taken := 0
		for cycle := 0; taken < len(want); cycle++ {
			if cycle > 100000 {
				t.Fatal("it does not end")
			}
			ready := lazy == 0 || draw.IntN(lazy+1) > 0
			e := r.Step(cycle, ready)
			if e.Enable {
				got = append(got, fmt.Sprint(e.Run, e.Row, e.Word))
				if e.Held {
					t.Fatal("an address in a cycle with hold")
				}
			}
			if e.Valid == (e.Missing != "") {
				t.Fatalf("cycle %d: offered %v, missing for %q", cycle, e.Valid, e.Missing)
			}
			if e.Valid && ready {
				taken++
			}
			if len(got)-taken > read+2 || taken > len(got) {
				t.Fatalf("%d are read, %d taken", len(got), taken)
			}
		}
		if e := r.Step(1<<20, true); e.Valid || e.Busy || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%v, not %v", got, want)
		}
	})
}
