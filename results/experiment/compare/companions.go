package compare

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"

	"golang.org/x/sync/errgroup"

	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/arch/word"
	"satsim/internal/ratio"
	"satsim/results/record"
)

// Companions says how much is put beside the headline.
type Companions uint8

// How much.
const (
	NoCompanions       Companions = iota
	HeadlineCompanions            // what bounds it, and the dense-only array of the same resources
	AllCompanions                 // and what some changes of one parameter move it by
)

// companions puts beside the headline what decides it.
//
//	overlapped  vector work hidden as far as it can be: max(products alone, vector work alone)
//	serial      nothing hidden: products alone + vector work alone
//
// products alone is the step simulated without any vector work and its traffic; vector work alone is the unit's busy time. With all
// companions, variations of the spec are simulated as well.
func (c *Case) companions(ctx context.Context, base, other *record.Run, out *record.Comparison, s *spares) error {
	bare := c.Spec
	bare.Dataflow.Omit = []string{spec.OmitAll}
	all := []variation{{"without vector work", bare}}
	if c.Companions == AllCompanions {
		all = append(all, c.variations()...)
	}
	pairs := make([][2]int64, len(all)) // cycles of the baseline and the recipe
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, v := range all {
		g.Go(func() error {
			sides, err := c.pair(ctx, v.spec, " "+v.name)
			if err != nil {
				return err
			}
			s.take(sides[0].machine)
			defer s.give(sides[0].machine)
			for k := range sides {
				if err := sides[k].words(); err != nil {
					return err
				}
				if pairs[i][k], err = sides[k].time(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	b, o := pairs[0][0], pairs[0][1]
	unit := word.Vector.String()
	vb, vo := base.Total.Units.Of(unit).Busy, other.Total.Units.Of(unit).Busy
	out.Overlap = []record.Overlap{{Unit: unit, Overlapped: ratio.Of(max(b, vb), max(o, vo)), Serial: ratio.Of(b+vb, o+vo)}}
	for i, v := range all[1:] {
		p := pairs[i+1]
		out.Sensitivity = append(out.Sensitivity, record.Sensitivity{Override: v.name, Speedup: ratio.Of(p[0], p[1])})
	}
	return nil
}

type variation struct {
	name string
	spec spec.Spec
}

// adders are the latencies that the FP32 adder is tried at: what logic of its depth takes at a slow, a usual and a fast clock, and the most that a vendor's operator in DSP slices has (PG060, recalled).
var adders = []int{3, 5, 8, 11}

// variations change, one at a time, what is known to move a headline by a percent or more on some network: vector lanes, bandwidth, links,
// passes beside weight updates, weights and sums that move while the array works, the adder's latency.
func (c *Case) variations() []variation {
	var out []variation
	vary := func(name string, change func(*spec.Spec)) {
		s := c.Spec
		change(&s)
		valid := errors.Join(s.STCE.Validate(), s.Vector.Validate(), s.Board.Memory.Validate()) == nil
		if valid && !reflect.DeepEqual(s, c.Spec) {
			out = append(out, variation{name, s})
		}
	}
	for _, lanes := range []int{c.Spec.Vector.Lanes / 2, c.Spec.Vector.Lanes * 2} {
		vary(fmt.Sprintf("vector.lanes=%d", lanes), func(s *spec.Spec) { s.Vector.Lanes = lanes })
	}
	for _, bits := range []int{c.Spec.Board.Memory.PortWidthBits / 2, c.Spec.Board.Memory.PortWidthBits * 2} {
		vary(fmt.Sprintf("board.memory.port_width_bits=%d", bits), func(s *spec.Spec) { s.Board.Memory.PortWidthBits = bits })
	}
	width := c.Spec.STCE.LinkWidth / 2
	vary(fmt.Sprintf("stce.link_width=%d", width), func(s *spec.Spec) { s.STCE.LinkWidth = width })
	vary("dataflow.overlap_passes=false", func(s *spec.Spec) { s.Dataflow.OverlapPasses = false })
	vary("stce.preload=serial stce.drain=serial", func(s *spec.Spec) { s.STCE.Preload, s.STCE.Drain = stce.PreloadSerial, stce.DrainSerial })
	for _, latency := range adders {
		vary(fmt.Sprintf("stce.add_latency=%d", latency), func(s *spec.Spec) { s.STCE.AddLatency = latency })
	}
	return out
}
