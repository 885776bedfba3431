package stce

import (
	"flag"
	"math"
	"slices"
	"testing"

	"github.com/x448/float16"
	"pgregory.net/rapid"

	"satsim/arch/fp"
	"satsim/internal/nm"
)

var many = flag.Int("stce.many", 10, "rounds of random cases a property, each of -rapid.checks")

func check(t *testing.T, property func(*rapid.T)) {
	t.Helper()
	for range *many {
		if rapid.Check(t, property); t.Failed() {
			return
		}
	}
}

// job is a random array, a random tile that may take several folds each way, and its numbers.
type job struct {
	P  Params
	T  Tile
	In Operands
}

// drawParams draws a small array, or one times times as large in every respect.
func drawParams(t *rapid.T, times int) Params {
	in := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi*times-times+1).Draw(t, name) }
	choice := func(name string, n int) int { return rapid.IntRange(0, n-1).Draw(t, name) }
	p := Params{
		Rows: in("rows", 1, 5), Cols: in("cols", 1, 5), MulLatency: in("mul", 0, 3), AddLatency: in("add", 1, 6),
		MaxM: in("max_m", 1, 9), MaxInterleave: in("max_interleave", 1, 7), LinkWidth: in("link", 1, 5),
		EdgeFolds: EdgeFolds(choice("edge", 2)), Preload: Preload(choice("preload", 3)), Drain: Drain(choice("drain", 3)),
		PartialSums: Sums(choice("sums", 2)), Subnormals: fp.Subnormals(choice("subnormals", 2)),
	}
	p.MaxM = min(p.MaxM, nm.MaxM)
	p.MaxN = rapid.IntRange(1, p.MaxM).Draw(t, "max_n")
	return p
}

func drawConfig(t *rapid.T, p Params) Config {
	m := rapid.IntRange(1, p.MaxM).Draw(t, "M")
	return Config{
		Mode: Mode(rapid.IntRange(0, 1).Draw(t, "mode")), Over: Over(rapid.IntRange(0, 1).Draw(t, "over")),
		Interleave: rapid.IntRange(1, p.MaxInterleave).Draw(t, "interleave"),
		Ratio:      nm.Ratio{N: rapid.IntRange(1, min(m, p.MaxN)).Draw(t, "N"), M: m}, Diagonal: rapid.Bool().Draw(t, "diagonal"),
	}
}

// drawTile draws sizes around whole folds and far from them.
func drawTile(t *rapid.T, p Params, c Config) Tile {
	size := func(name string, fold int64) int64 {
		return rapid.Int64Range(0, 2).Draw(t, name+" folds")*fold + rapid.Int64Range(1, fold+1).Draw(t, name)
	}
	tile := Tile{
		Config: c, Products: rapid.Int64Range(0, 3).Draw(t, "products"), Cols: size("cols", p.colsPerFold(c)), Rows: size("rows", p.rowsPerFold(c)),
		Taps: rapid.Int64Range(1, 4).Draw(t, "taps"), Channels: size("channels", int64(c.Ratio.M)),
		Resume: rapid.Bool().Draw(t, "resume"), Spill: rapid.Bool().Draw(t, "spill"),
	}
	if c.Mode == WS {
		tile.Channels = min(40, size("channels", int64(c.Ratio.M*p.Rows)))
	}
	return tile
}

// numbers fills a tile's operands; special says whether infinities, NaNs and subnormals are among them.
func numbers(t *rapid.T, tile Tile, special bool) Operands {
	var seed = rapid.Uint64().Draw(t, "seed")
	next := func() uint64 { // splitmix64
		seed += 0x9e3779b97f4a7c15
		z := seed
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return z ^ z>>31
	}
	half := func() float16.Float16 {
		h := float16.Float16(next())
		if special && next()%8 == 0 {
			return h
		}
		return h&^0x7c00 | float16.Float16(10+next()%8)<<10 // 2^-5 to 2^2
	}
	rows, cols := tile.outputs()
	in := Operands{
		West: make([]float16.Float16, rows*tile.Terms()), North: make([]float16.Float16, cols*tile.Kept()),
	}
	for i := range in.West {
		in.West[i] = half()
	}
	for i := range in.North {
		in.North[i] = half()
	}
	if tile.Resume {
		in.Start = make([]float32, rows*tile.Cols)
		for i := range in.Start {
			in.Start[i] = half().Float32() * 1.0009765 // more bits than FP16 has
			if special && next()%8 == 0 {
				in.Start[i] = math.Float32frombits(uint32(next()))
			}
		}
	}
	for range cols {
		for range tile.Taps {
			for c := int64(0); c < tile.Channels; c += int64(tile.Ratio.M) {
				m := min(int64(tile.Ratio.M), tile.Channels-c)
				places := make([]uint8, m)
				for i := range places {
					places[i] = uint8(i)
				}
				for i := range places {
					j := i + int(next()%uint64(len(places)-i))
					places[i], places[j] = places[j], places[i]
				}
				kept := places[:min(int64(tile.Ratio.N), m)]
				slices.Sort(kept)
				in.Index = append(in.Index, kept...)
			}
		}
	}
	return in
}

func draw(t *rapid.T, special bool) job {
	p := drawParams(t, 1)
	tile := drawTile(t, p, drawConfig(t, p))
	return job{p, tile, numbers(t, tile, special)}
}

func exact(t *rapid.T, j job) Result {
	res, err := j.P.Exact(j.T, j.In)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestClosedFormEqualsExactModel(t *testing.T) {
	check(t, func(t *rapid.T) {
		j := draw(t, false)
		got, want := j.P.Tile(j.T), exact(t, j).TileCost
		if got != want {
			t.Fatalf("%+v\n%+v\nclosed form %+v\nexact model %+v", j.P, j.T, got, want)
		}
		if want.Counts.CycleSum() != want.Cycles {
			t.Fatalf("causes add up to %d of %d cycles", want.Counts.CycleSum(), want.Cycles)
		}
	})
}

// TestLargerArrays does the same for arrays of up to 17 x 17, groups of up to 32 and latencies of up to 21.
func TestLargerArrays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawParams(t, 4)
		tile := drawTile(t, p, drawConfig(t, p))
		j := job{p, tile, blank(tile)}
		if got, want := p.Tile(tile), exact(t, j).TileCost; got != want {
			t.Fatalf("%+v\n%+v\nclosed form %+v\nexact model %+v", p, tile, got, want)
		}
	})
}

// plain is the product in the documented order, without an array: the kept weights of an output in ascending order of the
// reduction, each product rounded to FP32 (it is exact), then added in FP32.
func plain(j job) []float32 {
	t, in := j.T, j.In
	flush := j.P.Subnormals == fp.Flush
	value := func(h float16.Float16) float32 {
		v := h.Float32()
		if flush && math.Abs(float64(v)) < 1.0/(1<<14) {
			v = float32(math.Copysign(0, float64(v)))
		}
		return v
	}
	rows, cols := t.outputs()
	out := make([]float32, rows*t.Cols)
	for row := range rows {
		for col := range t.Cols {
			var sum float32
			if t.Resume {
				sum = in.Start[row*t.Cols+col]
				if flush && math.Abs(float64(sum)) < 0x1p-126 {
					sum = float32(math.Copysign(0, float64(sum)))
				}
			}
			w := (row/t.Rows*t.Cols + col) * int64(len(in.North)) / cols
			for tap := range t.Taps {
				for c := int64(0); c < t.Channels; c += int64(t.Ratio.M) {
					for range min(int64(t.Ratio.N), t.Channels-c) {
						x := value(in.West[row*t.Taps*t.Channels+tap*t.Channels+c+int64(in.Index[w])])
						product := float32(x * value(in.North[w]))
						sum = float32(product + sum)
						w++
					}
				}
			}
			out[row*t.Cols+col] = sum
		}
	}
	return out
}

// compare holds results against plain sums: FP32 bit for bit, FP16 after one rounding, NaNs of one form.
func compare(t *rapid.T, j job, res Result, want []float32) {
	t.Helper()
	if j.T.Spill {
		for i, v := range want {
			bits := math.Float32bits(v)
			if v != v {
				bits = 0x7fc00000
			}
			if math.Float32bits(res.Sums[i]) != bits {
				t.Fatalf("%+v\n%+v\noutput %d is %x (%g), not %x (%g)", j.P, j.T, i, math.Float32bits(res.Sums[i]), res.Sums[i], bits, v)
			}
		}
		return
	}
	for i, v := range want {
		h := float16.Fromfloat32(v)
		if v != v {
			h = 0x7e00
		}
		if j.P.Subnormals == fp.Flush && math.Abs(float64(h.Float32())) < 1.0/(1<<14) {
			h &= 0x8000
		}
		if res.Half[i] != h {
			t.Fatalf("%+v\n%+v\noutput %d is %x, not %x (%g)", j.P, j.T, i, res.Half[i].Bits(), h.Bits(), v)
		}
	}
}

func TestOutputsEqualPlainProduct(t *testing.T) {
	check(t, func(t *rapid.T) {
		j := draw(t, true)
		compare(t, j, exact(t, j), plain(j))
	})
}
