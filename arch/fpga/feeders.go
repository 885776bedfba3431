package fpga

import (
	"fmt"

	"satsim/arch/feed"
)

// feeders are a unit's reader and writers, those of one size together.
func feeders(unit string, ports []feed.Port) (all []Part) {
	at := map[feed.Port]int{}
	for _, p := range ports {
		size := p
		size.Used = p.Width
		i, there := at[size]
		if !there {
			i = len(all)
			at[size] = i
			all = append(all, Part{Unit: unit, Name: "feeder", Module: p.Module(), Feeds: size})
			if p.Writes {
				all[i].Name = fmt.Sprintf("drains, %d x %d", p.Lanes, p.Width/p.Lanes)
			}
		}
		use := reader
		if p.Writes {
			use = writer
		}
		all[i].Count++
		all[i].Use = all[i].Use.Plus(use(p))
	}
	return all
}

// reader is what brings words: a bit has a register and a choice, and waits in distributed RAM of four words; addresses, and the rows and words that are left, are counters. How long buffers
// take no architecture says: low, one cycle; high, three, a flip-flop each.
func reader(p feed.Port) ResourceUse {
	low, high := int64(p.Used), int64(p.Width)
	parts, words := int64(p.Parts), int64(p.Words)
	counted := feed.AddressBits*parts + feed.RowBits + words
	through := 2 * counted // LUTs of one input, beside the counters' carries
	if words > 4 {
		through *= 2
	}
	u := logic(cells(low+92+32*parts+3*words, high+94+32*parts+4*words+through), Range{low, high}.plus(exactly(counted+words)).plus(Range{15, 17}))
	memory := Range{lutRAM(4, low), lutRAM(4, high)}
	u[LUT], u[LUTMemory] = u[LUT].plus(memory), memory
	return u
}

// writer is what gives results a place: a bit has a register, a lane whether it is written; the rest are counters, and two addresses.
func writer(p feed.Port) ResourceUse {
	lanes, words := int64(p.Lanes), int64(p.Words)
	u := logic(cells(95, 162+lanes/6), exactly(int64(p.Width)+lanes+3*feed.AddressBits+feed.RowBits+2*words))
	if p.Used == 0 { // a tool may leave it out
		for r := range u {
			u[r].Low = 0
		}
	}
	return u
}
