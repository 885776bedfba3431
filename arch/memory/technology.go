package memory

import (
	"satsim/arch/memory/ddr4"
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
}

func technologies() [2]technology {
	return [...]technology{
		{DDR4, ddr4.Default(), &ddr4Table},
		{HBM2, hbm2(), &hbm2Table},
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

// Device is the command-level description of a technology.
func Device(name string) (ddr4.Params, bool) {
	t, ok := technologyOf(name)
	return t.device, ok
}
