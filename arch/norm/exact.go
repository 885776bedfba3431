package norm

import (
	"fmt"

	"github.com/x448/float16"

	"satsim/arch/fp"
	"satsim/arch/unit"
)

// Clip is what follows the multiply-add.
type Clip int

// The clips.
const (
	Linear Clip = iota // nothing
	ReLU               // no less than 0
	ReLU6              // and no more than 6
)

// Tile is what a job normalises: its elements, run after run, the channel of each run's first one, and the scale and shift of every channel.
type Tile struct {
	X            []float16.Float16
	First        int
	Scale, Shift []float32
	Clip         Clip
}

// Channels are what the factors of a job are made of: of each the mean and one over the deviation, and the parameters.
type Channels struct {
	Mean, Rstd  []float32
	Gamma, Beta []float16.Float16
}

// Normalised is what enters the west buffer, and the bit of each element, where it is clipped.
type Normalised struct {
	Y    []float16.Float16
	Mask []bool
}

// Normalise runs a tile, cycle by cycle, with the scales and shifts that it comes with in the tables.
func (p Params) Normalise(s fp.Subnormals, j Job, in Tile) (Normalised, unit.Cost, error) {
	if err := p.tile(j, &in); err != nil {
		return Normalised{}, unit.Cost{}, err
	}
	w := Work{Job: j, X: in.X, Channels: len(in.Scale), First: in.First, Clip: in.Clip}
	out, cost, err := p.simulate(s, []Work{w}, p.tables(&in), unit.Gaps{}, nil)
	if err != nil {
		return Normalised{}, cost, err
	}
	return out[0].Normalised, cost, nil
}

// Factors makes scales and shifts, cycle by cycle.
func (p Params) Factors(s fp.Subnormals, j Job, in Channels) (scale, shift []float32, cost unit.Cost, err error) {
	if j.Runs > 0 {
		return nil, nil, cost, fmt.Errorf("normalising on read: factors of %d channels, and %d runs", j.Factors, j.Runs)
	}
	out, cost, err := p.simulate(s, []Work{{Job: j, Of: in}}, nil, unit.Gaps{}, nil)
	if err != nil {
		return nil, nil, cost, err
	}
	return out[0].Scale, out[0].Shift, cost, nil
}

// factor is what a place of a table holds.
type factor struct{ scale, shift float32 }

// tables are those of all lanes that hold a tile's scales and shifts.
func (p Params) tables(in *Tile) [][]factor {
	c := len(in.Scale)
	out := make([][]factor, p.Lanes)
	for l := range out {
		for k := range int(places(int64(max(c, 1)), int64(p.Lanes))) {
			if c > 0 {
				at := (k*p.Lanes + l) % c
				out[l] = append(out[l], factor{in.Scale[at], in.Shift[at]})
			}
		}
	}
	return out
}

// start is the address of lane 0 in the first wave of a run: a multiple of the lanes, from which the run's first element, of that channel of so many, is in its lane; -1: there is none.
func (p Params) start(begin int64, first, channels int) int {
	c := int64(channels)
	for q := range places(max(c, 1), int64(p.Lanes)) {
		if c > 0 && (q*int64(p.Lanes)+begin)%c == int64(first) {
			return int(q) * p.Lanes
		}
	}
	return -1
}

// tile says why a job's operands are none.
func (p Params) tile(j Job, in *Tile) error {
	if err := p.Accepts(j); err != nil {
		return err
	}
	switch {
	case j.Factors > 0 || len(in.Shift) != len(in.Scale):
		return fmt.Errorf("normalising on read: %d scales and %d shifts, and %d to be made", len(in.Scale), len(in.Shift), j.Factors)
	case j.Elements() > 0 && len(in.Scale) == 0:
		return fmt.Errorf("normalising on read: %d elements without a scale", j.Elements())
	}
	return nil
}

// of is the clip of a number as it leaves.
func (c Clip) of(s fp.Subnormals, y float16.Float16) (float16.Float16, bool) {
	x := s.Single(y)
	switch {
	case c == Linear:
		return y, false
	case !(x > 0): // no number, too
		return 0, false
	case c == ReLU6 && !(x < 6):
		return s.Half(6), false
	}
	return y, true
}
