package sim

import (
	"context"
	"testing"

	"satsim/arch/memory"
	"satsim/arch/word"
)

// The detailed model behind the same machine: a long pass takes what the port allows there too, and asking for skipping skips nothing.
func TestDetailedMemoryIsNeverSkipped(t *testing.T) {
	const n, bytes = 100, 16384
	s := machine()
	s.Board.Memory.Model = memory.ModelDetailed
	g := pass(n, bytes, 64)
	want := run(t, s, g, nil, false)
	got := run(t, s, g, nil, true)
	if got.Cycles != want.Cycles || got.Events != want.Events {
		t.Errorf("asked to skip: %d cycles in %d events; event by event %d in %d", got.Cycles, got.Events, want.Cycles, want.Events)
	}
	port := int64(2 * n * bytes / 64)
	if got.Cycles < port || got.Cycles > port+port/10 {
		t.Errorf("%d cycles, want %d and at most a tenth more", got.Cycles, port)
	}
	if c := got.Memory[0]; c.ReadBytes != n*bytes || c.WriteBytes != n*bytes || c.Refreshes == 0 {
		t.Errorf("%+v", c)
	}
}

// A second group counts from zero, also when it does not use the memory.
func TestCountersAreOfTheGroup(t *testing.T) {
	for _, model := range []memory.ModelKind{memory.ModelFast, memory.ModelDetailed} {
		s := machine()
		s.Board.Memory.Model = model
		p, err := New(context.Background(), s, false)
		if err != nil {
			t.Fatal(err)
		}
		alone := &word.Group{Array: pass(1, 1, 1).Array, Streams: []word.Stream{{Ops: []word.Op{{Lane: word.VectorPass, Variants: always(word.Work{Parts: []word.Part{{Kind: "add", Elements: 10}}})}}}}}
		for i, want := range []int64{7 * 4096, 0, 7 * 4096} {
			g := pass(7, 4096, 8)
			if want == 0 {
				g = alone
			}
			o, err := p.Run(g)
			if err != nil {
				t.Fatal(err)
			}
			if got := o.Memory[0].ReadBytes; got != want {
				t.Errorf("%s, group %d: %d bytes read, want %d", model, i, got, want)
			}
		}
	}
}

// hear is a hook.
type hear func(HookCtx)

func (h hear) Func(c HookCtx) { h(c) }

// Every request is heard of once, in the order of the program, within the group's time.
func TestHooksHearOfEveryRequest(t *testing.T) {
	p, err := New(context.Background(), machine(), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(pass(3, 4096, 8)); err != nil { // time has passed
		t.Fatal(err)
	}
	start := p.Now()
	var reads, writes, ended int
	last := int64(-1)
	p.Hook(word.Memory, hear(func(c HookCtx) {
		if _, is := Ended(c); is {
			ended++
			return
		}
		s, ok := Started(c)
		if !ok || s.Start < last || s.Start < start || s.Done <= s.Start || s.Variant != 0 {
			t.Errorf("request %+v after one at %d", s, last)
		}
		last = s.Start
		switch s.Task {
		case 0:
			reads++
		case 2:
			writes++
		default:
			t.Errorf("a request of task %d", s.Task)
		}
	}))
	o, err := p.Run(pass(20, 4096, 8))
	if err != nil {
		t.Fatal(err)
	}
	if reads != 20 || writes != 20 || ended != 40 || last >= start+o.Cycles {
		t.Errorf("%d reads, %d writes, %d ended, the last at %d of %d", reads, writes, ended, last-start, o.Cycles)
	}
}
