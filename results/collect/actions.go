package collect

import (
	"math/bits"

	"satsim/arch/energy"
	"satsim/arch/memory"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/sim"
)

// actions counts a group's actions: what each stream did, with its part of the DRAM's bursts and activates, in proportion to the bytes that it moved; and what takes
// time, like the cycles, over the whole group.
func (c *collector) actions(o *sim.Outcome, d *did) error {
	var whole unit.Activity
	bytes := make([]int64, len(d.streams))
	read, written := make([]int64, len(d.streams)), make([]int64, len(d.streams))
	for i := range d.streams {
		s := &d.streams[i]
		if err := whole.Add(&s.Activity, 1); err != nil {
			return err
		}
		read[i], written[i] = s.ReadBytes(), s.WriteBytes()
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
	for i := range d.streams {
		s := &d.streams[i]
		s.Units[word.Memory] = unit.Counts{
			memory.Activates: activates[i], memory.ReadBits: 8 * c.burst * reads[i], memory.WriteBits: 8 * c.burst * writes[i],
		}
		var err error
		if s.actions, err = energy.CountsOf(&s.Activity); err != nil {
			return err
		}
	}
	var err error
	d.over, err = c.machine.Over(o.Cycles, &whole)
	return err
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
