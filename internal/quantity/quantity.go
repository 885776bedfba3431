package quantity

// Frequency is in Hz.
type Frequency int64

// Bytes is a number of bytes.
type Bytes int64

// Bandwidth is in bytes per second.
type Bandwidth int64

// Time is in picoseconds.
type Time int64

// Energy is in joules.
type Energy float64

// Power is in watts.
type Power float64

var (
	frequency = kind{"a frequency", []unit{{"Hz", 1, 0}, {"kHz", 1, 3}, {"MHz", 1, 6}, {"GHz", 1, 9}}}
	size      = kind{"a number of bytes", []unit{{"B", 1, 0}, {"kB", 1, 3}, {"MB", 1, 6}, {"GB", 1, 9}, {"TB", 1, 12},
		{"KiB", 1 << 10, 0}, {"MiB", 1 << 20, 0}, {"GiB", 1 << 30, 0}, {"TiB", 1 << 40, 0}}}
	bandwidth = kind{"a bandwidth", []unit{{"B/s", 1, 0}, {"kB/s", 1, 3}, {"MB/s", 1, 6}, {"GB/s", 1, 9}, {"TB/s", 1, 12},
		{"KiB/s", 1 << 10, 0}, {"MiB/s", 1 << 20, 0}, {"GiB/s", 1 << 30, 0}, {"TiB/s", 1 << 40, 0}}}
	duration = kind{"a time", []unit{{"ps", 1, 0}, {"ns", 1, 3}, {"us", 1, 6}, {"ms", 1, 9}, {"s", 1, 12}}}
	energy   = kind{"an energy", []unit{{"aJ", 1, -18}, {"fJ", 1, -15}, {"pJ", 1, -12}, {"nJ", 1, -9}, {"uJ", 1, -6},
		{"mJ", 1, -3}, {"J", 1, 0}, {"kJ", 1, 3}}}
	power = kind{"a power", []unit{{"nW", 1, -9}, {"uW", 1, -6}, {"mW", 1, -3}, {"W", 1, 0}, {"kW", 1, 3}}}
)

// ParseFrequency reads "200MHz".
func ParseFrequency(s string) (Frequency, error) {
	v, err := frequency.whole(s)
	return Frequency(v), err
}

// ParseBytes reads "2MiB".
func ParseBytes(s string) (Bytes, error) { v, err := size.whole(s); return Bytes(v), err }

// ParseBandwidth reads "19.2GB/s".
func ParseBandwidth(s string) (Bandwidth, error) {
	v, err := bandwidth.whole(s)
	return Bandwidth(v), err
}

// ParseTime reads "13.75ns".
func ParseTime(s string) (Time, error) { v, err := duration.whole(s); return Time(v), err }

// ParseEnergy reads "1.2pJ".
func ParseEnergy(s string) (Energy, error) { v, err := energy.float(s); return Energy(v), err }

// ParsePower reads "0.3W".
func ParsePower(s string) (Power, error) { v, err := power.float(s); return Power(v), err }

func (f Frequency) String() string { return frequency.printWhole(int64(f)) }
func (b Bytes) String() string     { return size.printWhole(int64(b)) }
func (b Bandwidth) String() string { return bandwidth.printWhole(int64(b)) }
func (t Time) String() string      { return duration.printWhole(int64(t)) }
func (e Energy) String() string    { return energy.printFloat(float64(e)) }
func (p Power) String() string     { return power.printFloat(float64(p)) }

// Seconds is the time in seconds.
func (t Time) Seconds() float64 { return float64(t) / 1e12 }
