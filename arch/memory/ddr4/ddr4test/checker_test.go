package ddr4test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"satsim/arch/memory/ddr4"
)

// drawParams is a random legal channel.
func drawParams(t *rapid.T) ddr4.Params {
	p := ddr4.Default()
	vary := func(name string, v *int64, least int64) {
		*v = rapid.Int64Range(least, max(least, *v*3/2)).Draw(t, name)
	}
	vary("tcl", &p.TCL, p.TCWL)
	vary("trcd", &p.TRCD, 1)
	vary("trp", &p.TRP, 1)
	vary("tras", &p.TRAS, 1)
	vary("trc", &p.TRC, 1)
	vary("tccd_l", &p.TCCDL, p.TCCDS)
	vary("trrd_s", &p.TRRDS, 1)
	vary("trrd_l", &p.TRRDL, p.TRRDS)
	vary("tfaw", &p.TFAW, 1)
	vary("twr", &p.TWR, 0)
	vary("twtr_s", &p.TWTRS, 0)
	vary("twtr_l", &p.TWTRL, p.TWTRS)
	vary("trtp", &p.TRTP, 1)
	vary("trtw", &p.TRTW, 0)
	vary("trfc", &p.TRFC, 1)
	tight := p.TRFC + p.TRP + p.TRAS + 50 // hardly any time between refreshes
	p.TREFI = rapid.SampledFrom([]int64{0, tight, 2000}).Draw(t, "trefi")
	p.BankGroups = rapid.SampledFrom([]int{1, 2, 4}).Draw(t, "bank_groups")
	p.BanksPerGroup = rapid.SampledFrom([]int{1, 4}).Draw(t, "banks_per_group")
	p.Mapping = rapid.SampledFrom([]string{ddr4.RoBaBgCo, ddr4.RoBaCoBg, ddr4.RoCoBaBg, ddr4.RoBaCoBgX}).Draw(t, "mapping")
	p.ReadQueue = rapid.IntRange(1, 40).Draw(t, "read_queue")
	p.WriteQueue = rapid.IntRange(1, 40).Draw(t, "write_queue")
	p.DrainHigh = rapid.IntRange(1, p.WriteQueue).Draw(t, "drain_high")
	p.DrainLow = rapid.IntRange(0, p.DrainHigh-1).Draw(t, "drain_low")
	p.MaxAge = rapid.SampledFrom([]int64{1, 100, 4096}).Draw(t, "max_age")
	return p
}

func drawPattern(t *rapid.T) Pattern {
	stream := rapid.Custom(func(t *rapid.T) Stream {
		return Stream{
			Base:   rapid.Int64Range(0, 1<<20).Draw(t, "base") &^ 63,
			Chunk:  64 * rapid.SampledFrom([]int64{1, 2, 5, 64}).Draw(t, "chunk"),
			Pitch:  64 * rapid.SampledFrom([]int64{1, 3, 128, 1024, 4096}).Draw(t, "pitch"),
			Random: rapid.Bool().Draw(t, "random"),
			Write:  rapid.Bool().Draw(t, "write"),
		}
	})
	return Pattern{
		Streams: rapid.SliceOfN(stream, 1, 3).Draw(t, "streams"),
		Bursts:  rapid.Int64Range(1, 2500).Draw(t, "bursts"),
		Window:  rapid.SampledFrom([]int{0, 0, 1, 7}).Draw(t, "window"),
		Barrier: rapid.Bool().Draw(t, "barrier"),
		Seed:    rapid.Uint64().Draw(t, "seed"),
	}
}

// Whatever the traffic and the times, no command of the whole stream breaks a constraint, and every burst is served once.
func TestNoConstraintIsBroken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, pat := drawParams(t), drawPattern(t)
		check := NewChecker(p)
		res, err := Run(p, pat, func(c ddr4.Command) {
			for _, v := range check.Check(c) {
				t.Error(v)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := res.Reads + res.Writes; got != pat.Bursts {
			t.Errorf("%d bursts served of %d", got, pat.Bursts)
		}
		n := res.Counters
		if n.Hits+n.Misses+n.Conflicts != pat.Bursts {
			t.Errorf("%d hits + %d misses + %d conflicts are not %d bursts", n.Hits, n.Misses, n.Conflicts, pat.Bursts)
		}
	})
}

// busy is traffic in which every constraint decides a command somewhere.
func busy() []Pattern {
	random := Stream{Chunk: 64, Random: true}
	written := Stream{Chunk: 64, Random: true, Write: true}
	return []Pattern{
		{Streams: []Stream{random}, Bursts: 4000, Seed: 1},
		{Streams: []Stream{written}, Bursts: 4000, Seed: 2},
		{Streams: []Stream{random, written}, Bursts: 4000, Seed: 3},
		{Streams: []Stream{random}, Bursts: 400, Window: 1, Seed: 4},
		{Streams: []Stream{{Chunk: 64, Pitch: 64}, {Base: 4 << 30, Chunk: 64, Pitch: 64, Write: true}}, Bursts: 4000},
		{Streams: []Stream{{Chunk: 64, Pitch: 256}, {Chunk: 64, Pitch: 256, Write: true}}, Bursts: 4000},
		{Streams: []Stream{{Chunk: 64, Pitch: 64}, {Chunk: 64, Pitch: 64, Write: true}}, Bursts: 400, Barrier: true},
		{Streams: []Stream{{Chunk: 64, Pitch: 64}}, Bursts: 4000},
		{Streams: []Stream{{Chunk: 64, Pitch: 128 << 10}}, Bursts: 1000},
		{Streams: []Stream{{Chunk: 64, Pitch: 128 << 10, Write: true}}, Bursts: 1000},
	}
}

func broken(t *testing.T, run, check ddr4.Params) []string {
	t.Helper()
	var names []string
	for _, pat := range busy() {
		k := NewChecker(check)
		_, err := Run(run, pat, func(c ddr4.Command) {
			for _, v := range k.Check(c) {
				if !slices.Contains(names, v.Constraint) {
					names = append(names, v.Constraint)
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// A controller that takes one clock too few for one constraint is caught, by that constraint's name; one that keeps all is not.
func TestCheckerCatchesAWrongController(t *testing.T) {
	if testing.Short() {
		t.Skip("runs 200 patterns")
	}
	if names := broken(t, ddr4.Default(), ddr4.Default()); len(names) > 0 {
		t.Fatalf("the right controller breaks %v", names)
	}
	for name, mutate := range map[string]func(*ddr4.Params){
		"tCL":    func(p *ddr4.Params) { p.TCL-- },
		"tCWL":   func(p *ddr4.Params) { p.TCWL-- },
		"tRCD":   func(p *ddr4.Params) { p.TRCD-- },
		"tRP":    func(p *ddr4.Params) { p.TRP-- },
		"tRAS":   func(p *ddr4.Params) { p.TRAS-- },
		"tRC":    func(p *ddr4.Params) { p.TRC--; p.TRAS-- }, // tRAS + tRP alone would keep it
		"tCCD_S": func(p *ddr4.Params) { p.TCCDS--; p.BL-- },
		"tCCD_L": func(p *ddr4.Params) { p.TCCDL-- },
		"tRRD_S": func(p *ddr4.Params) { p.TRRDS-- },
		"tRRD_L": func(p *ddr4.Params) { p.TRRDL-- },
		"tFAW":   func(p *ddr4.Params) { p.TFAW-- },
		"tWR":    func(p *ddr4.Params) { p.TWR-- },
		"tWTR_S": func(p *ddr4.Params) { p.TWTRS-- },
		"tWTR_L": func(p *ddr4.Params) { p.TWTRL-- },
		"tRTP":   func(p *ddr4.Params) { p.TRTP-- },
		"tRTW":   func(p *ddr4.Params) { p.TRTW-- },
		"tRFC":   func(p *ddr4.Params) { p.TRFC-- },
		"tREFI":  func(p *ddr4.Params) { p.TREFI-- },
		"data":   func(p *ddr4.Params) { p.BL-- },
	} {
		p := ddr4.Default()
		mutate(&p)
		if names := broken(t, p, ddr4.Default()); !slices.Contains(names, name) {
			t.Errorf("%s shortened by a clock: the checker names %v", name, names)
		}
	}
}

// Streams that no controller of ours produces, each wrong in one way. ACT at 0 of row 5, RD at 17, PRE at 39 are right.
func TestCheckerCatchesWrongStreams(t *testing.T) {
	at := ddr4.Place{Row: 5}
	act := ddr4.Command{Clock: 0, Kind: ddr4.Activate, Place: at}
	rd := ddr4.Command{Clock: 17, Kind: ddr4.Read, Place: at, Data: 34, End: 38}
	pre := ddr4.Command{Clock: 39, Kind: ddr4.Precharge, Place: at}
	other := rd
	other.Place.Row = 6
	twice := rd
	twice.Clock = 0
	for _, c := range []struct {
		name    string
		want    string
		refresh int64 // tREFI
		stream  []ddr4.Command
	}{
		{"right", "", 9364, []ddr4.Command{act, rd, pre}},
		{"read of a closed bank", "state", 9364, []ddr4.Command{rd}},
		{"read of another row", "state", 9364, []ddr4.Command{act, other}},
		{"activate of an open bank", "state", 9364, []ddr4.Command{act, {Clock: 60, Kind: ddr4.Activate, Place: at}}},
		{"refresh with an open bank", "state", 50, []ddr4.Command{act, {Clock: 100, Kind: ddr4.Refresh}}},
		{"refresh before it is due", "tREFI", 9364, []ddr4.Command{{Clock: 100, Kind: ddr4.Refresh}}},
		{"nine refreshes late", "tREFI", 10, []ddr4.Command{{Clock: 95, Kind: ddr4.Activate, Place: at}}},
		{"two commands in a clock", "bus", 9364, []ddr4.Command{act, twice}},
		{"back in time", "bus", 9364, []ddr4.Command{{Clock: 5, Kind: ddr4.Activate, Place: at}, act}},
		{"overlapping data", "data", 9364, []ddr4.Command{act, rd, {Clock: 20, Kind: ddr4.Read, Place: at, Data: 37, End: 41}}},
	} {
		p := ddr4.Default()
		p.TREFI = c.refresh
		k := NewChecker(p)
		var names []string
		for _, cmd := range c.stream {
			for _, v := range k.Check(cmd) {
				names = append(names, v.Constraint)
			}
		}
		if c.want == "" && len(names) > 0 || c.want != "" && !slices.Contains(names, c.want) {
			t.Errorf("%s: the checker names %v, want %q", c.name, names, c.want)
		}
	}
}
