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
	Pace     int64 // core cycles for which it crosses its ports at the least: who takes it is slower than they are
	Late     int64 // core cycles by which it arrives later: what it passes on its way
	Stream   uint8 // which operand it belongs to: a request in one run continues where the stream's last one ended
}

// Fast serves requests in their order of arrival, channel by channel, from a table of service times. Its state is integers.
type Fast struct {
	params   Params
	table    *TimingTable
	beat     int64 // bytes that cross the port in a port clock
	coreHz   int64
	unit     int64 // units of a core cycle: the resolution of every time here
	dram     scale // mclk -> units, refresh included
	port     scale // port clocks -> units, what refresh costs the port included ...
	idlePort scale // ... if nothing was queued before
	crossing int64 // units, each way
	latency  [2]int64
	slack    int64 // units of DRAM service that the controller's queue hides
	channels []channel
	alike    bool // all requests were for all channels: every one is as the first, which alone is kept
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
	tech, _ := technologyOf(p.Technology)
	return newFast(p, tech.table, coreHz), nil
}

func newFast(p Params, t *TimingTable, coreHz int64) *Fast {
	p.Model = ModelFast
	portHz := int64(p.PortClock)
	f := &Fast{params: p, table: t, coreHz: coreHz, beat: int64(p.PortWidthBits) / 8, unit: portHz / gcd(coreHz, portHz)}
	// units per mclk = coreHz * unit / (ClockHz * 1000), stretched by refresh
	f.dram = newScale(product(coreHz, f.unit, t.RefreshEach), product(t.ClockHz, 1000, t.RefreshEach-t.RefreshBusy))
	// While a refresh lasts, the port goes on until the queue is full; a read that begins with an empty queue gains nothing from it.
	hidden := min(newScale(product(t.ClockHz, 1000), product(portHz)).of(ceilDiv(t.QueueBytes, f.beat)), t.RefreshBusy)
	f.port = newScale(product(coreHz, f.unit, t.RefreshEach), product(portHz, t.RefreshEach-t.RefreshBusy+hidden))
	f.idlePort = newScale(product(coreHz, f.unit, t.RefreshEach), product(portHz, t.RefreshEach-t.RefreshBusy))
	f.crossing = p.CrossingLatency * f.unit
	f.latency = [2]int64{f.dram.of(t.Latency[0]), f.dram.of(t.Latency[1])}
	f.slack = f.dram.of(t.QueueBytes / t.BurstBytes * t.BurstClocks * 1000)
	f.channels = make([]channel, p.Channels)
	f.Reset()
	return f
}

// Serve takes a request that arrives at a core cycle, no earlier than the one before, and returns the cycle at which its last
// byte has crossed the port: for a read at the core's side, for a write into the controller.
func (f *Fast) Serve(now int64, r Request) int64 {
	if r.Bytes <= 0 {
		return now
	}
	s := f.shared(r)
	return f.pass(now, &s)
}

// pass takes shares of a request to their channels.
func (f *Fast) pass(now int64, s *share) int64 {
	var a after
	if f.alike {
		if s.mask == f.params.AllChannels() {
			return f.serve(&f.channels[0], now, s, &a) + s.late
		}
		f.spread()
	}
	done := now
	for mask := s.mask; mask != 0; mask &= mask - 1 {
		done = max(done, f.serve(&f.channels[bits.TrailingZeros64(mask)], now, s, &a))
	}
	return done + s.late
}

// spread gives every channel what the first one says of all.
func (f *Fast) spread() {
	for i := range f.channels {
		f.channels[i] = f.channels[0]
	}
	f.alike = false
}

// shared is what each of its channels gets of a request.
func (f *Fast) shared(r Request) share {
	mask := r.Channels & f.params.AllChannels()
	if mask == 0 {
		mask = f.params.AllChannels()
	}
	s := f.share(r, int64(bits.OnesCount64(mask)))
	s.mask, s.late = mask, r.Late
	return s
}

// Params implements Model.
func (f *Fast) Params() Params { return f.params }

// piece is what one channel gets of a request: runs of full length, and a rest.
type piece struct {
	bytes, run, pitch int64
	full, rest        int64 // runs of run bytes, and bytes of the last, shorter one
	bursts            int64
}

// whole tells that it is one run.
func (p *piece) whole() bool { return p.full == 1 && p.rest == 0 }

// split divides a request evenly over n channels.
func split(r Request, n, interleave, burst int64) piece {
	p := piece{bytes: ceilDiv(r.Bytes, n), run: r.Run, pitch: r.Pitch}
	if p.run <= 0 || p.run >= r.Bytes || p.pitch > 0 && p.run >= p.pitch {
		p.run, p.pitch = r.Bytes, 0
	}
	if n > 1 && p.run > interleave { // each channel has its part of a run, so its parts are nearer together
		p.pitch = p.pitch * max(ceilDiv(p.run, n), interleave) / p.run
		p.run = max(ceilDiv(p.run, n), interleave)
	}
	p.run = min(p.run, p.bytes)
	p.full, p.rest = p.bytes/p.run, p.bytes%p.run
	p.bursts = p.full*ceilDiv(p.run, burst) + ceilDiv(p.rest, burst)
	return p
}

// share is what each of n channels gets of a request, and for how long it takes the channel whatever came before.
type share struct {
	piece
	service, port int64 // units
	mclk          int64 // of the DRAM
	beats         int64 // of the port
	pace          int64 // units for which the port is taken at the least
	opens         int64 // thousandths of activates
	tail          int64 // units by which its last data is late
	mask          uint64
	late          int64 // core cycles by which it arrives later
	write         bool
	stream        uint8
}

func (f *Fast) share(r Request, n int64) share {
	t := f.table
	s := share{piece: split(r, n, int64(f.params.Interleave), t.BurstBytes), write: r.Write, stream: r.Stream}
	if s.whole() {
		s.mclk = s.bursts * t.BurstClocks * 1000
		s.opens = t.contiguous(s.bursts)
	} else {
		mclk, opens := t.run(r.Write, s.pitch, ceilDiv(s.run, t.BurstBytes))
		s.mclk, s.opens = s.full*mclk, s.full*opens
		if s.pitch == 0 {
			bursts, doublings := ceilDiv(s.run, t.BurstBytes), int64(bits.Len64(uint64(n))-1)
			s.tail = f.dram.of(t.knotted(&t.Tail[0], bursts, 0) + t.knotted(&t.Tail[1], bursts, 0)*doublings)
		}
		if s.rest > 0 {
			mclk, opens = t.run(r.Write, s.pitch, ceilDiv(s.rest, t.BurstBytes))
			s.mclk, s.opens = s.mclk+mclk, s.opens+opens
		}
	}
	s.service = max(f.dram.of(s.mclk), 1)
	s.beats = s.full*ceilDiv(s.run, f.beat) + ceilDiv(s.rest, f.beat)
	s.pace = r.Pace * f.unit
	s.port = max(f.port.of(s.beats), s.pace, 1)
	return s
}

// after is what a share takes with regard to what came before it on a channel.
type after struct {
	turns   bool // the bus has to change its direction
	same    bool // its stream was the last there
	follows bool // the row it begins in is open
	service int64
	opens   int64
}

// after completes a share for a channel; most channels of a request are alike, so the last result is tried first.
func (f *Fast) after(c *channel, s *share, last *after) {
	turns := !c.fresh && c.write != s.write
	same := !c.fresh && c.stream == s.stream && !turns
	if last.service > 0 && last.turns == turns && last.same == same {
		return
	}
	*last = after{turns: turns, same: same, follows: same && s.whole(), service: s.service, opens: s.opens}
	more := int64(0)
	switch {
	case same:
	case s.whole(): // it opens rows elsewhere
		mclk, _ := f.table.run(s.write, 0, s.bursts)
		more = max(mclk-s.mclk, 0)
		last.opens = f.table.anew(s.bursts)
	case s.pitch > 0 && s.pitch < f.table.RowSpan: // so do the first of runs that share rows with those before
		first := 1000 * f.table.touched(s.pitch, ceilDiv(s.run, f.table.BurstBytes))
		last.opens += max(first-s.opens/s.full, 0)
	}
	if turns { // the fit has rows opened on both sides of a turn
		more = f.table.knotted(&f.table.Turn, s.bursts, 0)
	}
	if more > 0 {
		last.service = max(f.dram.of(s.mclk+more), 1)
	}
}

// serve passes one channel's share through port and DRAM.
func (f *Fast) serve(c *channel, now int64, s *share, a *after) int64 {
	f.after(c, s, a)
	if a.turns {
		c.counters.TurnArounds++
		c.counters.TurnUnits += a.service - s.service
	}
	c.write, c.stream, c.fresh = s.write, s.stream, false
	port := &c.port[0]
	if s.write && f.params.PortDuplex {
		port = &c.port[1]
	}
	start, crossing := later(instant{cycle: now}, *port), s.port
	if !s.write && start == (instant{cycle: now}) {
		crossing = max(f.idlePort.of(s.beats), s.pace)
	}
	crossed := start.plus(crossing, f.unit)
	reached := crossed.plus(f.crossing, f.unit)
	c.dram = later(start.plus(f.crossing, f.unit), c.dram).plus(a.service, f.unit)
	last := later(c.dram, reached)
	*port = later(crossed, last.plus(-f.slack-f.crossing, f.unit)) // a full queue holds the port

	c.counters.Requests++
	c.counters.Bursts += s.bursts
	c.counters.Opens += a.opens
	c.counters.BusyUnits += a.service
	c.counters.PortUnits += crossing
	if s.write {
		c.counters.WriteBytes += s.bytes
		c.counters.WriteBursts += s.bursts
		return port.ceil()
	}
	c.counters.ReadBytes += s.bytes
	latency := f.latency[1] + s.tail
	if a.follows {
		latency = f.latency[0]
	}
	return last.plus(latency+f.crossing, f.unit).ceil()
}

// ceilDiv is a/b rounded up, for a >= 0 and b > 0.
func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
