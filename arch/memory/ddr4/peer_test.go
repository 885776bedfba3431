package ddr4

import (
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
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

// setup is the channel and the pattern that a row describes.
func (r peer) setup() (Params, Pattern, bool) {
	p := Default()
	switch {
	case strings.Contains(r.notes, "map=robaracoch"):
		p.Mapping = RoBaBgCo
	case strings.Contains(r.notes, "map=robacobg"):
		p.Mapping = RoBaCoBg
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

func TestPrintPeers(t *testing.T) {
	for _, r := range peers(t) {
		if strings.Contains(r.notes, "sched=rowhit") {
			continue
		}
		p, pat, ok := r.setup()
		if !ok {
			continue
		}
		res, err := Run(p, pat, nil)
		if err != nil {
			t.Fatal(err)
		}
		note := strings.Split(r.notes, ";")[0]
		fmt.Printf("%-22s %-20s %-18s %6.4f %6.4f %+6.2f%%  lat %6.1f %6.1f %+6.2f%%  h/m/c %d %d %d | %s\n", r.pattern, r.param, note, r.fraction, res.Fraction(p), (res.Fraction(p)/r.fraction-1)*100,
			r.latency, res.ReadLatency.Mean()/1.2, (res.ReadLatency.Mean()/1.2/max(r.latency, 1)-1)*100, res.Counters.Hits, res.Counters.Misses, res.Counters.Conflicts, r.notes[len(note):])
	}
}
