package memory

import (
	"math"
	"math/bits"
)

// Floor is what bounds any run of requests on the fast model from below, in units, beside their service.
type Floor struct {
	Read  int64 // from a read's turn at the port to its end, without its service: both crossings and the least latency
	Queue int64 // service that writes may still need when the last of them has crossed the port
}

// Floor of the model.
func (f *Fast) Floor() Floor { return Floor{Read: 2*f.crossing + f.latency[0], Queue: f.slack} }

// Least is the fewest cycles from a request's arrival to its end, whatever was served before. The first of its stream finds no row open.
func (f *Fast) Least(r Request, first bool) int64 {
	if r.Bytes <= 0 {
		return 0
	}
	n := int64(f.params.Channels)
	if mask := r.Channels & f.params.AllChannels(); mask != 0 {
		n = int64(bits.OnesCount64(mask))
	}
	s := f.share(r, n)
	if r.Write {
		return ceilDiv(s.port, f.unit)
	}
	latency := f.latency[0]
	if first || !s.whole() {
		latency = f.latency[1] + s.tail
	}
	return ceilDiv(max(s.service, s.port)+2*f.crossing+latency, f.unit) + r.Late
}

// Moved is what is moved between the accelerator and memory, in bytes over all channels.
type Moved struct{ Reads, Writes int64 }

// Add a transfer.
func (m *Moved) Add(bytes int64, write bool) {
	if write {
		m.Writes += bytes
	} else {
		m.Reads += bytes
	}
}

// Moves is the fewest core cycles in which bytes can be moved, in whatever requests that are striped over all channels: whole bursts one after the other, at
// the rounding of single requests that takes least. Writes that the controller's queue holds may still be under way.
func (f *Fast) Moves(m Moved) int64 {
	n := int64(f.params.Channels)
	dram := func(bytes int64) float64 {
		bursts := ceilDiv(ceilDiv(bytes, n), f.table.BurstBytes)
		return f.dram.least(bursts, f.table.BurstClocks*1000)
	}
	port := func(bytes int64) float64 { return f.port.least(ceilDiv(ceilDiv(bytes, n), f.beat), 1) }
	least := max(dram(m.Reads), dram(m.Reads+m.Writes)-float64(f.slack))
	if f.params.PortDuplex {
		least = max(least, port(m.Reads), port(m.Writes))
	} else {
		least = max(least, port(m.Reads+m.Writes))
	}
	return int64(least) / f.unit
}

// least is what k things of v each come to at the least, in units, if they are taken in any number of parts that are rounded each, none to nothing.
func (s scale) least(k, v int64) float64 {
	const exact = 64 // parts of so many things and more lose less by rounding than half a unit in as many
	one := float64(v) * float64(s.factor) / math.Exp2(float64(s.shift))
	worst := 1 - 0.5/(exact*one)
	for i := int64(1); i <= exact; i++ {
		worst = min(worst, float64(max(s.of(i*v), 1))/(float64(i)*one))
	}
	return float64(k) * one * max(worst, 0) * (1 - 1e-9) // what floats lose
}
