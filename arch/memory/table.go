package memory

import "strings"

// DDR4 is a 64-bit channel of DDR4-2400.
const DDR4 = "ddr4-2400"

const (
	maxHz = 10_000_000_000
	knots = 11 // run lengths of a table: 64 B, 128 B, ..., 64 KiB
)

// Table is what the fast model knows about one channel of a technology. Times are thousandths of a DRAM clock (mclk), so
// that fitted figures stay integers.
type Table struct {
	ClockHz     int64 // DRAM command clock
	BurstBytes  int64 // the least that moves
	BurstClocks int64 // clocks of the data bus that a burst takes
	Latency     int64 // mclk from a read's arrival at an idle controller to its first data, bank closed
	WriteQueue  int64 // bytes of writes that the controller takes before the DRAM has
	ReadToWrite int64 // mclk that the data bus idles between a read and a write
	WriteToRead int64 //
	RefreshBusy int64 // clocks lost to each refresh ...
	RefreshEach int64 // ... of which there is one in so many clocks

	// Read and Write hold the mclk that a run of 64<<i bytes occupies the channel, runs following one another at
	// addresses that have nothing in common. Between two lengths the time is linear; beyond the last it grows at the peak
	// rate.
	Read, Write [knots]int64
}

// tables holds the technologies by name.
var tables = map[string]Table{
	DDR4: {
		ClockHz: 1_200_000_000, BurstBytes: 64, BurstClocks: 4,
		Latency: 39_000, WriteQueue: 2048, ReadToWrite: 9_000, WriteToRead: 22_000,
		RefreshBusy: 470, RefreshEach: 9364,
		Read:  [knots]int64{6500, 12600, 23000, 41000, 75000, 137000, 260000, 514000, 1025000, 2049000, 4097000},
		Write: [knots]int64{6500, 12600, 23000, 41000, 75000, 137000, 260000, 514000, 1025000, 2049000, 4097000},
	},
}

// Technologies lists the names that Params.Technology accepts.
func Technologies() string { return strings.Join([]string{DDR4}, ", ") }

// run is the mclk of one run of so many bytes, a whole number of bursts.
func (t *Table) run(costs *[knots]int64, bytes int64) int64 {
	last := t.BurstBytes << (knots - 1)
	if bytes >= last {
		return costs[knots-1] + (bytes-last)/t.BurstBytes*t.BurstClocks*1000
	}
	i := 0
	for t.BurstBytes<<(i+1) <= bytes {
		i++
	}
	low := t.BurstBytes << i
	return costs[i] + (costs[i+1]-costs[i])*(bytes-low)/low
}
