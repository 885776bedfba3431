package memory

import (
	"fmt"
	"math/bits"
)

// Request is one transfer between the accelerator and memory: usually a tile.
type Request struct {
	Bytes    int64  // useful bytes, over all channels
	Run      int64  // contiguous bytes of each run; 0 or more than Bytes: all in one run
	Pitch    int64  // bytes from the start of a run to the next; 0: no regular distance
	Channels uint64 // mask of the channels over which it is striped evenly; 0: all
	Write    bool
	Stream   uint8 // which operand it belongs to: requests of one stream continue in the rows that the last one opened
}

// Fast serves requests in their order of arrival, channel by channel, from a table of service times. Its state is integers.
type Fast struct {
	params   Params
	table    Table
	beat     int64 // bytes that cross the port in a port clock
	portNum  int64 // a port clock is portNum/unit core cycles ...
	unit     int64 // ... and a core cycle is unit units, the resolution of every time here
	scale    scale // mclk, refresh included -> units
	crossing int64 // units, each way
	latency  int64 // units
	queue    int64 // units of service that the write queue hides
	channels []channel
}

// channel is the state of one channel.
type channel struct {
	dram     instant    // the data bus of the DRAM is taken until then
	port     [2]instant // the port too; [1] is the write direction of a duplex port
	write    bool       // direction of the last transfer
	stream   uint8      // and its stream
	fresh    bool       // nothing was transferred yet
	counters ChannelCounters
}

// NewFast builds the model for a core clock.
func NewFast(p Params, coreHz int64) (*Fast, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("building the fast memory model: %w", err)
	}
	if coreHz < 1 || coreHz > maxHz {
		return nil, fmt.Errorf("building the fast memory model: core clock of %d Hz is out of range; 1 Hz to 10 GHz are accepted", coreHz)
	}
	t := tables[p.Technology]
	g := gcd(coreHz, int64(p.PortClock))
	f := &Fast{params: p, table: t, beat: int64(p.PortWidthBits) / 8, portNum: coreHz / g, unit: int64(p.PortClock) / g}
	f.scale = newScale(coreHz, f.unit, t)
	f.crossing = p.CrossingLatency * f.unit
	f.latency = f.scale.units(t.Latency)
	f.queue = f.scale.units(t.WriteQueue / t.BurstBytes * t.BurstClocks * 1000)
	f.channels = make([]channel, p.Channels)
	for i := range f.channels {
		f.channels[i].fresh = true
	}
	return f, nil
}

// Serve takes a request that arrives at a core cycle, no earlier than the one before, and returns the cycle at which its last
// byte has crossed the port: for a read at the core's side, for a write into the controller.
func (f *Fast) Serve(now int64, r Request) int64 {
	mask := r.Channels & f.params.AllChannels()
	if mask == 0 {
		mask = f.params.AllChannels()
	}
	if r.Bytes <= 0 {
		return now
	}
	share := f.share(r, int64(bits.OnesCount64(mask)))
	done := now
	for ; mask != 0; mask &= mask - 1 {
		done = max(done, f.serve(&f.channels[bits.TrailingZeros64(mask)], now, share))
	}
	return done
}

// share is what each of n channels gets of a request.
type share struct {
	bytes, bursts int64
	service, port int64 // units
	write         bool
	stream        uint8
}

func (f *Fast) share(r Request, n int64) share {
	t := &f.table
	s := share{bytes: ceilDiv(r.Bytes, n), write: r.Write, stream: r.Stream}
	run := r.Run
	if run <= 0 || run > r.Bytes {
		run = r.Bytes
	}
	run = min(max(ceilDiv(run, n), min(run, int64(f.params.Interleave))), s.bytes)
	costs := &t.Read
	if r.Write {
		costs = &t.Write
	}
	full, rest := s.bytes/run, s.bytes%run
	runBursts, restBursts := ceilDiv(run, t.BurstBytes), ceilDiv(rest, t.BurstBytes)
	clocks := full * t.run(costs, runBursts*t.BurstBytes)
	if rest > 0 {
		clocks += t.run(costs, restBursts*t.BurstBytes)
	}
	s.bursts = full*runBursts + restBursts
	s.service = max(f.scale.units(clocks), 1)
	s.port = (full*ceilDiv(run, f.beat) + ceilDiv(rest, f.beat)) * f.portNum
	return s
}

// serve passes one channel's share through DRAM and port.
func (f *Fast) serve(c *channel, now int64, s share) int64 {
	service := s.service
	if !c.fresh && c.write != s.write {
		turn := f.scale.units(f.table.ReadToWrite)
		if c.write {
			turn = f.scale.units(f.table.WriteToRead)
		}
		service += turn
		c.counters.TurnArounds++
	}
	c.write, c.stream, c.fresh = s.write, s.stream, false
	port := &c.port[0]
	if s.write && f.params.PortDuplex {
		port = &c.port[1]
	}

	var done instant
	arrived := instant{cycle: now}
	if s.write {
		start := later(arrived, *port)
		crossed := start.plus(s.port, f.unit)
		begin := later(start.plus(f.crossing, f.unit), c.dram)
		c.dram = later(begin.plus(service, f.unit), crossed.plus(f.crossing, f.unit))
		done = later(crossed, c.dram.plus(-f.queue-f.crossing, f.unit)) // a full write queue holds the port
		*port = done
		c.counters.WriteBytes += s.bytes
	} else {
		begin := later(arrived.plus(f.crossing, f.unit), c.dram)
		c.dram = begin.plus(service, f.unit)
		first := later(begin.plus(f.latency, f.unit), *port)
		*port = later(first.plus(s.port, f.unit), c.dram.plus(f.latency, f.unit))
		done = port.plus(f.crossing, f.unit)
		c.counters.ReadBytes += s.bytes
	}
	c.counters.Requests++
	c.counters.Bursts += s.bursts
	c.counters.BusyUnits += service
	c.counters.PortUnits += s.port
	return done.ceil()
}

// ceilDiv is a/b rounded up, for a >= 0 and b > 0.
func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
