package ddr4

import (
	"errors"
	"fmt"
	"math/bits"

	"satsim/internal/quantity"
)

// Params describes one channel, its device and its controller. Times are in DRAM clocks, under their JEDEC names.
type Params struct {
	Clock quantity.Frequency `yaml:"clock"` // command clock: half the data rate

	BankGroups    int   `yaml:"bank_groups"`
	BanksPerGroup int   `yaml:"banks_per_group"`
	Rows          int64 `yaml:"rows"`
	RowBytes      int64 `yaml:"row_bytes"`   // of the whole channel
	BurstBytes    int64 `yaml:"burst_bytes"` // of one column command

	TCL   int64 `yaml:"tcl"`    // read command to first data
	TCWL  int64 `yaml:"tcwl"`   // write command to first data
	BL    int64 `yaml:"bl"`     // clocks of data of a burst (half the burst length)
	TRCD  int64 `yaml:"trcd"`   // activate to column command
	TRP   int64 `yaml:"trp"`    // precharge to activate
	TRAS  int64 `yaml:"tras"`   // activate to precharge
	TRC   int64 `yaml:"trc"`    // activate to activate, one bank
	TCCDS int64 `yaml:"tccd_s"` // column to column command, other bank group
	TCCDL int64 `yaml:"tccd_l"` // the same group
	TRRDS int64 `yaml:"trrd_s"` // activate to activate, other bank group
	TRRDL int64 `yaml:"trrd_l"` // the same group
	TFAW  int64 `yaml:"tfaw"`   // window that holds at most four activates
	TWR   int64 `yaml:"twr"`    // end of write data to precharge
	TWTRS int64 `yaml:"twtr_s"` // end of write data to read, other bank group
	TWTRL int64 `yaml:"twtr_l"` // the same group
	TRTP  int64 `yaml:"trtp"`   // read to precharge
	TRTW  int64 `yaml:"trtw"`   // end of read data to start of write data: preamble and turn-around of the bus
	TREFI int64 `yaml:"trefi"`  // average distance of refreshes; 0: never
	TRFC  int64 `yaml:"trfc"`   // refresh to any other command

	Mapping    string `yaml:"mapping"`
	ReadQueue  int    `yaml:"read_queue"`
	WriteQueue int    `yaml:"write_queue"`
	DrainHigh  int    `yaml:"drain_high"` // writes queued at which reads give way ...
	DrainLow   int    `yaml:"drain_low"`  // ... until no more than these are left
	MaxAge     int64  `yaml:"max_age"`    // clocks after which the oldest request goes before row hits
}

// Default is a DDR4-2400T channel of 64 bits (sources in doc.go): 8 Gb x8 devices, one rank, 8 GiB; its controller interleaves bank groups.
func Default() Params {
	return Params{
		Clock:      1_200_000_000,
		BankGroups: 4, BanksPerGroup: 4, Rows: 65536, RowBytes: 8192, BurstBytes: 64,
		TCL: 17, TCWL: 12, BL: 4, TRCD: 17, TRP: 17, TRAS: 39, TRC: 56,
		TCCDS: 4, TCCDL: 6, TRRDS: 4, TRRDL: 6, TFAW: 26,
		TWR: 18, TWTRS: 3, TWTRL: 9, TRTP: 9, TRTW: 2, TREFI: 9360, TRFC: 420,
		Mapping: RoBaCoBg, ReadQueue: 32, WriteQueue: 32, DrainHigh: 26, DrainLow: 6, MaxAge: 4096,
	}
}

// Validate reports every parameter that no channel can have.
func (p Params) Validate() error {
	var errs []error
	refuse := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	power := func(key string, v, most int64) {
		refuse(v < 1 || v > most || bits.OnesCount64(uint64(v)) != 1, "%s: %d is out of range; a power of two up to %d is accepted", key, v, most)
	}
	within := func(key string, v, least, most int64) {
		refuse(v < least || v > most, "%s: %d is out of range; %d to %d are accepted", key, v, least, most)
	}
	within("clock", int64(p.Clock), 1, 10_000_000_000)
	power("bank_groups", int64(p.BankGroups), 8)
	power("banks_per_group", int64(p.BanksPerGroup), 8)
	power("rows", p.Rows, 1<<24)
	power("row_bytes", p.RowBytes, 1<<20)
	power("burst_bytes", p.BurstBytes, 1<<12)
	refuse(p.BurstBytes > p.RowBytes, "burst_bytes: %d is more than a row; up to row_bytes (%d) is accepted", p.BurstBytes, p.RowBytes)
	for _, t := range p.times() {
		within(t.key, t.value, t.least, 1<<20)
	}
	refuse(p.TREFI != 0 && p.TREFI <= p.TRFC+p.TRP+p.TRAS, "trefi: %d leaves no time between refreshes; 0 (never) or more than trfc + trp + tras (%d) is accepted", p.TREFI, p.TRFC+p.TRP+p.TRAS)
	refuse(p.TCL+p.BL+p.TRTW <= p.TCWL, "tcwl: %d is so long that writes would overtake reads; less than tcl + bl + trtw (%d) is accepted", p.TCWL, p.TCL+p.BL+p.TRTW)
	refuse(p.TCCDS < p.BL, "tccd_s: %d lets bursts overlap; at least bl (%d) is accepted", p.TCCDS, p.BL)
	_, known := mappings[p.Mapping]
	refuse(!known, "mapping: %q is not known; %s are accepted", p.Mapping, Mappings())
	within("read_queue", int64(p.ReadQueue), 1, maxQueue)
	within("write_queue", int64(p.WriteQueue), 1, maxQueue)
	within("drain_high", int64(p.DrainHigh), 1, int64(p.WriteQueue))
	within("drain_low", int64(p.DrainLow), 0, int64(p.DrainHigh)-1)
	within("max_age", p.MaxAge, 1, 1<<40)
	return errors.Join(errs...)
}

// maxQueue bounds the requests that a controller can hold.
const maxQueue = 1024

type namedTime struct {
	key          string
	value, least int64
}

func (p Params) times() []namedTime {
	return []namedTime{
		{"tcl", p.TCL, 1}, {"tcwl", p.TCWL, 1}, {"bl", p.BL, 1}, {"trcd", p.TRCD, 1}, {"trp", p.TRP, 1}, {"tras", p.TRAS, 1},
		{"trc", p.TRC, 1}, {"tccd_s", p.TCCDS, 1}, {"tccd_l", p.TCCDL, p.TCCDS}, {"trrd_s", p.TRRDS, 1}, {"trrd_l", p.TRRDL, p.TRRDS},
		{"tfaw", p.TFAW, 1}, {"twr", p.TWR, 0}, {"twtr_s", p.TWTRS, 0}, {"twtr_l", p.TWTRL, p.TWTRS}, {"trtp", p.TRTP, 1},
		{"trtw", p.TRTW, 0}, {"trefi", p.TREFI, 0}, {"trfc", p.TRFC, 1},
	}
}

// Banks is the number of banks of the channel.
func (p Params) Banks() int { return p.BankGroups * p.BanksPerGroup }

// Capacity is the bytes of the channel.
func (p Params) Capacity() int64 { return p.Rows * p.RowBytes * int64(p.Banks()) }

// PeakBandwidth is the bytes a second of the data bus.
func (p Params) PeakBandwidth() float64 {
	return float64(p.BurstBytes) / float64(p.BL) * float64(p.Clock)
}
