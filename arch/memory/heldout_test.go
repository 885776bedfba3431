package memory

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"satsim/arch/memory/ddr4"
	"satsim/internal/quantity"
)

// Point is one traffic on both models.
type Point struct {
	Traffic  Traffic `json:"traffic"`
	Fast     int64   `json:"fast_cycles"`
	Detailed int64   `json:"detailed_cycles"`
}

// Error is how much longer the fast model takes, as a share.
func (p Point) Error() float64 { return float64(p.Fast)/float64(p.Detailed) - 1 }

// FitError sums up points.
type FitError struct {
	Points int     `json:"points"`
	Worst  float64 `json:"worst"`  // the largest magnitude
	Median float64 `json:"median"` // magnitude
	P90    float64 `json:"p90"`    // magnitude
	Mean   float64 `json:"signed_mean"`
}

// Summary of at least one point.
func Summary(points []Point) FitError {
	e := FitError{Points: len(points)}
	magnitudes := make([]float64, len(points))
	for i, p := range points {
		magnitudes[i] = math.Abs(p.Error())
		e.Mean += p.Error() / float64(len(points))
	}
	slices.Sort(magnitudes)
	e.Worst, e.Median, e.P90 = magnitudes[len(points)-1], magnitudes[len(points)/2], magnitudes[len(points)*9/10]
	return e
}

// Compare runs traffics on the fast model and on the command-level one.
func Compare(p Params, dev ddr4.Params, coreHz int64, traffics []Traffic) ([]Point, error) {
	points := make([]Point, 0, len(traffics))
	for i, t := range traffics {
		fast, err := NewFast(p, coreHz)
		if err != nil {
			return nil, err
		}
		detailed, err := NewDetailed(p, dev, coreHz)
		if err != nil {
			return nil, err
		}
		a, err := RunTraffic(fast, coreHz, t, nil)
		if err != nil {
			return nil, fmt.Errorf("traffic %d on the fast model: %w", i, err)
		}
		b, err := RunTraffic(detailed, coreHz, t, nil)
		if err != nil {
			return nil, fmt.Errorf("traffic %d on the command-level model: %w", i, err)
		}
		points = append(points, Point{t, a.Cycles, b.Cycles})
	}
	slices.SortStableFunc(points, func(a, b Point) int { return cmp.Compare(math.Abs(b.Error()), math.Abs(a.Error())) })
	return points, nil
}

// HeldOut draws traffics that a fit has not seen, like those of a layer's stage: one to three operands read and one written or none, in
// tiles of 4 to 512 KiB, whole or in runs of a slice of the channels, at the distance of all channels or at none in particular.
func HeldOut(seed uint64, n int) []Traffic {
	r := rand.New(rand.NewPCG(seed, 0))
	out := make([]Traffic, n)
	for i := range out {
		var t Traffic
		total := quantity.Bytes(0)
		for range 1 + r.IntN(3) {
			t.Streams = append(t.Streams, drawStream(r, false))
		}
		if r.IntN(3) > 0 {
			t.Streams = append(t.Streams, drawStream(r, true))
		}
		for _, s := range t.Streams {
			total += s.Bytes
		}
		t.Requests = max(int64(8<<20/total), 4)
		out[i] = t
	}
	return out
}

func drawStream(r *rand.Rand, write bool) TrafficStream {
	s := TrafficStream{Bytes: quantity.Bytes(4096 << r.IntN(8)), Window: 1 + r.IntN(2), Write: write}
	s.Bytes += quantity.Bytes(r.Int64N(int64(s.Bytes)/64)) * 64 // not only powers of two
	switch r.IntN(3) {
	case 0: // whole
	case 1: // a slice of the channels of every position
		s.Run = quantity.Bytes(64 * (1 + r.IntN(16)))
		s.Pitch = s.Run * quantity.Bytes(1+r.IntN(8))
	default:
		s.Run = quantity.Bytes(64 << r.IntN(8))
	}
	return s
}
