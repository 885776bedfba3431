package memory

import "slices"

// AppendState appends everything that decides how later requests are served, relative to now: equal states mean equal
// futures. Deadlines that have passed count as now; counters are not state. Channels whose states are equal are one; how many follow comes first.
func (f *Fast) AppendState(b []uint64, now int64) []uint64 {
	b = append(b, 1)
	first, same := len(b), true
	for i := range f.channels {
		if f.alike && i > 0 {
			break
		}
		c := &f.channels[i]
		from := len(b)
		b = append(b, uint64(c.stream)<<2|bit(c.write)|bit(c.fresh)<<1)
		b = appendDeadline(b, c.dram, now)
		b = appendDeadline(b, c.port[0], now)
		b = appendDeadline(b, c.port[1], now)
		same = same && slices.Equal(b[from:], b[first:first+len(b)-from])
	}
	if one := first + channelState; same {
		return b[:one] // whether they always were decides nothing
	}
	b[first-1] = uint64(len(f.channels))
	return b
}

// channelState is how much is appended of a channel.
const channelState = 1 + 3*2

func appendDeadline(b []uint64, t instant, now int64) []uint64 {
	t = later(t, instant{cycle: now})
	return append(b, uint64(t.cycle-now), uint64(t.sub))
}

// Shift moves all deadlines by so many core cycles: what skipping equal periods does.
func (f *Fast) Shift(cycles int64) {
	for i := range f.channels {
		c := &f.channels[i]
		c.dram.cycle += cycles
		c.port[0].cycle += cycles
		c.port[1].cycle += cycles
	}
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
