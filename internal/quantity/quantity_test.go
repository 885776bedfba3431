package quantity

import (
	"encoding"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is read, in base units, worked by hand.
func TestParse(t *testing.T) {
	whole := []struct {
		parse func(string) (int64, error)
		text  string
		want  int64
	}{
		{frequency.whole, "200MHz", 200e6},
		{frequency.whole, "200 MHz", 200e6},
		{frequency.whole, "0Hz", 0},
		{frequency.whole, "0.2GHz", 200e6},
		{frequency.whole, "1066.666666MHz", 1066666666},
		{frequency.whole, "0.000000003GHz", 3},
		{frequency.whole, "007.500kHz", 7500},
		{size.whole, "512B", 512},
		{size.whole, "2MiB", 2097152},
		{size.whole, "1.5KiB", 1536},
		{size.whole, "0.0009765625KiB", 1},
		{size.whole, "64GiB", 68719476736},
		{size.whole, "1TiB", 1099511627776},
		{size.whole, "2MB", 2000000},
		{size.whole, "2kB", 2000},
		{size.whole, "9223372036854775807B", math.MaxInt64},
		{bandwidth.whole, "19.2GB/s", 19200000000},
		{bandwidth.whole, "12.8GB/s", 12800000000},
		{bandwidth.whole, "1GiB/s", 1073741824},
		{duration.whole, "13.75ns", 13750},
		{duration.whole, "7.8us", 7800000},
		{duration.whole, "833ps", 833},
		{duration.whole, "1s", 1000000000000},
	}
	for _, tt := range whole {
		if got, err := tt.parse(tt.text); got != tt.want || err != nil {
			t.Errorf("%s: got %d, %v, want %d", tt.text, got, err, tt.want)
		}
	}
	floats := []struct {
		parse func(string) (float64, error)
		text  string
		want  float64
	}{
		{energy.float, "1.2pJ", 1.2e-12},
		{energy.float, "0.3fJ", 3e-16},
		{energy.float, "15kJ", 15000},
		{energy.float, "0J", 0},
		{power.float, "0.3W", 0.3},
		{power.float, "75 mW", 0.075},
	}
	for _, tt := range floats {
		if got, err := tt.parse(tt.text); got != tt.want || err != nil {
			t.Errorf("%s: got %g, %v, want %g", tt.text, got, err, tt.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	const hz = "; accepted: a number with one of the units Hz, kHz, MHz, GHz"
	for text, want := range map[string]string{
		"200":                            `"200" has no unit` + hz,
		"0":                              `"0" has no unit` + hz,
		"2.5":                            `"2.5" has no unit` + hz,
		"":                               `"" is not a frequency` + hz,
		"MHz":                            `"MHz" is not a frequency` + hz,
		"-1MHz":                          `"-1MHz" is not a frequency` + hz,
		"+1MHz":                          `"+1MHz" is not a frequency` + hz,
		" 1MHz":                          `" 1MHz" is not a frequency` + hz,
		".5MHz":                          `".5MHz" is not a frequency` + hz,
		"5.MHz":                          `"5.MHz" is not a frequency` + hz,
		"1,5MHz":                         `"1,5MHz" has the unknown unit ",5MHz"` + hz,
		"1e3Hz":                          `"1e3Hz" has the unknown unit "e3Hz"` + hz,
		"1MHz ":                          `"1MHz " has the unknown unit "MHz ", perhaps MHz is meant` + hz,
		"1  MHz":                         `"1  MHz" has the unknown unit " MHz", perhaps MHz is meant` + hz,
		"1mhz":                           `"1mhz" has the unknown unit "mhz", perhaps MHz is meant` + hz,
		"1GB/s":                          `"1GB/s" has the unknown unit "GB/s"` + hz,
		"1furlong":                       `"1furlong" has the unknown unit "furlong"` + hz,
		"0.3Hz":                          `"0.3Hz" is no whole number of Hz; accepted: a multiple of 1Hz`,
		"0.0000000001GHz":                `"0.0000000001GHz" is no whole number of Hz; accepted: a multiple of 1Hz`,
		"9223372036854775808Hz":          `"9223372036854775808Hz" is too large; accepted: at most 9223372036854775807Hz`,
		"10000000000GHz":                 `"10000000000GHz" is too large; accepted: at most 9223372036854775807Hz`,
		strings.Repeat("1", 2000) + "Hz": `"11111111111111111111"... is too long for a frequency` + hz,
	} {
		if got, err := ParseFrequency(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, %v, want %s", text, got, err, want)
		}
	}
	const j = "; accepted: a number with one of the units aJ, fJ, pJ, nJ, uJ, mJ, J, kJ"
	for text, want := range map[string]string{
		"1.2":                          `"1.2" has no unit` + j,
		"1.2pj":                        `"1.2pj" has the unknown unit "pj", perhaps pJ is meant` + j,
		"NaNJ":                         `"NaNJ" is not an energy` + j,
		"1Wh":                          `"1Wh" has the unknown unit "Wh"` + j,
		"0x1p-2":                       `"0x1p-2" has the unknown unit "x1p-2"` + j,
		strings.Repeat("9", 400) + "J": `"` + strings.Repeat("9", 400) + `J" is too large; accepted: a number below 1e308`,
	} {
		if got, err := ParseEnergy(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, %v, want %s", text, got, err, want)
		}
	}
	if _, err := ParseBytes("0.1KiB"); err == nil { // 102.4 bytes
		t.Error("0.1KiB was accepted")
	}
}

func TestString(t *testing.T) {
	for want, got := range map[string]interface{ String() string }{
		"200MHz":       Frequency(200e6),
		"1.2GHz":       Frequency(1200e6),
		"1066666666Hz": Frequency(1066666666),
		"1.5kHz":       Frequency(1500),
		"0Hz":          Frequency(0),
		"-5Hz":         Frequency(-5),
		"512B":         Bytes(512),
		"2MiB":         Bytes(2 << 20),
		"1536B":        Bytes(1536),
		"36KiB":        Bytes(36 << 10),
		"3.5MiB":       Bytes(3584 << 10),
		"2kB":          Bytes(2000),
		"64GiB":        Bytes(64 << 30),
		"19.2GB/s":     Bandwidth(19200000000),
		"1GiB/s":       Bandwidth(1 << 30),
		"13.75ns":      Time(13750),
		"833ps":        Time(833),
		"7.8us":        Time(7800000),
		"1s":           Time(1e12),
		"1.2pJ":        Energy(1.2e-12),
		"0J":           Energy(0),
		"12.5nJ":       Energy(1.25e-8),
		"0.0001aJ":     Energy(1e-22),
		"1000000kJ":    Energy(1e9),
		"-2mJ":         Energy(-2e-3),
		"300mW":        Power(0.3),
		"75W":          Power(75),
	} {
		if s := got.String(); s != want {
			t.Errorf("got %s, want %s", s, want)
		}
	}
}

// What is printed reads back, and means the same number of base units by exact rational arithmetic.
func TestRoundTrip(t *testing.T) {
	kinds := []kind{frequency, size, bandwidth, duration}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(kinds).Draw(t, "kind")
		v := rapid.OneOf(
			rapid.Int64Min(0),
			rapid.Custom(func(t *rapid.T) int64 { return rapid.Int64Range(0, 9999).Draw(t, "n") * 1e6 }),
			rapid.Custom(func(t *rapid.T) int64 { return rapid.Int64Range(0, 9999).Draw(t, "n") << 20 }),
		).Draw(t, "v")
		s := k.printWhole(v)
		got, err := k.whole(s)
		if err != nil || got != v {
			t.Fatalf("%d prints %s, reads %d, %v", v, s, got, err)
		}
		digits := strings.TrimRight(s, "BHzpnumskKMGTi/")
		name := s[len(digits):]
		x, ok := new(big.Rat).SetString(digits)
		if !ok {
			t.Fatalf("%d prints %s", v, s)
		}
		if x.Mul(x, unitSize[name]).Cmp(new(big.Rat).SetInt64(v)) != 0 {
			t.Fatalf("%d prints %s, which is %s", v, s, x)
		}
	})
}

// unitSize is in Hz, bytes, bytes per second and picoseconds: the SI brochure and IEC 80000-13.
var unitSize = map[string]*big.Rat{
	"Hz": big.NewRat(1, 1), "kHz": big.NewRat(1000, 1), "MHz": big.NewRat(1e6, 1), "GHz": big.NewRat(1e9, 1),
	"B": big.NewRat(1, 1), "kB": big.NewRat(1000, 1), "MB": big.NewRat(1e6, 1), "GB": big.NewRat(1e9, 1), "TB": big.NewRat(1e12, 1),
	"KiB": big.NewRat(1024, 1), "MiB": big.NewRat(1048576, 1), "GiB": big.NewRat(1073741824, 1), "TiB": big.NewRat(1099511627776, 1),
	"B/s": big.NewRat(1, 1), "kB/s": big.NewRat(1000, 1), "MB/s": big.NewRat(1e6, 1), "GB/s": big.NewRat(1e9, 1), "TB/s": big.NewRat(1e12, 1),
	"KiB/s": big.NewRat(1024, 1), "MiB/s": big.NewRat(1048576, 1), "GiB/s": big.NewRat(1073741824, 1), "TiB/s": big.NewRat(1099511627776, 1),
	"ps": big.NewRat(1, 1), "ns": big.NewRat(1000, 1), "us": big.NewRat(1e6, 1), "ms": big.NewRat(1e9, 1), "s": big.NewRat(1e12, 1),
}

// The same for energies and powers: bit for bit.
func TestRoundTripFloat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom([]kind{energy, power}).Draw(t, "kind")
		v := rapid.OneOf(
			rapid.Float64Range(0, math.MaxFloat64),
			rapid.SampledFrom([]float64{math.SmallestNonzeroFloat64, math.MaxFloat64, 1e-12, 1.2e-12, 999.9999999999999e-12}),
		).Draw(t, "v")
		s := k.printFloat(v)
		if got, err := k.float(s); err != nil || math.Float64bits(got) != math.Float64bits(v) {
			t.Fatalf("%g prints %s, reads %g, %v", v, s, got, err)
		}
	})
}

// Every type reads its own unit by itself and prints it again.
func TestText(t *testing.T) {
	var (
		f Frequency
		b Bytes
		w Bandwidth
		d Time
		e Energy
		p Power
	)
	type text interface {
		encoding.TextUnmarshaler
		encoding.TextMarshaler
	}
	for want, v := range map[string]text{"3Hz": &f, "2KiB": &b, "19.2GB/s": &w, "13.75ns": &d, "1.2pJ": &e, "300mW": &p} {
		if err := v.UnmarshalText([]byte(want)); err != nil {
			t.Errorf("%s: %v", want, err)
		}
		if err := v.UnmarshalText([]byte("2 furlongs")); err == nil {
			t.Errorf("%T takes furlongs", v)
		}
		if s, err := v.MarshalText(); err != nil || string(s) != want {
			t.Errorf("got %s, %v, want %s", s, err, want)
		}
	}
	if f != 3 || b != 2048 || w != 19_200_000_000 || d != 13750 || e != 1.2e-12 || p != 0.3 {
		t.Errorf("got %d %d %d %d %g %g", f, b, w, d, e, p)
	}
	if s := d.Seconds(); s != 13.75e-9 {
		t.Errorf("got %g", s)
	}
}

func TestNoTextForWhatDoesNotReadBack(t *testing.T) {
	for _, v := range []encoding.TextMarshaler{
		Frequency(-1), Bytes(-1), Time(-1), Energy(-1), Energy(math.NaN()), Power(math.Inf(1)),
	} {
		if s, err := v.MarshalText(); err == nil {
			t.Errorf("%v prints %s", v, s)
		}
	}
	if s, err := Energy(math.Copysign(0, -1)).MarshalText(); err != nil || string(s) != "0J" {
		t.Errorf("got %s, %v", s, err)
	}
}

// FuzzParse: no text breaks a parser, and what is read prints and reads back.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"200MHz", "19.2GB/s", "2MiB", "13.75ns", "1.2pJ", "0.3W", "5", "-1J", "1e9s", "0.000000000000000000000001kJ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, k := range []kind{frequency, size, bandwidth, duration} {
			v, err := k.whole(s)
			if err != nil {
				continue
			}
			if got, err := k.whole(k.printWhole(v)); err != nil || got != v || v < 0 {
				t.Errorf("%q: %d, then %d, %v", s, v, got, err)
			}
		}
		for _, k := range []kind{energy, power} {
			v, err := k.float(s)
			if err != nil {
				continue
			}
			if got, err := k.float(k.printFloat(v)); err != nil || got != v || v < 0 {
				t.Errorf("%q: %g, then %g, %v", s, v, got, err)
			}
		}
	})
}
