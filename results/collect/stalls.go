package collect

import (
	"fmt"

	"satsim/arch/link"
	"satsim/arch/word"
	"satsim/dataflow"
	"satsim/results/record"
	"satsim/sim"
)

// ends are the units that fill and empty each buffer of a group.
func ends(g *word.Group) (fill, empty [word.Buffers]word.Unit) {
	for si := range g.Streams {
		for oi := range g.Streams[si].Ops {
			o := &g.Streams[si].Ops[oi]
			for _, e := range o.Out {
				fill[e.Buffer] = o.Lane.Unit()
			}
			for _, e := range o.In {
				empty[e.Buffer] = o.Lane.Unit()
			}
		}
	}
	return fill, empty
}

// lanes says where the time of a group's busy lanes went. A wait is for the unit at the buffer's other end.
func lanes(g *word.Group, o *sim.Outcome, reconfigure int64) []record.Lane {
	fill, empty := ends(g)
	var out []record.Lane
	for l := word.Lane(0); l < word.Lanes; l++ {
		t := &o.Lanes[l]
		if t[link.NoWord] == o.Cycles-reconfigure {
			continue // nothing to do
		}
		r := record.Lane{
			Lane: l.String(), Computing: t[link.Working], Filling: t[link.Filling], Draining: t[link.Draining], NoWord: t[link.NoWord],
			Reconfigure: reconfigure,
		}
		waits := [word.Units]*int64{
			word.Memory: &r.WaitMemory, word.STCE: &r.WaitSTCE, word.SORE: &r.WaitSORE, word.WUVE: &r.WaitWUVE, word.Vector: &r.WaitVector,
		}
		for c := link.Cause(0); int(c) < link.Causes; c++ {
			if b, room, wait := c.Buffer(); wait && t[c] > 0 {
				unit := fill[b]
				if room {
					unit = empty[b]
				}
				*waits[unit] += t[c]
			}
		}
		out = append(out, r)
	}
	return out
}

// addStalls adds a group's lanes to its stage's and the step's. A lane that the group does not use had no word for it.
func addStalls(sums [][word.Lanes]record.Lane, p *dataflow.Plan, g *dataflow.Group, busy []record.Lane, cycles int64) error {
	stage := p.Step.Items[g.Item].Stage
	k := 0
	for l := word.Lane(0); l < word.Lanes; l++ {
		r := record.Lane{Lane: l.String(), NoWord: cycles - p.Spec.Controller.Reconfigure, Reconfigure: p.Spec.Controller.Reconfigure}
		if k < len(busy) && busy[k].Lane == r.Lane {
			r = busy[k]
			k++
		}
		if r.Sum() != cycles {
			return fmt.Errorf("%s: the causes of %s add up to %d of %d cycles", g.Label, l, r.Sum(), cycles)
		}
		for _, s := range []*record.Lane{&sums[stage][l], &sums[len(sums)-1][l]} {
			s.Lane = r.Lane
			s.Add(&r)
		}
	}
	return nil
}
