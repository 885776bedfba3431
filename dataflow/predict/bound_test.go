package predict_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/dataflow/predict"
	"satsim/internal/nm"
	"satsim/internal/quantity"
	"satsim/sim"
)

// machine is an accelerator of 4 x 4 PEs with so many bytes in each buffer of updates and passes.
func machine(capacity quantity.Bytes) spec.Spec {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.STCE.Rows, s.STCE.Cols = 4, 4
	s.Buffers.Update.Capacity, s.Buffers.Pass.Capacity = capacity, capacity
	return s
}

// simulated runs a group event by event on a machine of its own.
func simulated(t rapid.TB, s *spec.Spec, g *word.Group) int64 {
	t.Helper()
	m, err := sim.New(context.Background(), *s, false)
	if err != nil {
		t.Fatal(err)
	}
	o, err := m.Run(g)
	if err != nil {
		t.Fatal(err)
	}
	return o.Cycles
}

func predicted(t rapid.TB, s *spec.Spec, g *word.Group) predict.Prediction {
	t.Helper()
	fast, err := memory.NewFast(s.Board.Memory, int64(s.Clock))
	if err != nil {
		t.Fatal(err)
	}
	p, err := predict.Group(s, fast, g)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Equal pieces through two ops, each with a unit of its own, buffers with room, pieces long enough that two at a time fill a unit's
// pipeline: from the vector unit to memory the prediction is what they take. From memory it is too, but for what an idle memory takes
// more than a busy one for the first piece, which the memory model knows.
func TestPredictionIsExactWithoutSharing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := machine(1 << 24)
		s.Vector.Lanes = rapid.SampledFrom([]int{1, 8, 32}).Draw(t, "vector lanes")
		s.Controller.QueueDepth = 4
		s.Controller.Reconfigure = rapid.SampledFrom([]int64{0, 32}).Draw(t, "reconfigure")
		n := rapid.Int64Range(1, 40).Draw(t, "pieces")
		bytes, elements := rapid.Int64Range(4096, 100_000).Draw(t, "bytes"), int64(s.Vector.Lanes)*rapid.Int64Range(64, 10_000).Draw(t, "waves")
		one := func(w word.Work) []word.Variant { return []word.Variant{{Work: w}} }
		in, out := word.End{Buffer: word.PassIn, Level: 1}, word.End{Buffer: word.PassOut, Level: 1}
		read := word.Op{Lane: word.ReadPass, Level: 1, Channels: 1, Out: []word.End{in}, Variants: one(word.Work{Bytes: bytes, Run: bytes, Space: [2]int64{bytes}})}
		work := word.Op{Lane: word.VectorPass, Level: 1, Variants: one(word.Work{Parts: []word.Part{{Kind: "add", Elements: elements}}})}
		write := word.Op{Lane: word.WritePass, Level: 1, Channels: 1, In: []word.End{out}, Variants: one(word.Work{Bytes: bytes, Run: bytes})}
		var ops []word.Op
		more := int64(0)
		if rapid.Bool().Draw(t, "from memory") {
			work.In = []word.End{in}
			ops = []word.Op{read, work}
			fast, err := memory.NewFast(s.Board.Memory, int64(s.Clock))
			if err != nil {
				t.Fatal(err)
			}
			r := memory.RequestOf(&read, &read.Variants[0].Work)
			more = fast.Serve(0, r) - fast.Least(r, true)
		} else {
			work.Out, work.Variants[0].Work.Space[0] = []word.End{out}, bytes
			ops = []word.Op{work, write}
		}
		g := &word.Group{Array: word.ArrayConfig{Mode: "os", Over: "f", Interleave: 1, Ratio: nm.Dense}, Streams: []word.Stream{{
			Loops: []word.Loop{{Dim: word.DimP, Trips: n, Step: 1, Edge: 1}}, Ops: ops,
		}}}
		took, least := simulated(t, &s, g), predicted(t, &s, g).Cycles
		if took < least || took > least+more {
			t.Fatalf("%d pieces of %d bytes and %d elements: %d cycles simulated, %d to %d predicted", n, bytes, elements, took, least, least+more)
		}
	})
}

// A stream that waits for another begins two cycles after the other's last instruction has ended: the controller hears of it in the next,
// and the lane of the word in the one after.
func TestPredictionOfABarrierIsExact(t *testing.T) {
	s := machine(1 << 20)
	work := func(lane word.Lane, elements int64) word.Op {
		return word.Op{Lane: lane, Variants: []word.Variant{{Work: word.Work{Parts: []word.Part{{Kind: "add", Elements: elements}}}}}}
	}
	g := &word.Group{Array: word.ArrayConfig{Mode: "os", Over: "f", Interleave: 1, Ratio: nm.Dense}, Streams: []word.Stream{
		{Ops: []word.Op{work(word.VectorPass, 320)}}, {Ops: []word.Op{work(word.VectorOut, 640)}, After: []int{0}},
	}}
	if took, want := simulated(t, &s, g), predicted(t, &s, g).Cycles; took != want {
		t.Errorf("%d cycles simulated, %d predicted", took, want)
	}
}
