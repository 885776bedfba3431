package spec_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/x448/float16"

	"satsim/arch/energy"
	"satsim/arch/fp"
	"satsim/arch/fpga"
	"satsim/arch/link"
	"satsim/arch/memory"
	"satsim/arch/norm"
	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/unit"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/internal/microcode"
	"satsim/internal/nm"
)

// example is a piece of work for a unit, and what the unit's exact model says of it: cycles, and its counts.
type example struct {
	op    word.Op
	work  word.Work
	exact func(s *spec.Spec) (cycles int64, counts []int64, err error)
}

var ratio = nm.Ratio{N: 2, M: 4}

func configured() *word.Group {
	return &word.Group{
		Array: word.ArrayConfig{Mode: "os", Over: "f", Interleave: 1, Ratio: nm.Dense}, Prune: ratio, Update: word.UpdateConfig{Optimiser: "sgd"},
	}
}

// examples has an entry for each unit.
var examples = map[word.Unit]example{
	word.Memory: {
		op:   word.Op{Lane: word.ReadWest, Out: []word.End{{Buffer: word.West}}},
		work: word.Work{Bytes: 4096, Run: 4096},
		exact: func(s *spec.Spec) (int64, []int64, error) { // the command-level model: it has no closed form, and its counts come after a run
			p := s.Board.Memory
			p.Model = memory.ModelDetailed
			m, err := memory.New(p, int64(s.Clock))
			if err != nil {
				return 0, nil, err
			}
			return m.Serve(0, memory.Request{Bytes: 4096, Run: 4096, Channels: 1}), nil, nil
		},
	},
	word.STCE: {
		op: word.Op{
			Lane: word.Array, In: []word.End{{Buffer: word.West}, {Buffer: word.North}}, Out: []word.End{{Buffer: word.Output}},
		},
		work: word.Work{Rows: 5, Cols: 3, Taps: 2, Channels: 6, Repeat: 1},
		exact: func(s *spec.Spec) (int64, []int64, error) {
			t := stce.Tile{Config: stce.Config{Interleave: 1, Ratio: nm.Dense}, Rows: 5, Cols: 3, Taps: 2, Channels: 6}
			r, err := s.STCE.Exact(t, stce.Operands{West: make([]float16.Float16, 5*12), North: make([]float16.Float16, 3*12)})
			return r.Cycles, r.Counts[:stce.OfTile], err
		},
	},
	word.SORE: {
		op: word.Op{
			Lane: word.Prune, In: []word.End{{Buffer: word.Updated}}, Out: []word.End{{Buffer: word.Copies}},
		},
		work: word.Work{Repeat: 7, Channels: 6, Space: [2]int64{64}},
		exact: func(s *spec.Spec) (int64, []int64, error) {
			_, c, err := s.SORE.Simulate([]sore.Job{{Runs: 7, Channels: 6, Ratio: ratio}}, [][]uint16{make([]uint16, 42)})
			return c.Cycles, c.Counts[:], err
		},
	},
	word.WUVE: {
		op: word.Op{
			Lane: word.Update, In: []word.End{{Buffer: word.Output}}, Out: []word.End{{Buffer: word.Updated}},
		},
		work: word.Work{Elements: 70, Space: [2]int64{140}},
		exact: func(s *spec.Spec) (int64, []int64, error) {
			_, c, err := s.WUVE.Simulate([]wuve.Job{{Optimiser: word.SGD, Parameters: 70}}, wuve.StepParams{LearningRate: 1, LossScale: 1},
				[]wuve.Operands{{Master: make([]float32, 70), Gradient: make([]float32, 70)}})
			return c.Cycles, c.Counts[:], err
		},
	},
	word.Vector: {
		op:   word.Op{Lane: word.VectorPass, In: []word.End{{Buffer: word.PassIn}}, Out: []word.End{{Buffer: word.PassOut}}},
		work: word.Work{Parts: []word.Part{{Kind: "batch_norm_reduce", Elements: 70}}, Space: [2]int64{140}},
		exact: func(s *spec.Spec) (int64, []int64, error) {
			_, c, err := s.Vector.Simulate(fp.Flush, []vector.Job{{Kind: vector.BatchNormReduce, Elements: 70, Row: 70}}, []vector.Operands{
				{Program: microcode.BatchNormReduce(), Columns: 70, Port: [3][]float32{make([]float32, 70), make([]float32, 70)}},
			})
			return c.Cycles, c.Counts[:], err
		},
	},
	word.Norm: {
		op:   word.Op{Lane: word.Normalise, Out: []word.End{{Buffer: word.PassOut}}},
		work: word.Work{Repeat: 3, Channels: 6, Begin: 2, Space: [2]int64{3}},
		exact: func(s *spec.Spec) (int64, []int64, error) {
			_, c, err := s.Norm.Normalise(fp.Flush, norm.Job{Runs: 3, Run: 6, Begin: 2},
				norm.Tile{X: make([]float16.Float16, 18), Scale: make([]float32, 1), Shift: make([]float32, 1), Clip: norm.ReLU})
			return c.Cycles, c.Counts[:], err
		},
	},
}

// complete asks of a unit all that the house wants to know of one.
func complete(s *spec.Spec, id word.Unit) error {
	registry := s.Registry()
	u := registry[id]
	if u == nil {
		return fmt.Errorf("%s is not in the registry", id)
	}
	if u.ID() != id {
		return fmt.Errorf("%s calls itself %s", id, u.ID())
	}
	var errs []error
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: "+format, append([]any{id}, args...)...))
	}
	if err := unit.Check(u); err != nil {
		errs = append(errs, err)
	}
	// Energy: every action has its name in tables, where one count of it is one.
	for _, a := range u.Actions() {
		name := id.String() + "." + a.Name
		if id == word.Memory {
			name = "dram." + a.Name
		}
		if err := new(energy.Action).UnmarshalText([]byte(name)); err != nil {
			fail("no table can price %s: %v", name, err)
		}
	}
	// Area.
	if !fpga.Known(id) {
		fail("nobody knows its area")
	}
	// Route: each of its lanes has a way, and a wait on it has a name and a unit at the other end.
	ways := 0
	for b := word.Buffer(0); b < word.Buffers; b++ {
		in, out := b.EmptiedBy(id), b.FilledBy(id)
		if !in && !out {
			continue
		}
		ways++
		for _, c := range []link.Cause{link.WaitTile(b), link.WaitRoom(b)} {
			if of, _, wait := c.Buffer(); !wait || of != b {
				fail("its waits for buffer %s have no cause", b)
			}
		}
		ends := 0
		for other := word.Unit(0); other < word.Units; other++ {
			if in && b.FilledBy(other) || out && b.EmptiedBy(other) {
				ends++
			}
		}
		if ends == 0 {
			fail("nobody is at the other end of buffer %s", b)
		}
	}
	lanes := 0
	for l := word.Lane(0); l < word.Lanes; l++ {
		if l.Unit() == id {
			lanes++
		}
	}
	if ways == 0 || lanes == 0 {
		fail("%d ways and %d lanes lead to it", ways, lanes)
	}
	return errors.Join(append(errs, counted(s, u))...)
}

// counted holds a unit's closed form to its exact model, and asks what work on it leaves in the books.
func counted(s *spec.Spec, u unit.Unit) error {
	e, ok := examples[u.ID()]
	if !ok {
		return fmt.Errorf("%s: there is no example of its work, and no exact model", u.ID())
	}
	cycles, counts, err := e.exact(s)
	if err != nil || cycles < 1 {
		return fmt.Errorf("%s: its exact model takes %d cycles: %v", u.ID(), cycles, err)
	}
	p, err := u.Program(configured())
	if err != nil {
		return err
	}
	span, err := p.Span(&e.op, &e.work)
	switch {
	case u.ID() == word.Memory: // the named exception
		if !errors.Is(err, unit.ErrState) {
			return fmt.Errorf("memory: a span of %+v, %v", span, err)
		}
	case err != nil || span.Cycles != cycles:
		return fmt.Errorf("%s: %d cycles, the exact model takes %d: %v", u.ID(), span.Cycles, cycles, err)
	}
	var a unit.Activity
	if err := p.Count(&a, &e.op, &e.work, 1); err != nil {
		return err
	}
	for i, want := range counts {
		if got := a.Units[u.ID()][i]; got != want {
			return fmt.Errorf("%s: count %d is %d, the exact model's %d", u.ID(), i, got, want)
		}
	}
	for other := range a.Units {
		if word.Unit(other) != u.ID() && (a.Units[other] != unit.Counts{} || a.Busy[other] != 0) {
			return fmt.Errorf("%s: it books what %s does", u.ID(), word.Unit(other))
		}
	}
	if u.ID() != word.Memory && a.Busy[u.ID()] != span.Issue {
		return fmt.Errorf("%s: busy for %d cycles, issues for %d", u.ID(), a.Busy[u.ID()], span.Issue)
	}
	for _, end := range e.op.Out {
		if a.Buffers[end.Buffer].WriteBits == 0 {
			return fmt.Errorf("%s: it fills buffer %s and writes nothing", u.ID(), end.Buffer)
		}
	}
	if a.Buffers == [word.Buffers]unit.Access{} {
		return fmt.Errorf("%s: it touches no buffer", u.ID())
	}
	c, err := energy.CountsOf(&a)
	if err != nil {
		return err
	}
	if n := c[0]; n != 0 {
		return fmt.Errorf("%s: %d of no action", u.ID(), n)
	}
	return nil
}

func defaults() spec.Spec { return spec.Spec{Arch: spec.DefaultArch(), Board: spec.DefaultBoard()} }

// Of every unit: its description, time, counts, energy, area, route, causes of stalls, and an exact model that agrees.
func TestEveryUnitIsComplete(t *testing.T) {
	s := defaults()
	s.Norm.Lanes = 4
	for id := word.Unit(0); id < word.Units; id++ {
		if err := complete(&s, id); err != nil {
			t.Error(err)
		}
	}
}

// What is not built is not among the units, has no lane and takes nothing of the board.
func TestWhatIsNotBuilt(t *testing.T) {
	for _, c := range []struct {
		without word.Unit
		unbuild func(*spec.Spec)
	}{
		{word.SORE, func(s *spec.Spec) { s.SORE.Lanes = 0 }}, // which a file may say
		{word.WUVE, func(s *spec.Spec) { s.WUVE.Lanes = 0 }}, // which none may: no step is without updates
		{word.Norm, func(s *spec.Spec) { s.Norm.Lanes = 0 }}, // which is the default
	} {
		s := defaults()
		s.Norm.Lanes = 4
		all := s.Units()
		c.unbuild(&s)
		units := s.Units()
		for u := range units {
			if built := units[u] != nil; built != (all[u] != nil && word.Unit(u) != c.without) {
				t.Errorf("without %v: %v is built: %v", c.without, word.Unit(u), built)
			}
		}
		if units.Lanes() >= all.Lanes() {
			t.Errorf("without %v: %d lanes of %d", c.without, units.Lanes(), all.Lanes())
		}
		for _, p := range fpga.Estimate(&s) {
			if p.Unit == c.without.String() {
				t.Errorf("%s of a unit that is not built takes %v", p.Name, p.Use)
			}
		}
	}
}
