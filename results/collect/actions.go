package collect

import (
	"fmt"
	"math/bits"

	"satsim/arch/energy"
	"satsim/arch/memory"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/sim"
)

// actions adds a group's actions to the rows: what streams did to the items that they belong to; the DRAM's bursts and activates to the items
// whose bytes they moved, in proportion; and what takes time, like the cycles, to the group's own item.
func actions(p *dataflow.Plan, g *dataflow.Group, o *sim.Outcome, machine *energy.Machine, streams []unit.Activity, rows []itemSum) error {
	device, err := p.Spec.Board.Memory.Device()
	if err != nil {
		return fmt.Errorf("counting bursts: board.memory.%w", err)
	}
	var whole unit.Activity
	bytes := make([]int64, len(streams))
	read, written := make([]int64, len(streams)), make([]int64, len(streams))
	for i := range streams {
		if err := whole.Add(&streams[i], 1); err != nil {
			return fmt.Errorf("%s: %w", g.Label, err)
		}
		read[i], written[i] = streams[i].ReadBytes(), streams[i].WriteBytes()
		bytes[i] = read[i] + written[i]
	}
	var bursts [2]int64 // read, written
	var opens int64
	for i := range o.Memory {
		m := &o.Memory[i]
		bursts[0] += m.Bursts - m.WriteBursts
		bursts[1] += m.WriteBursts
		opens += m.Opens
	}
	reads, writes, activates := shares(bursts[0], read), shares(bursts[1], written), shares(opens, bytes)
	for i := range streams {
		streams[i].Units[word.Memory] = unit.Counts{
			memory.Activates: activates[i], memory.ReadBits: 8 * device.BurstBytes * reads[i], memory.WriteBits: 8 * device.BurstBytes * writes[i],
		}
		c, err := energy.CountsOf(&streams[i])
		if err != nil {
			return fmt.Errorf("%s: %w", g.Label, err)
		}
		rows[g.Owner(i)].actions.Add(&c)
	}
	c, err := machine.Over(o.Cycles, &whole)
	if err != nil {
		return fmt.Errorf("%s: %w", g.Label, err)
	}
	rows[g.Item].actions.Add(&c)
	return nil
}

// shares divides a total in proportion to weights; what rounding leaves goes to the first. Without weights all goes to the first.
func shares(total int64, weights []int64) []int64 {
	out := make([]int64, len(weights))
	var sum int64
	for _, w := range weights {
		sum += w
	}
	left := total
	if sum > 0 {
		for i, w := range weights {
			hi, lo := bits.Mul64(uint64(total), uint64(w))
			q, _ := bits.Div64(hi, lo, uint64(sum)) // w <= sum, so the quotient is no more than total
			out[i] = int64(q)
			left -= out[i]
		}
	}
	if len(out) > 0 {
		out[0] += left
	}
	return out
}
