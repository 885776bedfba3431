package stce

import (
	"fmt"
	"testing"

	"satsim/internal/nm"
)

// BenchmarkExact reports the processing elements simulated a second.
func BenchmarkExact(b *testing.B) {
	for _, mode := range []Mode{OS, WS} {
		for _, over := range []Over{OverF, OverT} {
			for _, ratio := range []nm.Ratio{nm.Dense, {N: 2, M: 8}} {
				for _, depth := range []int{1, 8} {
					b.Run(fmt.Sprintf("%v/%v/%v/%d", mode, over, ratio, depth), func(b *testing.B) {
						c := Config{Mode: mode, Over: over, Interleave: depth, Ratio: ratio}
						t := Tile{Config: c, Rows: 64, Cols: 64, Taps: 1, Channels: 512}
						if mode == WS {
							t.Rows, t.Channels = 2048, int64(32*ratio.M)
						}
						if over == OverF {
							t.Cols = int64(64 * depth)
						} else {
							t.Rows = max(t.Rows, int64(64*depth))
						}
						in := blank(t)
						var done int64
						for b.Loop() {
							res, err := Default().Exact(t, in)
							if err != nil {
								b.Fatal(err)
							}
							done += res.Cycles * 1024
						}
						b.ReportMetric(float64(done)/b.Elapsed().Seconds()/1e6, "MPE-cycles/s")
					})
				}
			}
		}
	}
}

// BenchmarkTile is the closed form of one tile.
func BenchmarkTile(b *testing.B) {
	t := Tile{Config: Config{Mode: OS, Interleave: 8, Ratio: nm.Ratio{N: 2, M: 8}}, Rows: 3136, Cols: 200, Taps: 9, Channels: 70}
	p := Default()
	for b.Loop() {
		p.Tile(t)
	}
}

// BenchmarkLeast is its bound.
func BenchmarkLeast(b *testing.B) {
	t := Tile{Config: Config{Mode: OS, Interleave: 8, Ratio: nm.Ratio{N: 2, M: 8}}, Rows: 3136, Cols: 200, Taps: 9, Channels: 70}
	p := Default()
	for b.Loop() {
		p.Least(t)
	}
}
