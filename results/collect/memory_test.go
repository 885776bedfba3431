package collect_test

import (
	"math"
	"testing"

	"satsim/arch/energy"
	"satsim/results/collect"
)

// What the memory did is the same by channels, by stages, by operands, by layers and in the actions that cost energy. Four channels of DDR4-2400
// with 64 pins move 4 x 19.2 GB/s; a burst is 64 bytes.
func TestMemoryAddsUp(t *testing.T) {
	p, outcomes := ran(t)
	run, err := collect.Run(p, outcomes)
	if err != nil {
		t.Fatal(err)
	}
	m := run.Memory
	if m.Peak != 4*19.2e9 {
		t.Errorf("%v bytes a second at the pins, want %v", m.Peak, 4*19.2e9)
	}
	var read, written int64
	for _, c := range m.Channels {
		read += c.ReadBytes
		written += c.WriteBytes
	}
	if read != run.Total.ReadBytes || written != run.Total.WriteBytes {
		t.Errorf("channels read %d and write %d bytes, the step %d and %d", read, written, run.Total.ReadBytes, run.Total.WriteBytes)
	}
	for i, s := range m.Stages {
		cycles := run.Total.Cycles
		if i < len(run.Stages) {
			cycles = run.Stages[i].Cycles
		}
		var share float64
		for _, o := range s.Operands {
			share += o.Share
		}
		if s.Cycles != cycles || math.Abs(share-s.Useful) > 1e-3 {
			t.Errorf("%s: %d cycles, want %d; operands take %v of the peak, all %v", s.Stage, s.Cycles, cycles, share, s.Useful)
		}
	}
	step := &m.Stages[len(m.Stages)-1]
	for name, want := range map[string]int64{"dram.read": 512 * step.Reads, "dram.write": 512 * step.Writes} {
		var a energy.Action
		if err := a.UnmarshalText([]byte(name)); err != nil {
			t.Fatal(err)
		}
		var got int64
		for _, l := range run.Layers {
			if got += l.Actions[a]; l.Actions[a] < 0 {
				t.Errorf("%s %s: %d of %s", l.Layer, l.Stage, l.Actions[a], name)
			}
		}
		if got != want {
			t.Errorf("%d bits of %s, want %d", got, name, want)
		}
	}
}
