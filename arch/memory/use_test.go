package memory

import (
	"math"
	"testing"

	"satsim/arch/memory/ddr4"
)

// One burst to a closed bank, by hand: it is queued at clock 36 (six core cycles of crossing, six DRAM clocks each), activated a clock later,
// read tRCD after that. An open row would have had its data tRCD sooner: that is lost to rows. Then a write to another row, a long
// time after: tRCD again, which the turn-around is charged with, since the bus changed its direction.
func TestLostClocksByHand(t *testing.T) {
	p := Default()
	p.Channels = 1
	dev := ddr4.Default()
	dev.TREFI = 0
	d, err := NewDetailed(p, dev, 200_000_000)
	if err != nil {
		t.Fatal(err)
	}
	d.Serve(0, Request{Bytes: 64, Stream: 1})
	d.Serve(1000, Request{Bytes: 64, Stream: 2, Write: true})
	d.Serve(2000, Request{Bytes: 64, Stream: 2})
	got := d.Counters(nil)[0]
	if want := 2 * (dev.TRCD + dev.BL); got.BusyUnits != want || got.TurnUnits != dev.TRCD || got.RefreshUnits != 0 {
		t.Errorf("busy %d, turns %d, refresh %d; want %d, %d, 0", got.BusyUnits, got.TurnUnits, got.RefreshUnits, want, dev.TRCD)
	}
	if got.Requests != 3 || got.ReadBytes != 128 || got.WriteBytes != 64 || got.Bursts != 3 || got.WriteBursts != 1 || got.Opens != 2000 || got.Misses != 2 || got.TurnArounds != 1 {
		t.Errorf("%+v", got)
	}
	d.Reset()
	if got := d.Counters(nil)[0]; got != (ChannelCounters{}) {
		t.Errorf("after a reset %+v", got)
	}
}

// Both models say alike where the time of a stream went, and the shares add up.
func TestUseOfBothModels(t *testing.T) {
	p := Default()
	p.Channels, p.PortClock = 1, 600_000_000 // the DRAM decides
	const hz = 1_200_000_000
	for name, c := range map[string]struct {
		streams []TrafficStream
		most    func(Use) float64 // what the stream is about
		least   float64
	}{
		"sequential": {[]TrafficStream{{Bytes: 256 << 10, Window: 2}}, func(u Use) float64 { return u.Useful }, 0.9},
		"irregular":  {[]TrafficStream{{Bytes: 32 << 10, Run: 64, Window: 2}}, func(u Use) float64 { return u.Rows }, 0.2},
		"halves":     {[]TrafficStream{{Bytes: 32 << 10, Run: 32, Pitch: 128, Window: 2}}, func(u Use) float64 { return u.Padding }, 0.4},
		"both ways": {[]TrafficStream{{Bytes: 4 << 10, Window: 1}, {Bytes: 4 << 10, Window: 1, Write: true}},
			func(u Use) float64 { return u.Turns + u.Rows }, 0.03},
	} {
		var uses [2]Use
		for i, model := range []ModelKind{ModelFast, ModelDetailed} {
			p.Model = model
			m, err := New(p, hz)
			if err != nil {
				t.Fatal(err)
			}
			res, err := RunTraffic(m, hz, Traffic{Requests: 100, Streams: c.streams}, nil)
			if err != nil {
				t.Fatal(err)
			}
			n := m.Counters(nil)
			u := p.Use(1, &n[0], res.Cycles, hz, m.UnitHz())
			uses[i] = u
			if sum := u.Useful + u.Padding + u.Rows + u.Turns + u.Refresh + u.Port + u.Idle; math.Abs(sum-1) > 1e-9 {
				t.Errorf("%s, %s: %+v adds up to %g", name, model, u, sum)
			}
			if math.Abs(u.Useful-res.ShareOfPeak) > 1e-9 {
				t.Errorf("%s, %s: useful %g, share of peak %g", name, model, u.Useful, res.ShareOfPeak)
			}
			if c.most(u) < c.least {
				t.Errorf("%s, %s: %+v", name, model, u)
			}
		}
		a, b := uses[0], uses[1]
		for cause, d := range map[string]float64{"padding": a.Padding - b.Padding, "refresh": a.Refresh - b.Refresh, "rows and turns": a.Rows + a.Turns - b.Rows - b.Turns} {
			if math.Abs(d) > 0.06 {
				t.Errorf("%s: %s differ by %.3f: fast %+v, detailed %+v", name, cause, d, a, b)
			}
		}
	}
}
