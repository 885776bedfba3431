package ddr4test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"satsim/arch/memory/ddr4"
)

// peer is one row of testdata/ddr4_2400.csv.
type peer struct {
	pattern, param, notes string
	requests, clocks      int64
	fraction, latency     float64 // ns; 0: not given
}

func peers(t *testing.T) []peer {
	t.Helper()
	f, err := os.Open("testdata/ddr4_2400.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []peer
	for _, r := range rows[1:] {
		p := peer{pattern: r[0], param: r[1], notes: r[8]}
		p.requests, _ = strconv.ParseInt(r[3], 10, 64)
		p.clocks, _ = strconv.ParseInt(r[4], 10, 64)
		p.fraction, _ = strconv.ParseFloat(r[6], 64)
		p.latency, _ = strconv.ParseFloat(r[7], 64)
		out = append(out, p)
	}
	return out
}

const kib, gib = 1 << 10, 1 << 30

// asPeer is Default but for two times: the peer's clock is 833 ps, by which it rounds 7.8 us up to 9,364 clocks, and its table has 360 ns as
// the time of a refresh of 8 Gb, 433 clocks (both in src/dram/impl/DDR4.cpp of Ramulator 2). Default has the standard's 7.8 us and 350 ns.
func asPeer() ddr4.Params {
	p := ddr4.Default()
	p.TREFI, p.TRFC = 9364, 433
	return p
}

// setup is the channel and the pattern that a row describes.
func (r peer) setup() (ddr4.Params, Pattern, bool) {
	p := asPeer()
	switch {
	case strings.Contains(r.notes, "map=robaracoch"):
		p.Mapping = ddr4.RoBaBgCo
	case strings.Contains(r.notes, "map=robacobg"):
		p.Mapping = ddr4.RoBaCoBg
	default:
		return p, Pattern{}, false
	}
	if strings.Contains(r.notes, "-q64") {
		p.ReadQueue, p.WriteQueue, p.DrainHigh, p.DrainLow = 64, 64, 52, 12
	}
	if strings.Contains(r.pattern, "norefresh") {
		p.TREFI = 0
	}
	pat := Pattern{Bursts: r.requests, Seed: 1}
	size := func() int64 {
		v, _ := strconv.ParseInt(strings.TrimRight(r.param, "KiB"), 10, 64)
		if strings.HasSuffix(r.param, "KiB") {
			v *= kib
		}
		return v
	}
	second := int64(4 * gib)
	if strings.Contains(r.notes, "shifted") {
		second += 64*kib + 8*kib + 512
	}
	name := strings.TrimSuffix(r.pattern, "_norefresh")
	switch name {
	case "seq_read", "seq_write":
		pat.Streams = []Stream{{Chunk: 64, Pitch: 64, Write: name == "seq_write"}}
	case "alt_rw", "alt_rw_barrier":
		pat.Streams = []Stream{{Chunk: size(), Pitch: size()}, {Base: second, Chunk: size(), Pitch: size(), Write: true}}
		pat.Barrier = name == "alt_rw_barrier"
	case "two_streams_read":
		pat.Streams = []Stream{{Chunk: size(), Pitch: size()}, {Base: second, Chunk: size(), Pitch: size()}}
	case "strided_read_64KiB":
		pat.Streams = []Stream{{Chunk: size(), Pitch: 64 * kib}}
	case "random_chunk_read":
		pat.Streams = []Stream{{Chunk: size(), Random: true}}
	case "random_read", "random_write":
		pat.Streams = []Stream{{Chunk: 64, Random: true, Write: name == "random_write"}}
	case "unloaded_read":
		pat.Window = 1
		pat.Streams = []Stream{{Chunk: 64, Pitch: 64, Random: strings.HasPrefix(r.param, "random")}}
	case "seq_read_window", "random_read_window":
		pat.Window, _ = strconv.Atoi(strings.Fields(r.param)[0])
		pat.Streams = []Stream{{Chunk: 64, Pitch: 64, Random: name == "random_read_window"}}
	default:
		return p, pat, false
	}
	return p, pat, true
}

// bound is the relative error of the fraction of peak that a row is held to. Strided points depend on which of several waiting
// rows a scheduler closes first: the peer's own two variants differ by 0.18 on the same stream.
func (r peer) bound() float64 {
	if r.pattern == "strided_read_64KiB" {
		return 0.45
	}
	return 0.05
}

// The command-level model against an established simulator on every stream whose mapping both have. Both scheduler variants of
// the peer are compared with our one. The reference mapping runs in full, the others on a quarter of the requests.
func TestPeerBandwidthAndLatency(t *testing.T) {
	if testing.Short() {
		t.Skip("runs 222 streams")
	}
	compared := 0
	for _, r := range peers(t) {
		p, pat, ok := r.setup()
		if !ok {
			continue
		}
		if !strings.Contains(r.notes, "map=robacobg;sched=frfcfs") {
			pat.Bursts /= 4
		}
		res, err := Run(p, pat, nil)
		if err != nil {
			t.Fatal(err)
		}
		compared++
		name := r.pattern + " " + r.param + " " + strings.Join(strings.Split(r.notes, ";")[:2], " ")
		fraction, latency := res.Fraction(p)/r.fraction-1, 0.0
		if r.latency > 0 {
			latency = res.ReadLatency.Mean()/1.2/r.latency - 1
		}
		t.Logf("%-75s %.4f %.4f %+6.2f %%  %6.1f ns %+6.2f %%", name, r.fraction, res.Fraction(p), fraction*100, r.latency, latency*100)
		if math.Abs(fraction) > r.bound() {
			t.Errorf("%s: fraction of peak %.4f, peer %.4f", name, res.Fraction(p), r.fraction)
		}
		if r.pattern != "strided_read_64KiB" && math.Abs(latency) > 0.08 {
			t.Errorf("%s: mean latency %.1f ns, peer %.1f ns", name, res.ReadLatency.Mean()/1.2, r.latency)
		}
	}
	if compared != 222 {
		t.Errorf("%d rows of the table compared, not 222", compared)
	}
}

// One read at a time on an idle channel: row open, bank closed, another row open. The peer measured 18.3, 32.5 and 46.7 ns:
// 1 + tCL + BL, then + tRCD, then + tRP clocks of 1/1.2 ns.
func TestUnloadedLatency(t *testing.T) {
	p := ddr4.Default()
	p.TREFI = 0
	row := p.RowBytes * int64(p.Banks()) // the next row of the same bank
	for _, c := range []struct {
		name  string
		addrs []int64
		want  float64
	}{
		{"closed", []int64{0}, 32.5},
		{"hit", []int64{0, 256}, 18.3},
		{"conflict", []int64{0, row}, 46.7},
	} {
		ctl, err := ddr4.New(p)
		if err != nil {
			t.Fatal(err)
		}
		var last int64
		clock := int64(0)
		for _, a := range c.addrs {
			ctl.Step(clock)
			ctl.Enqueue(a, false, 0)
			for {
				if cmd, ok := ctl.Step(math.MaxInt64); ok && cmd.Kind == ddr4.Read {
					last = cmd.End - cmd.Arrival
					break
				}
			}
			clock = ctl.Clock() + 1000
		}
		if got := float64(last) / 1.2; math.Abs(got-c.want) > 0.05 {
			t.Errorf("%s: %.2f ns, peer %.1f", c.name, got, c.want)
		}
	}
}
