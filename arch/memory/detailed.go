package memory

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"satsim/arch/memory/ddr4"
)

// Detailed serves requests like Fast, burst by burst on command-level channels behind the same port. It gives requests addresses of
// its own: each stream has a region of every channel, in which a request begins where the stream's last one ended.
//
// A request's bursts enter the controllers in order of arrival. A read's completion is found by running a copy of its channel ahead, as
// if no more requests came; what comes later can still overtake its last bursts, which fit the controller's queue.
type Detailed struct {
	params   Params
	dev      ddr4.Params
	coreHz   int64
	beat     int64 // bytes that cross the port in a port clock
	tick     int64 // ticks of a DRAM clock: the resolution of the port's times
	portTick int64 // ticks of a port clock
	crossing int64 // ticks, each way
	channels []detailedChannel
}

// detailedChannel is the state of one channel. Times are ticks.
type detailedChannel struct {
	ctl, ahead *ddr4.Controller
	port       int64 // the port takes the next burst
	ports      int64 // for how long it was taken
	back       int64 // the port has returned the last read
	requests   uint32
	next       [256]int64 // of each stream: where it continues; 0: not begun
	random     uint64
	bus        bus
	counters   ChannelCounters
	before     ddr4.Counters // at the last Reset
}

// maxTick bounds the ratio of port and DRAM clock, so that times fit an integer.
const maxTick = 1 << 16

// NewDetailed builds the model for a core clock. The device is the technology's, perhaps with other times or another mapping.
func NewDetailed(p Params, dev ddr4.Params, coreHz int64) (*Detailed, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("building the command-level memory model: %w", err)
	}
	if coreHz < 1 || coreHz > maxHz {
		return nil, fmt.Errorf("building the command-level memory model: core clock of %d Hz is out of range; 1 Hz to 10 GHz are accepted", coreHz)
	}
	if p.PortDuplex {
		return nil, errors.New("building the command-level memory model: port_duplex: its port takes one burst after the other; false is accepted")
	}
	p.Model = ModelDetailed
	dramHz, portHz := int64(dev.Clock), int64(p.PortClock)
	g := gcd(dramHz, portHz)
	d := &Detailed{params: p, dev: dev, coreHz: coreHz, beat: int64(p.PortWidthBits) / 8, tick: portHz / g, portTick: dramHz / g}
	if d.tick > maxTick {
		return nil, fmt.Errorf("building the command-level memory model: port_clock: %d Hz has no simple ratio to the DRAM's %d Hz; denominators up to %d are accepted", portHz, dramHz, maxTick)
	}
	d.crossing = d.ticks(p.CrossingLatency)
	d.channels = make([]detailedChannel, p.Channels)
	for i := range d.channels {
		c := &d.channels[i]
		var err error
		if c.ctl, err = ddr4.New(dev); err != nil {
			return nil, fmt.Errorf("building the command-level memory model: %w", err)
		}
		if c.ahead, err = ddr4.New(dev); err != nil {
			return nil, fmt.Errorf("building the command-level memory model: %w", err)
		}
		c.ctl.Step(0)
		c.random = uint64(i)
	}
	return d, nil
}

// ticks of a core cycle's beginning, rounded up.
func (d *Detailed) ticks(cycle int64) int64 {
	hi, lo := bits.Mul64(uint64(cycle), uint64(int64(d.dev.Clock)*d.tick))
	q, r := bits.Div64(hi, lo, uint64(d.coreHz))
	return int64(q + min(r, 1))
}

// cycle is the first that does not begin before a tick.
func (d *Detailed) cycle(tick int64) int64 {
	hi, lo := bits.Mul64(uint64(tick), uint64(d.coreHz))
	q, r := bits.Div64(hi, lo, uint64(int64(d.dev.Clock)*d.tick))
	return int64(q + min(r, 1))
}

// Serve takes a request as Fast.Serve does.
func (d *Detailed) Serve(now int64, r Request) int64 {
	mask := r.Channels & d.params.AllChannels()
	if mask == 0 {
		mask = d.params.AllChannels()
	}
	if r.Bytes <= 0 {
		return now
	}
	p := split(r, int64(bits.OnesCount64(mask)), int64(d.params.Interleave), d.dev.BurstBytes)
	done, arrived := now, d.ticks(now)
	for ; mask != 0; mask &= mask - 1 {
		done = max(done, d.cycle(d.serve(&d.channels[bits.TrailingZeros64(mask)], arrived, r, p)))
	}
	return done + r.Late
}

// serve queues one channel's piece and returns the tick at which it is done.
func (d *Detailed) serve(c *detailedChannel, arrived int64, r Request, p piece) int64 {
	c.requests++
	c.count(r.Write, &p)
	slow := max(arrived, c.port) + d.ticks(r.Pace) // with all of it taken, at the pace of who takes it
	waiting := p.bursts                            // reads whose data has not come back
	for run := range p.full + min(p.rest, 1) {
		left := p.run
		if run == p.full {
			left = p.rest
		}
		addr := d.place(c, r.Stream, p, left)
		for ; left > 0; left -= d.dev.BurstBytes {
			size := min(left, d.dev.BurstBytes)
			begin := max(arrived, c.port)
			beats := ceilDiv(size, d.beat) * d.portTick
			c.port = begin + beats
			c.ports += beats
			at := begin + d.crossing
			if r.Write { // the data has to come first
				at = c.port + d.crossing
			}
			waiting -= d.advance(c, c.ctl, ceilDiv(at, d.tick), &c.back)
			for !c.ctl.Room(r.Write) {
				waiting -= d.step(c, c.ctl, math.MaxInt64, &c.back)
				c.port = max(c.port, c.ctl.Clock()*d.tick-d.crossing)
			}
			c.ctl.Enqueue(addr, r.Write, c.requests)
			addr += size
		}
	}
	if r.Write {
		return c.port
	}
	c.ctl.CopyTo(c.ahead)
	back := c.back
	for waiting > 0 {
		waiting -= d.step(c, c.ahead, math.MaxInt64, &back)
	}
	if r.Pace > 0 && slow > back { // the port returns nothing else meanwhile
		back, c.back = slow, max(c.back, slow)
	}
	return back + d.crossing
}

// advance runs a controller to a clock and returns how many reads of the channel's present request came back.
func (d *Detailed) advance(c *detailedChannel, ctl *ddr4.Controller, clock int64, back *int64) int64 {
	var n int64
	for ctl.Clock() < clock {
		n += d.step(c, ctl, clock, back)
	}
	return n
}

// step issues a command and takes a read's data back through the port.
func (d *Detailed) step(c *detailedChannel, ctl *ddr4.Controller, limit int64, back *int64) int64 {
	cmd, ok := ctl.Step(limit)
	if ok && ctl == c.ctl {
		c.bus.account(&d.dev, &cmd, &c.counters)
	}
	if !ok || cmd.Kind != ddr4.Read {
		return 0
	}
	*back = max(*back, cmd.End*d.tick-d.portTick) + ceilDiv(d.dev.BurstBytes, d.beat)*d.portTick
	if cmd.Tag != c.requests {
		return 0
	}
	return 1
}

// place is the address of the next run of a stream.
func (d *Detailed) place(c *detailedChannel, stream uint8, p piece, length int64) int64 {
	burst, capacity := d.dev.BurstBytes, d.dev.Capacity()
	if p.pitch == 0 && !p.whole() { // irregular
		c.random = c.random*6364136223846793005 + 1442695040888963407 // Knuth's MMIX generator
		size := ceilDiv(length, burst) * burst
		return int64(c.random>>20) % max(capacity/max(size, 1), 1) * size
	}
	at := &c.next[stream]
	if *at == 0 { // regions begin at places that share no power of two with the banks
		*at = (int64(stream)*(capacity/256) + int64(stream)*37*d.dev.RowBytes + burst) &^ (burst - 1)
	}
	addr := *at
	if *at += p.pitch; p.pitch == 0 {
		*at += ceilDiv(length, burst) * burst
	}
	return addr
}
