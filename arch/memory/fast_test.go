package memory

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"satsim/internal/quantity"
)

// byHand is a table of round numbers: a DRAM at 1200 MHz whose burst of 64 B takes 4 clocks, which is 2/3 of a cycle of 200 MHz. No refresh.
func byHand() *TimingTable {
	t := &TimingTable{ClockHz: 1_200_000_000, BurstBytes: 64, BurstClocks: 4, GroupBytes: 256, RowSpan: 32768,
		Latency: [2]int64{12_000, 24_000}, QueueBytes: 1920, RefreshEach: 9_000_000} // 2 and 4 cycles; 30 bursts, 20 cycles
	for row := range pitches {
		for k := range knots {
			t.Read[row][k], t.Write[row][k] = 4000<<k, 4000<<k
			t.Turn[k] = 18_000 // 3 cycles
		}
	}
	t.Read[0][0] = 12_000 // an irregular 64 B: 2 cycles
	t.Read[0][1] = 18_000 // and 128 B: 3 cycles
	return t
}

// One channel, port of 64 B a cycle, crossing 6 cycles.
//
//	0  read 6400 B, stream 1: port 0 to 100; reaches the DRAM at 106; DRAM 6 to 73; + 4 (closed row) + 6
//	0  again: port 100 to 200, 206; + 2 (row open) + 6
//	0  write 6400 B: port 200 to 300; the DRAM 206 to 206 + 67 + 3 to turn = 276; so accepted at 300
//	0  read 6400 B, irregular 64 B: port 300 to 400; DRAM max(306, 276) + 200 + 3 = 509; the full queue holds the port until
//	   509 - 20 - 6 = 483; done at 509 + 4 + 6
//	0  write 64 B: port 483 to 484; DRAM 509 + round(0.67 + 3) = 513; held until 513 - 20 - 6 = 487
func TestServeByHand(t *testing.T) {
	p := Default()
	p.Channels = 1
	f := newFast(p, byHand(), 200_000_000)
	for i, c := range []struct {
		r    Request
		want int64
	}{
		{Request{Bytes: 6400, Stream: 1}, 116},
		{Request{Bytes: 6400, Stream: 1}, 214},
		{Request{Bytes: 6400, Stream: 2, Write: true}, 300},
		{Request{Bytes: 6400, Run: 64, Stream: 1}, 519},
		{Request{Bytes: 64, Stream: 2, Write: true}, 487},
	} {
		if got := f.Serve(0, c.r); got != c.want {
			t.Errorf("request %d done at %d, want %d", i, got, c.want)
		}
	}
	// 100 + 100 + 100 + 100 + 1 bursts of 64 B, 3 turns; the DRAM is busy 67 + 67 + 70 + 203 + 4 cycles.
	n := f.Counters(nil)[0]
	if n.Bursts != 401 || n.WriteBursts != 101 || n.TurnArounds != 3 || n.BusyUnits != 411 || n.ReadBytes != 19200 || n.WriteBytes != 6464 {
		t.Errorf("counters %+v", n)
	}
}

// One channel as above, and a unit on the way that takes 250 cycles for what the port brings in 100, 5 more to work: 0 to 250 at the port, 256, + 4 + 6 + 5; the next one
// starts at the port at 250, and takes 100: 350, 356, + 2 + 6.
func TestWhoTakesItIsSlower(t *testing.T) {
	p := Default()
	p.Channels = 1
	f := newFast(p, byHand(), 200_000_000)
	slow := Request{Bytes: 6400, Stream: 1, Pace: 250, Late: 5}
	if least := f.Least(slow, true); least != 271 {
		t.Errorf("at least %d, want 271", least)
	}
	if dram, port := f.Demand(slow); dram != 67 || port != 250 {
		t.Errorf("it takes the DRAM for %d and the port for %d, want 67 and 250", dram, port)
	}
	for i, c := range []struct {
		r    Request
		want int64
	}{{slow, 271}, {Request{Bytes: 6400, Stream: 1}, 364}} {
		if got := f.Serve(0, c.r); got != c.want {
			t.Errorf("request %d done at %d, want %d", i, got, c.want)
		}
	}
}

// A port of 200 MHz under a core of 300 MHz: a beat is 1.5 cycles, kept exactly. 3 beats from 0 end at 4.5, 3 more at 9.
func TestPortClockIsARatio(t *testing.T) {
	p := Default()
	p.Channels, p.CrossingLatency = 1, 0
	table := byHand()
	table.Latency = [2]int64{}
	f := newFast(p, table, 300_000_000)
	for i, want := range []int64{5, 9, 14} {
		if got := f.Serve(0, Request{Bytes: 192, Write: true}); got != want {
			t.Errorf("write %d crossed at %d, want %d", i, got, want)
		}
	}
}

// A request over n channels: runs longer than the granule are divided, shorter ones stay whole.
func TestSplit(t *testing.T) {
	for _, c := range []struct {
		r    Request
		n    int64
		want piece
	}{
		{Request{Bytes: 65536}, 1, piece{bytes: 65536, run: 65536, full: 1, bursts: 1024}},
		{Request{Bytes: 65536}, 4, piece{bytes: 16384, run: 16384, full: 1, bursts: 256}},
		{Request{Bytes: 65536, Run: 512}, 4, piece{bytes: 16384, run: 512, full: 32, bursts: 256}},
		{Request{Bytes: 65536, Run: 8192}, 4, piece{bytes: 16384, run: 4096, full: 4, bursts: 256}},
		{Request{Bytes: 65536, Run: 8192, Pitch: 16384}, 4, piece{bytes: 16384, run: 4096, pitch: 8192, full: 4, bursts: 256}},
		{Request{Bytes: 1000, Run: 100, Pitch: 300}, 1, piece{bytes: 1000, run: 100, pitch: 300, full: 10, bursts: 20}},
		{Request{Bytes: 1000, Run: 300, Pitch: 300}, 1, piece{bytes: 1000, run: 1000, full: 1, bursts: 16}},
		{Request{Bytes: 1000, Run: 300}, 1, piece{bytes: 1000, run: 300, full: 3, rest: 100, bursts: 17}},
	} {
		if got := split(c.r, c.n, 4096, 64); got != c.want {
			t.Errorf("%+v over %d: %+v, want %+v", c.r, c.n, got, c.want)
		}
	}
}

func drawRequest(t *rapid.T) Request {
	return Request{
		Bytes:    rapid.Int64Range(1, 200_000).Draw(t, "bytes"),
		Run:      rapid.Int64Range(0, 10_000).Draw(t, "run"),
		Pitch:    rapid.SampledFrom([]int64{0, 128, 512, 3000, 40_000, 1 << 20}).Draw(t, "pitch"),
		Channels: rapid.Uint64Range(0, 15).Draw(t, "channels"),
		Write:    rapid.Bool().Draw(t, "write"),
		Stream:   rapid.Uint8Range(0, 3).Draw(t, "stream"),
	}
}

func drawFast(t *rapid.T) *Fast {
	p := Default()
	p.PortClock = quantity.Frequency(rapid.SampledFrom([]int64{200_000_000, 300_000_000, 233_333_333}).Draw(t, "port"))
	p.PortDuplex = rapid.Bool().Draw(t, "duplex")
	p.Technology = rapid.SampledFrom([]string{DDR4, HBM2}).Draw(t, "technology")
	p.CapacityPerChannel = Capacities(p.Technology)[0]
	f, err := NewFast(p, rapid.SampledFrom([]int64{200_000_000, 250_000_000, 333_333_333}).Draw(t, "core"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Timing reads no absolute time: a memory whose deadlines were shifted serves the same requests, so much later, in the same time; and equal
// states, from different histories, have equal futures.
func TestStateDecidesTheFuture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFast(t)
		now := int64(0)
		for range rapid.IntRange(0, 10).Draw(t, "before") {
			now += rapid.Int64Range(0, 3000).Draw(t, "gap")
			f.Serve(now, drawRequest(t))
		}
		before := f.AppendState(nil, now)
		other := *f
		other.channels = append([]channel(nil), f.channels...)
		shift := rapid.Int64Range(0, 1<<40).Draw(t, "shift")
		other.Shift(shift)
		for i := range other.channels { // counters are no state
			other.channels[i].counters = ChannelCounters{}
		}
		if after := other.AppendState(nil, now+shift); !slices.Equal(before, after) {
			t.Fatal("the shifted state differs")
		}
		for range 5 {
			now += rapid.Int64Range(0, 3000).Draw(t, "gap")
			r := drawRequest(t)
			if a, b := f.Serve(now, r), other.Serve(now+shift, r); a+shift != b {
				t.Fatalf("%+v at %d: done at %d, shifted by %d at %d", r, now, a, shift, b)
			}
		}
		if a, b := f.AppendState(nil, now), other.AppendState(nil, now+shift); !slices.Equal(a, b) {
			t.Fatal("states differ afterwards")
		}
	})
}

// A loop of equal requests comes back to its state after as many periods as the port's ratio has units, at most.
func TestLoopsReturnToTheirState(t *testing.T) {
	f, err := NewFast(Default(), 200_000_000)
	if err != nil {
		t.Fatal(err)
	}
	now := int64(0)
	var last []uint64
	for period := range 5 {
		now = f.Serve(now, Request{Bytes: 30_000, Run: 192, Stream: 1})
		f.Serve(now, Request{Bytes: 9_000, Stream: 2})
		f.Serve(now, Request{Bytes: 5_000, Write: true, Stream: 3})
		state := f.AppendState(nil, now)
		if period > 1 && !slices.Equal(state, last) {
			t.Errorf("period %d ends in another state", period)
		}
		last = state
	}
}

// Nothing is done before it has crossed the port, nor faster than the DRAM's pins.
func TestNothingIsFasterThanTheWires(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFast(t)
		now, total := int64(0), int64(0)
		var last int64
		for range rapid.IntRange(1, 20).Draw(t, "requests") {
			r := drawRequest(t)
			r.Channels = 1
			done := f.Serve(now, r)
			total += r.Bytes
			if r.Write {
				continue // a write is done when it is in the queue
			}
			last = max(last, done)
			// bytes / (bytes a second of the pins) in core cycles, less a cycle for rounding each request
			if least := float64(r.Bytes) / float64(f.params.PeakBandwidth()) * float64(f.coreHz); float64(done-now) < least-1 {
				t.Fatalf("%d bytes in %d cycles; the pins need %.1f", r.Bytes, done-now, least)
			}
		}
		if !f.params.PortDuplex && last > 0 && f.channels[0].counters.PortUnits < total/f.beat*f.unit*int64(f.coreHz)/int64(f.params.PortClock)/f.unit {
			t.Fatalf("the port carried %d bytes in %d units", total, f.channels[0].counters.PortUnits)
		}
	})
}

func TestParamsAreRefusedByName(t *testing.T) {
	for key, spoil := range map[string]func(*Params){
		"technology":           func(p *Params) { p.Technology = "ddr3" },
		"channels":             func(p *Params) { p.Channels = 65 },
		"capacity_per_channel": func(p *Params) { p.CapacityPerChannel = 0 },
		"port_width_bits":      func(p *Params) { p.PortWidthBits = 500 },
		"port_clock":           func(p *Params) { p.PortClock = 0 },
		"crossing_latency":     func(p *Params) { p.CrossingLatency = -1 },
		"interleave":           func(p *Params) { p.Interleave = 100 },
	} {
		p := Default()
		if spoil(&p); p.Validate() == nil || !strings.HasPrefix(p.Validate().Error(), key+":") {
			t.Errorf("%s: %v", key, p.Validate())
		}
	}
	if err := Default().Validate(); err != nil {
		t.Error(err)
	}
	// A DIMM's pins: 8 B at 2400 MT/s. The port: 64 B at 200 MHz.
	if p := Default(); p.PeakBandwidth() != 19_200_000_000 || p.PortBandwidth() != 12_800_000_000 || p.Capacity() != 64<<30 {
		t.Errorf("%v %v %v", p.PeakBandwidth(), p.PortBandwidth(), p.Capacity())
	}
}

func BenchmarkServe(b *testing.B) {
	f, err := NewFast(Default(), 200_000_000)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	now := int64(0)
	for i := 0; i < b.N; i++ {
		now = f.Serve(now, Request{Bytes: 16384, Run: 512, Write: i&1 == 0})
	}
}
