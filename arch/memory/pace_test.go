package memory

import (
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/memory/ddr4"
)

// TestTheDetailedModelKeepsThePace: of two reads in a row from an idle memory, whoever takes the first at a pace of so many cycles has it that long after its port was free, or when its data
// is there, and then so many cycles later as the unit on its way needs; the second, which has no pace, comes no earlier behind a slow one than behind a fast one, and no less than
// the pace after the first was asked for.
func TestTheDetailedModelKeepsThePace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Default()
		p.Channels = 1
		size := 64 * rapid.Int64Range(1, 200).Draw(t, "bursts")
		pace, late := rapid.Int64Range(0, 3000).Draw(t, "pace"), rapid.Int64Range(0, 20).Draw(t, "late")
		serve := func(r Request) (first, second int64) {
			d, err := NewDetailed(p, ddr4.Default(), 200_000_000)
			if err != nil {
				t.Fatal(err)
			}
			first = d.Serve(0, r)
			return first, d.Serve(0, Request{Bytes: size, Stream: 1})
		}
		quick, behind := serve(Request{Bytes: size, Stream: 1})
		slow, waits := serve(Request{Bytes: size, Stream: 1, Pace: pace, Late: late})
		// The first is asked for in cycle 0 at a free port: it is taken in `pace` cycles, and crosses.
		if want := max(quick, pace+p.CrossingLatency) + late; slow != want {
			t.Fatalf("done at %d, want %d", slow, want)
		}
		if waits < behind || waits < pace+p.CrossingLatency {
			t.Fatalf("the next one is done at %d behind a pace of %d, at %d without", waits, pace, behind)
		}
		if pace == 0 && waits != behind {
			t.Fatalf("without a pace the next one is done at %d, want %d", waits, behind)
		}
	})
}
