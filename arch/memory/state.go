package memory

import "encoding/binary"

// stateBytes is what AppendState appends of a channel.
const stateBytes = 2 + 3*16

// AppendState appends everything that decides how later requests are served, relative to now: equal bytes mean equal
// futures. Deadlines that have passed count as now; counters are not state.
func (f *Fast) AppendState(b []byte, now int64) []byte {
	first := len(b)
	for i := range f.channels {
		if f.alike && i > 0 {
			b = append(b, b[first:first+stateBytes]...)
			continue
		}
		c := &f.channels[i]
		b = append(b, c.stream, bit(c.write)|bit(c.fresh)<<1)
		b = f.appendDeadline(b, c.dram, now)
		b = f.appendDeadline(b, c.port[0], now)
		b = f.appendDeadline(b, c.port[1], now)
	}
	return b
}

func (f *Fast) appendDeadline(b []byte, t instant, now int64) []byte {
	t = later(t, instant{cycle: now})
	b = binary.LittleEndian.AppendUint64(b, uint64(t.cycle-now))
	return binary.LittleEndian.AppendUint64(b, uint64(t.sub))
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

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}
