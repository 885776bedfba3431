package norm

import (
	"fmt"
	"math"

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

// Channels are what the factors of a job are made of, by channel.
type Channels struct {
	Mean, Rstd  []float32
	Gamma, Beta []float16.Float16
}

// Normalised is what enters the west buffer, and the bit of each element, where it is clipped.
type Normalised struct {
	Y    []float16.Float16
	Mask []bool
}

// operand is what a lane takes in a cycle: a multiply-add, and where its result goes.
type operand struct {
	valid   bool
	x, y, z float32 // x*y + z; behind the multiplier x is the product
	to      int
}

// wave is what all lanes have in a stage.
type wave struct {
	valid bool
	lane  []operand
}

// datapath is the stages of all lanes.
type datapath struct {
	p     Params
	s     fp.Subnormals
	stage []wave // the first half behind the multiplier's input, the rest behind the adder's
	cost  unit.Cost
}

func newDatapath(p Params, s fp.Subnormals) *datapath {
	return &datapath{p: p, s: s, stage: make([]wave, p.PipelineLatency)}
}

// cycle is one of the clock: what is oldest leaves, with its sums in z, then a wave enters, if next has one.
func (d *datapath) cycle(leave func(wave), next func() wave) {
	d.cost.Cycles++
	n, mul := d.p.PipelineLatency, d.p.PipelineLatency/2
	if n > 0 {
		leave(d.stage[n-1])
	}
	in := next()
	for _, o := range in.lane {
		if o.valid {
			d.cost.Counts[Operations]++
		} else {
			d.cost.Counts[IdleLaneCycles]++
		}
	}
	if n == 0 {
		leave(d.added(d.multiplied(in)))
		return
	}
	for i := n - 1; i >= 0; i-- { // from the last stage to the first, so that each sees the others as they were
		w := in
		if i > 0 {
			w = d.stage[i-1]
		} else {
			w = d.multiplied(w)
		}
		if i == mul {
			w = d.added(w)
		}
		d.stage[i] = w
	}
}

// drain ends what is under way.
func (d *datapath) drain(leave func(wave)) {
	for !d.empty() {
		d.cycle(leave, func() wave { return wave{} })
	}
}

func (d *datapath) multiplied(w wave) wave {
	return d.each(w, func(o *operand) { o.x = d.s.Mul(o.x, o.y) })
}

func (d *datapath) added(w wave) wave {
	return d.each(w, func(o *operand) { o.z = d.s.Add(o.x, o.z) })
}

func (d *datapath) each(w wave, do func(*operand)) wave {
	out := wave{valid: w.valid, lane: make([]operand, len(w.lane))}
	for l, o := range w.lane {
		if o.valid {
			do(&o)
		}
		out.lane[l] = o
	}
	return out
}

// empty reports that nothing is on its way.
func (d *datapath) empty() bool {
	for i := range d.stage {
		if d.stage[i].valid {
			return false
		}
	}
	return true
}

// Normalise runs a tile, cycle by cycle.
func (p Params) Normalise(s fp.Subnormals, j Job, in Tile) (Normalised, unit.Cost, error) {
	out, d := Normalised{Y: make([]float16.Float16, len(in.X))}, newDatapath(p, s)
	if err := p.tile(j, &in); err != nil {
		return out, d.cost, err
	}
	if in.Clip != Linear {
		out.Mask = make([]bool, len(in.X))
	}
	table := p.tables(&in)
	leave := func(w wave) {
		for _, o := range w.lane {
			if w.valid && o.valid {
				y, set := in.Clip.of(s, s.Half(o.z))
				if out.Y[o.to] = y; in.Clip != Linear {
					out.Mask[o.to] = set
				}
				d.cost.Counts[Elements]++
			}
		}
	}
	lanes := p.Lanes
	start := p.start(j, &in)
	for run := range int(min(j.Runs, j.Elements())) { // none, if they are empty
		for from := -int(j.Begin); from < int(j.Run); from += lanes {
			w := wave{valid: true, lane: make([]operand, lanes)}
			for l := range lanes {
				e := from + l
				if e < 0 || e >= int(j.Run) {
					continue
				}
				// The place follows from the address, as the lane does: no lane looks for its channel.
				place := (start + int(j.Begin) + e) / lanes % len(table[l])
				f := table[l][place]
				at := run*int(j.Run) + e
				w.lane[l] = operand{valid: true, x: s.Single(in.X[at]), y: f.scale, z: f.shift, to: at}
			}
			d.cost.Issue++
			d.cycle(leave, func() wave { return w })
		}
	}
	d.drain(leave)
	return out, d.cost, nil
}

// factor is a channel's place in a table.
type factor struct{ scale, shift float32 }

// tables are those of all lanes.
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

// start is the address of lane 0 in the first wave of a run: a multiple of the lanes, from which the run's first element has its channel.
func (p Params) start(j Job, in *Tile) int {
	c := len(in.Scale)
	for q := range int(places(int64(max(c, 1)), int64(p.Lanes))) {
		if c > 0 && (q*p.Lanes+int(j.Begin))%c == in.First {
			return q * p.Lanes
		}
	}
	return -1
}

// tile says why a job's operands are none.
func (p Params) tile(j Job, in *Tile) error {
	if err := p.Accepts(j); err != nil {
		return err
	}
	c := int64(len(in.Scale))
	switch {
	case int64(len(in.X)) != j.Elements():
		return fmt.Errorf("normalising on read: %d runs of %d elements out of %d", j.Runs, j.Run, len(in.X))
	case j.Factors > 0 || len(in.Shift) != len(in.Scale):
		return fmt.Errorf("normalising on read: %d scales and %d shifts, and %d to be made", len(in.Scale), len(in.Shift), j.Factors)
	case j.Elements() > 0 && (c == 0 || !p.Takes(c)):
		return fmt.Errorf("normalising on read: %d channels do not fit tables of %d (norm.channels)", c, p.Channels)
	case j.Elements() > 0 && p.start(j, in) < 0:
		return fmt.Errorf("normalising on read: channel %d of %d is never in lane %d of %d", in.First, c, j.Begin, p.Lanes)
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

// Factors makes scales and shifts, cycle by cycle.
func (p Params) Factors(s fp.Subnormals, j Job, in Channels) (scale, shift []float32, cost unit.Cost, err error) {
	d := newDatapath(p, s)
	n := int(j.Factors)
	if err := p.Accepts(j); err != nil {
		return nil, nil, d.cost, err
	}
	if len(in.Mean) != n || len(in.Rstd) != n || len(in.Gamma) != n || len(in.Beta) != n || j.Runs > 0 {
		return nil, nil, d.cost, fmt.Errorf("normalising on read: factors of %d channels out of %d means, %d deviations, %d scales and %d shifts", n, len(in.Mean), len(in.Rstd), len(in.Gamma), len(in.Beta))
	}
	scale, shift = make([]float32, n), make([]float32, n)
	made := make([]bool, n)
	leave := func(w wave) {
		for _, o := range w.lane {
			if !w.valid || !o.valid {
				continue
			}
			if o.to < n {
				scale[o.to], made[o.to] = o.z, true
			} else {
				shift[o.to-n] = o.z
				d.cost.Counts[Factors]++
			}
		}
	}
	waves, k := (n+p.Lanes-1)/p.Lanes, 0
	next := func() wave {
		w := wave{valid: true, lane: make([]operand, p.Lanes)}
		for l := range p.Lanes {
			c := k%waves*p.Lanes + l
			switch {
			case c >= n:
			case k < waves:
				w.lane[l] = operand{valid: true, x: in.Rstd[c], y: s.Single(in.Gamma[c]), z: float32(math.Copysign(0, -1)), to: c}
			case !made[c]: // the wave waits
				return wave{}
			default:
				w.lane[l] = operand{valid: true, x: in.Mean[c], y: -scale[c], z: s.Single(in.Beta[c]), to: n + c}
			}
		}
		k++
		return w
	}
	for k < 2*waves {
		d.cost.Issue++
		d.cycle(leave, next)
	}
	d.drain(leave)
	return scale, shift, d.cost, nil
}
