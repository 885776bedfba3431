package ddr4

import (
	"testing"

	"pgregory.net/rapid"
)

// The fields of robacobg, least significant first: 64 B | 2 bits of group | 7 of column | 2 of bank | row.
func TestMappingByHand(t *testing.T) {
	p := Default()
	for _, c := range []struct {
		mapping string
		addr    int64
		want    Place
	}{
		{RoBaCoBg, 64, Place{Group: 1, Bank: 4}},
		{RoBaCoBg, 256, Place{Column: 1}},
		{RoBaCoBg, 32 << 10, Place{Bank: 1}},
		{RoBaCoBg, 128<<10 | 192, Place{Group: 3, Bank: 12, Row: 1}},
		{RoBaBgCo, 64, Place{Column: 1}},
		{RoBaBgCo, 8 << 10, Place{Group: 1, Bank: 4}},
		{RoBaBgCo, 32 << 10, Place{Bank: 1}},
		{RoCoBaBg, 256, Place{Bank: 1}},
		{RoCoBaBg, 1024, Place{Column: 1}},
		{RoBaCoBgX, 128 << 10, Place{Group: 1, Bank: 4, Row: 1}},     // row 1 flips a group bit
		{RoBaCoBgX, 4 * 128 << 10, Place{Group: 0, Bank: 1, Row: 4}}, // row 4 flips a bank bit
	} {
		p.Mapping = c.mapping
		m := newMapper(p)
		if got := m.place(c.addr); got != c.want {
			t.Errorf("%s of %#x: %+v, want %+v", c.mapping, c.addr, got, c.want)
		}
	}
}

// No two bursts of the channel share a place.
func TestMappingIsOneToOne(t *testing.T) {
	p := Default()
	p.BankGroups, p.BanksPerGroup, p.Rows, p.RowBytes = 2, 4, 16, 512
	for name := range mappings {
		p.Mapping = name
		m := newMapper(p)
		seen := map[Place]int64{}
		for a := int64(0); a < p.Capacity(); a += p.BurstBytes {
			pl := m.place(a)
			if b, ok := seen[pl]; ok {
				t.Fatalf("%s: %#x and %#x share %+v", name, a, b, pl)
			}
			if seen[pl] = a; pl.Group != pl.Bank/p.BanksPerGroup || pl.Bank >= p.Banks() || pl.Row >= p.Rows || pl.Column >= p.RowBytes/p.BurstBytes {
				t.Fatalf("%s: %#x lies outside the channel at %+v", name, a, pl)
			}
		}
	}
}

// Row hits without end to one bank starve a request to another of its rows, until its age bounds them. In robabgco a row's
// bursts are in one bank and 9 clocks (tRTP) never pass between two of them.
func TestAgeEndsStarvation(t *testing.T) {
	p := Default()
	p.TREFI, p.Mapping = 0, RoBaBgCo
	worst := func(age int64) int64 {
		p.MaxAge = age
		c, err := New(p)
		if err != nil {
			t.Fatal(err)
		}
		c.Step(0)
		column := int64(0)
		hit := func() { c.Enqueue(column%128*64, false, 0); column++ }
		hit()
		c.Enqueue(p.RowBytes*16, false, 1) // the next row of bank 0
		for range 3000 {
			for c.Room(false) {
				hit()
			}
			if cmd, _ := c.Step(never); cmd.Kind == Read && cmd.Tag == 1 {
				return cmd.End - cmd.Arrival
			}
		}
		return never
	}
	if got := worst(1 << 30); got != never {
		t.Errorf("nothing starves without a bound of age: served after %d clocks; the test shows nothing", got)
	}
	// Once aged: the last hit's tRTP, then tRP + tRCD + tCL + BL and a clock each of granularity.
	if got, most := worst(1000), 1000+p.TRTP+p.TRP+p.TRCD+p.TCL+p.BL+p.TCCDL; got > most {
		t.Errorf("served after %d clocks, at most %d allowed", got, most)
	}
}

// A lone write meets reads of another row of its bank, one every 24 clocks, so that no read waits for most of the time. Its row is closed and opened for it
// once and then it is issued: three activates by hand, the reads' row, the write's, and the reads' again. A controller that turns back to the read that
// came while the row was being closed opens the reads' row again and again, and the write waits for ever.
func TestARowThatIsClosedForAWriteIsOpenedForIt(t *testing.T) {
	p := Default()
	p.TREFI = 0
	c, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	c.Step(0)
	const reads, apart = 200, 24
	for i := range int64(reads) {
		c.Enqueue(i%128*int64(p.BankGroups)*p.BurstBytes, false, 0) // column after column of bank 0, row 0
		if i == 0 {
			c.Enqueue(p.RowBytes*int64(p.Banks()), true, 1) // its next row
		}
		for end := (i + 1) * apart; c.Clock() < end; {
			c.Step(end)
		}
	}
	got := c.Counters()
	if got.Commands[Activate] != 3 || got.Commands[Write] != 1 || got.Commands[Precharge] != 2 || got.Commands[Read]+int64(c.Pending()) != reads {
		t.Errorf("%+v and %d pending; want 3 activates, 2 precharges, 1 write, %d reads", got, c.Pending(), reads)
	}
}

// Parameters that no channel has are refused by name, and never panic.
func TestParamsAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Default()
		v := rapid.Int64().Draw(t, "v")
		switch rapid.IntRange(0, 5).Draw(t, "which") {
		case 0:
			p.Rows = v
		case 1:
			p.TRCD = v
		case 2:
			p.ReadQueue = int(v)
		case 3:
			p.BurstBytes = v
		case 4:
			p.TREFI = v
		case 5:
			p.BankGroups = int(v)
		}
		if c, err := New(p); err == nil {
			c.Step(0)
			c.Enqueue(1<<20, true, 0)
			c.Step(1000)
		}
	})
}
