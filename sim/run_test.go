package sim

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	akita "github.com/sarchlab/akita/v3/sim"
	"pgregory.net/rapid"

	"satsim/arch/link"
	"satsim/arch/spec"
	"satsim/arch/word"
	"satsim/internal/nm"
)

func machine() spec.Spec {
	s := spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()}
	s.STCE.Rows, s.STCE.Cols = 4, 4
	s.Controller.Reconfigure = 0
	return s
}

// run simulates a group; the components of each cycle run in a random order, if there is one.
func run(t rapid.TB, s spec.Spec, g *word.Group, order *rand.Rand, skip bool) Outcome {
	t.Helper()
	engine := akita.NewSerialEngine()
	clock := link.NewClock(engine)
	if order != nil {
		clock.Shuffle = order.Shuffle
	}
	p, err := on(context.Background(), engine, clock, s, skip)
	if err != nil {
		t.Fatal(err)
	}
	o, err := p.Run(g)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func always(w word.Work) []word.Variant { return []word.Variant{{Work: w}} }

// pass reads, computes and writes n equal pieces.
func pass(n, bytes, elements int64) *word.Group {
	in, out := word.End{Buffer: word.PassIn, Level: 1}, word.End{Buffer: word.PassOut, Level: 1}
	return &word.Group{
		Array: word.ArrayConfig{Mode: "os", Over: "f", Interleave: 1, Ratio: nm.Dense},
		Streams: []word.Stream{{
			Loops: []word.Loop{{Dim: word.DimP, Trips: n, Step: 1, Edge: 1}},
			Ops: []word.Op{
				{Lane: word.ReadPass, Level: 1, Channels: 1, Out: []word.End{in}, Variants: always(word.Work{Bytes: bytes, Run: bytes, Space: [2]int64{bytes}})},
				{Lane: word.VectorPass, Level: 1, In: []word.End{in}, Out: []word.End{out}, Variants: always(word.Work{Parts: []word.Part{{Kind: "add", Elements: elements}}, Space: [2]int64{bytes}})},
				{Lane: word.WritePass, Level: 1, Channels: 1, In: []word.End{out}, Variants: always(word.Work{Bytes: bytes, Run: bytes})},
			},
		}},
	}
}

// One piece through an idle machine, by hand. The controller issues in cycle 1, each lane sees its instruction in cycle 2.
//
//	read:   starts at 2, takes what the memory model says for an idle channel: L
//	vector: sees the piece at 2+L+1; one element a lane: (elements/lanes) cycles of issue and the pipeline's latency
//	write:  sees the result a cycle after that
//
// So the total is 2 + read + 1 + vector + 1 + write, with read and write as the memory model gives them to an idle
// machine, asked here directly.
func TestOnePieceByHand(t *testing.T) {
	s := machine()
	const bytes, elements = 4096, 320
	p, err := New(context.Background(), s, false)
	if err != nil {
		t.Fatal(err)
	}
	g := pass(1, bytes, elements)
	read := p.fast.Serve(0, requestOf(g, 0))
	p.fast.Reset()
	// The write finds the channel turned round: the same read long before.
	p.fast.Serve(0, requestOf(g, 0))
	write := p.fast.Serve(1_000_000, requestOf(g, 2)) - 1_000_000
	vector := int64(elements/s.Vector.Lanes + s.Vector.PipelineLatency + 3) // in, and rounded
	out := run(t, s, g, nil, false)
	if want := 2 + read + 1 + vector + 1 + write; out.Cycles != want {
		t.Errorf("%d cycles, want %d", out.Cycles, want)
	}
}

// A long pass is bound by its slowest part: with 64 B a cycle and one direction at a time, n pieces cost the port 2*bytes/64
// cycles each; the vector unit far less. The rest is fill and drain, less than two pieces.
func TestThroughputIsTheBottlenecks(t *testing.T) {
	const n, bytes = 200, 16384
	out := run(t, machine(), pass(n, bytes, 64), nil, false)
	port := int64(n * 2 * bytes / 64)
	if out.Cycles < port || out.Cycles > port+port/10 {
		t.Errorf("%d cycles, want %d and at most a tenth more for turn-arounds, fill and drain", out.Cycles, port)
	}
	if got := out.Memory[0].ReadBytes; got != n*bytes {
		t.Errorf("%d bytes read, want %d", got, n*bytes)
	}
}

func TestLanesAccountForEveryCycle(t *testing.T) {
	for _, skip := range []bool{false, true} {
		out := run(t, machine(), pass(100, 8192, 1000), nil, skip)
		for l, causes := range out.Lanes {
			var sum int64
			for _, c := range causes {
				sum += c
			}
			if sum != out.Cycles {
				t.Errorf("skip %t: causes of %s add up to %d of %d cycles", skip, word.Lane(l), sum, out.Cycles)
			}
		}
	}
}

func TestMachineErrors(t *testing.T) {
	s := machine()
	p, err := New(context.Background(), s, false)
	if err != nil {
		t.Fatal(err)
	}
	g := pass(3, 1<<30, 1)
	if _, err := p.Run(g); err == nil || !strings.Contains(err.Error(), "does not fit the pass_in buffer") {
		t.Errorf("a tile larger than its buffer: %v", err)
	}

	// The vector unit writes pieces that nobody takes away once the buffer is full: a stall, not a success.
	g = pass(4, 1<<18, 1)
	g.Streams[0].Ops[2].Variants[0].Work.Bytes = 1
	g.Streams = append(g.Streams, word.Stream{Ops: []word.Op{{Lane: word.WriteOut, In: []word.End{{Buffer: word.Output}}, Variants: always(word.Work{Bytes: 1})}}})
	if _, err := p.Run(g); err == nil || !strings.Contains(err.Error(), "output is filled but not emptied") {
		t.Errorf("a buffer that nobody fills: %v", err)
	}

	g = pass(2, 4096, 8)
	g.Streams[0].Ops[1].In[0].Level = 0 // acquired at the first piece, released at the last: but pieces are sent one by one
	if _, err := p.Run(g); err == nil || !strings.Contains(err.Error(), "stalled") {
		t.Errorf("tiles that are never taken: %v", err)
	}

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if p, err = New(ctx, s, false); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(pass(5, 4096, 8)); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run: %v", err)
	}
}

// Random nests: the same outcome event by event and with periods skipped, and whatever the order of components in a cycle.
func TestSkippingAndOrderChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := machine()
		s.Vector.Lanes = rapid.SampledFrom([]int{1, 3, 32}).Draw(t, "lanes")
		s.Controller.QueueDepth = rapid.IntRange(1, 3).Draw(t, "queue")
		s.Board.Memory.Channels = rapid.IntRange(1, 4).Draw(t, "channels")
		s.Clock = rapid.SampledFrom([]freq{200_000_000, 250_000_000, 333_000_000}).Draw(t, "clock")
		g := product(t)
		if rapid.Bool().Draw(t, "beside") {
			side := pass(rapid.Int64Range(1, 60).Draw(t, "pieces"), rapid.Int64Range(1, 4096).Draw(t, "bytes"), rapid.Int64Range(1, 500).Draw(t, "elements"))
			g.Streams = append(g.Streams, side.Streams...)
		}
		want := run(t, s, g, nil, false)
		same := func(name string, got Outcome) {
			if got.Cycles != want.Cycles || !reflect.DeepEqual(got.Runs, want.Runs) || got.Lanes != want.Lanes || !reflect.DeepEqual(got.Memory, want.Memory) {
				t.Fatalf("%s: %+v\nwant %+v", name, got, want)
			}
		}
		skipped := run(t, s, g, nil, true)
		same("skipped", skipped)
		seed := rapid.Uint64().Draw(t, "seed")
		same("shuffled", run(t, s, g, rand.New(rand.NewPCG(seed, 1)), false))
		both := run(t, s, g, rand.New(rand.NewPCG(seed, 2)), true)
		same("shuffled and skipped", both)
		if both.Events != skipped.Events {
			t.Fatalf("%d events shuffled, %d not", both.Events, skipped.Events)
		}
	})
}

// product is a random nest of two loops: west changes with the inner one, north with the outer, out with either.
func product(t *rapid.T) *word.Group {
	outer, inner := rapid.Int64Range(1, 5).Draw(t, "outer"), rapid.Int64Range(1, 40).Draw(t, "inner")
	bytes := func(name string) int64 { return rapid.Int64Range(1, 20000).Draw(t, name) }
	west, north, out := bytes("west"), bytes("north"), bytes("out")
	level := rapid.IntRange(1, 2).Draw(t, "level")
	edge := rapid.Int64Range(1, 8).Draw(t, "edge")
	long := rapid.SampledFrom([]int64{1, 1, 200}).Draw(t, "long") // the array is in a tile for many periods of what runs beside it
	tile := func(rows int64) word.Work {
		return word.Work{Rows: rows * long, Cols: 4, Taps: 1, Channels: 16, Repeat: 1, Space: [2]int64{out}}
	}
	return &word.Group{
		Array: word.ArrayConfig{Mode: "os", Over: "f", Interleave: 1, Ratio: nm.Dense},
		Streams: []word.Stream{{
			Loops: []word.Loop{{Dim: word.DimF, Trips: outer, Step: 1, Edge: 1}, {Dim: word.DimT, Trips: inner, Step: 8, Edge: edge}},
			Ops: []word.Op{
				{Lane: word.ReadWest, Level: 2, Channels: 1, Out: []word.End{{Buffer: word.West, Level: 2}}, Variants: always(word.Work{Bytes: west, Run: 64, Space: [2]int64{west}})},
				{Lane: word.ReadNorth, Level: 1, Channels: 1, Out: []word.End{{Buffer: word.North, Level: 1}}, Variants: always(word.Work{Bytes: north, Run: north, Space: [2]int64{north}})},
				{Lane: word.Array, Level: 2, In: []word.End{{Buffer: word.West, Level: 2}, {Buffer: word.North, Level: 1}}, Out: []word.End{{Buffer: word.Output, Level: level}},
					Variants: []word.Variant{{Mask: word.Last(1), Value: 0, Work: tile(8)}, {Mask: word.Last(1), Value: word.Last(1), Work: tile(edge)}}},
				{Lane: word.WriteOut, Level: level, Post: true, Channels: 1, In: []word.End{{Buffer: word.Output, Level: level}}, Variants: always(word.Work{Bytes: out, Run: 512})},
			},
		}},
	}
}

// Events by hand, of one piece: the controller issues once. The memory runs when its two instructions arrive, when the piece is there, when the results arrive and when
// they are written; the vector unit when its instruction arrives, when the piece does and when its results are there: 1 + 4 + 3. A lane that is free again and has no
// instruction wakes nobody. A second group has as many.
func TestEventsByHand(t *testing.T) {
	p, err := New(context.Background(), machine(), false)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		out, err := p.Run(pass(1, 4096, 128))
		if err != nil {
			t.Fatal(err)
		}
		if out.Events != 8 {
			t.Errorf("group %d: %d events, want 8", i, out.Events)
		}
	}
}
