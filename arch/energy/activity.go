package energy

import (
	"fmt"
	"math/bits"

	"satsim/arch/sore"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/vector"
	lane "satsim/arch/word"
	"satsim/arch/wuve"
)

// Access is what was read from and written to a buffer.
type Access struct {
	ReadBits  int64 `json:"read_bits"`
	WriteBits int64 `json:"write_bits"`
}

// Activity is what the units did, in their own counts.
type Activity struct {
	Array   stce.Counts
	Sort    sore.Counts
	Update  wuve.Counts
	Vector  vector.Counts
	Buffers [lane.Buffers]Access
	DRAM    DRAM
}

// DRAM is what the off-chip memory did.
type DRAM struct {
	Activates int64 // thousandths
	ReadBits  int64 // of whole bursts
	WriteBits int64
}

// memories says which memory a link's tiles are in.
var memories = [lane.Buffers][2]Action{
	lane.West:       {WestRead, WestWrite},
	lane.North:      {NorthRead, NorthWrite},
	lane.DenseNorth: {NorthRead, NorthWrite},
	lane.Output:     {OutputRead, OutputWrite},
	lane.OutPath:    {OutputRead, OutputWrite},
	lane.State:      {UpdateRead, UpdateWrite},
	lane.StateOut:   {UpdateRead, UpdateWrite},
	lane.Updated:    {UpdateRead, UpdateWrite},
	lane.Copies:     {UpdateRead, UpdateWrite},
	lane.PassIn:     {PassRead, PassWrite},
	lane.PassOut:    {PassRead, PassWrite},
}

// Counts are the actions of an activity: all but those of time.
func (a *Activity) Counts() Counts {
	var c Counts
	k := &a.Array
	c[Multiply], c[Add], c[Accumulate], c[Select] = k.Multiplies, k.Adds, k.Adds, k.SelectorUses
	c[OperandHop], c[GroupWrite] = k.GroupWrites, k.GroupWrites
	c[WeightHop] = k.WeightHops
	c[SumHop] = k.SumHops + k.StartHops + k.DrainHops
	c[Compare], c[Keep] = a.Sort.Compares, a.Sort.Kept
	u := &a.Update
	c[UpdateMultiply], c[UpdateAdd], c[UpdateDivide], c[UpdateRoot], c[UpdateConvert] = u.Multiplies, u.Adds, u.Divides, u.SquareRoots, u.Converts
	c[VectorOperate] = a.Vector.Operations
	for b, m := range memories {
		if lane.Buffer(b) != lane.Pace { // tokens, no data
			c[m[0]] += a.Buffers[b].ReadBits
			c[m[1]] += a.Buffers[b].WriteBits
		}
	}
	c[Activate], c[DRAMRead], c[DRAMWrite] = a.DRAM.Activates, a.DRAM.ReadBits, a.DRAM.WriteBits
	return c
}

// Machine is how much of everything there is, for what costs energy by being there.
type Machine struct {
	PEs, SortLanes, UpdateLanes, VectorLanes int64
	Channels                                 int64
	FlipFlops                                int64
}

// MachineOf is the machine of a spec that has so many flip-flops.
func MachineOf(s *spec.Spec, flipFlops int64) Machine {
	return Machine{
		PEs: int64(s.STCE.Rows) * int64(s.STCE.Cols), SortLanes: int64(s.SORE.Lanes), UpdateLanes: int64(s.WUVE.Lanes), VectorLanes: int64(s.Vector.Lanes),
		Channels: int64(s.Board.Memory.Channels), FlipFlops: flipFlops,
	}
}

// Over are the actions of so many cycles in which the machine did a: idle cycles of units, the clock, and power.
func (m Machine) Over(cycles int64, a *Activity) (Counts, error) {
	var c Counts
	for _, t := range []struct {
		action Action
		each   int64
		busy   int64
	}{
		{IdlePE, m.PEs, a.Array.MACs},
		{IdleSorter, m.SortLanes, a.Sort.Elements},
		{IdleUpdater, m.UpdateLanes, a.Update.Parameters},
		{IdleVector, m.VectorLanes, a.Vector.Operations},
		{Background, m.Channels, 0}, {Refresh, m.Channels, 0}, {Interface, m.Channels, 0},
		{FlipFlopClock, m.FlipFlops, 0},
		{Static, 1, 0},
	} {
		n, ok := product(t.each, cycles)
		if !ok {
			return c, fmt.Errorf("counting %s over %d cycles of %d: more than 63 bits", t.action, cycles, t.each)
		}
		if n < t.busy {
			return c, fmt.Errorf("counting %s: %d actions in %d cycles of %d", t.action, t.busy, cycles, t.each)
		}
		c[t.action] = n - t.busy
	}
	return c, nil
}

// product of two numbers that are not negative, if it fits.
func product(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return int64(lo), hi == 0 && lo>>63 == 0
}
