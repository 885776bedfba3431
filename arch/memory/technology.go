package memory

import (
	"fmt"
	"strings"

	"satsim/arch/memory/ddr4"
	"satsim/internal/diag"
	"satsim/internal/quantity"
)

// Technologies by name.
const (
	DDR4 = "ddr4-2400" // a 64-bit DIMM
	HBM2 = "hbm2-1800" // one pseudo-channel of 64 bits
)

// technology is a DRAM: the device for the command-level model, and the table that was fitted to it for the fast one.
type technology struct {
	name   string
	device ddr4.Params
	table  *TimingTable
	rows   [2]int64 // of a bank, from the smallest device to the largest, in powers of two
}

func technologies() [2]technology {
	return [...]technology{
		// JESD79-4, table of addresses: 14 bits of a row in a 2 Gb device x8, 18 in one of 16 Gb x4. Rank bits would be more of them; one rank is modelled.
		{DDR4, ddr4.Default(), &ddr4Table, [2]int64{1 << 14, 1 << 18}},
		// JESD235A: 2, 4 and 8 Gb a channel of two pseudo-channels. The 8 Gb of a high stack have a stack address instead of a row's 15th bit: assumption, it is one.
		{HBM2, hbm2(), &hbm2Table, [2]int64{1 << 13, 1 << 15}},
	}
}

// hbm2 is a pseudo-channel of an HBM2 stack as FPGAs have it: 256 MiB and 14.4 GB/s each (AMD UG1393, "HBM configuration and use",
// for the Alveo U50 and U280), 16 banks in 4 groups, rows of 1 KiB, bursts of 32 B (JESD235A, pseudo-channel mode). Times are
// those that gem5 publishes for HBM2 after JESD235A (interface HBM_2000_4H_1x64: tRCD 12, tRP 14, tRAS 28, tCL 18, tCWL 7, tCCD_L 3,
// tRRD 4/6, tFAW 16, tWR 14, tWTR 4/9, tRTP 5, read to write 18, tRFC 220 and tREFI 3900 ns), in clocks of 900 MHz, rounded up.
func hbm2() ddr4.Params {
	p := ddr4.Default()
	p.Clock = 900_000_000
	p.BankGroups, p.BanksPerGroup, p.Rows, p.RowBytes, p.BurstBytes = 4, 4, 16384, 1024, 32
	p.TCL, p.TCWL, p.BL, p.TRCD, p.TRP, p.TRAS, p.TRC = 17, 7, 2, 11, 13, 26, 39
	p.TCCDS, p.TCCDL, p.TRRDS, p.TRRDL, p.TFAW = 2, 3, 4, 6, 15
	p.TWR, p.TWTRS, p.TWTRL, p.TRTP, p.TRTW = 13, 4, 9, 5, 5 // tRTW: 17 + 2 + 5 - 7 clocks are 18 ns
	p.TREFI, p.TRFC = 3510, 198
	p.ReadQueue, p.WriteQueue, p.DrainHigh, p.DrainLow = 64, 64, 52, 12 // gem5's buffers; drained as the DDR4's
	return p
}

func technologyOf(name string) (technology, bool) {
	for _, t := range technologies() {
		if t.name == name {
			return t, true
		}
	}
	return technology{}, false
}

// Technologies lists the names that Params.Technology accepts.
func Technologies() []string {
	var names []string
	for _, t := range technologies() {
		names = append(names, t.name)
	}
	return names
}

// Device is the command-level description of one channel of the memory: its technology's, with the rows that make up the channel's capacity.
func (p Params) Device() (ddr4.Params, error) {
	t, ok := technologyOf(p.Technology)
	if !ok {
		return t.device, fmt.Errorf("technology: %q is not known; %s are accepted", p.Technology, strings.Join(Technologies(), ", "))
	}
	fits := Capacities(p.Technology)
	for i, c := range fits {
		if c == p.CapacityPerChannel {
			t.device.Rows = t.rows[0] << i
			return t.device, nil
		}
	}
	return t.device, diag.Field("capacity_per_channel", fmt.Sprintf("%v is no channel of %s, which has %d banks of %d to %d rows of %v, a power of two",
		p.CapacityPerChannel, t.name, t.device.Banks(), t.rows[0], t.rows[1], quantity.Bytes(t.device.RowBytes)), listed(fits))
}

// Capacities are those that a channel of a technology can have, the smallest first.
func Capacities(technology string) (fit []quantity.Bytes) {
	t, _ := technologyOf(technology)
	for rows := t.rows[0]; rows > 0 && rows <= t.rows[1]; rows *= 2 {
		fit = append(fit, quantity.Bytes(rows*t.device.RowBytes*int64(t.device.Banks())))
	}
	return fit
}

// listed is a list as a sentence has it.
func listed(fit []quantity.Bytes) string {
	var b strings.Builder
	for i, c := range fit {
		switch {
		case i > 0 && i == len(fit)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(c.String())
	}
	return b.String()
}
