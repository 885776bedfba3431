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

// lane is where a lane's time went. Waits are kept by unit, so that they are listed in the machine's order.
type lane struct {
	record.Lane
	waits [word.Units]int64
}

func (l *lane) add(o *lane) {
	l.Computing += o.Computing
	l.Filling += o.Filling
	l.Draining += o.Draining
	l.NoWord += o.NoWord
	l.Reconfigure += o.Reconfigure
	for u := range l.waits {
		l.waits[u] += o.waits[u]
	}
}

// sum of all causes.
func (l *lane) sum() int64 {
	n := l.Lane.Sum()
	for _, w := range l.waits {
		n += w
	}
	return n
}

func (l *lane) row() record.Lane {
	out := l.Lane
	out.Waits = []record.Wait{} // an empty list in JSON
	for u, n := range l.waits {
		if n > 0 {
			out.Waits = append(out.Waits, record.Wait{Unit: word.Unit(u).String(), Cycles: n})
		}
	}
	return out
}

func listed(lanes []lane) []record.Lane {
	out := make([]record.Lane, len(lanes))
	for i := range lanes {
		out[i] = lanes[i].row()
	}
	return out
}

// lanesOf says where the time of a group's busy lanes went. A wait is for the unit at the buffer's other end.
func lanesOf(g *word.Group, o *sim.Outcome, reconfigure int64) []lane {
	fill, empty := ends(g)
	var out []lane
	for l := word.Lane(0); l < word.Lanes; l++ {
		t := &o.Lanes[l]
		if t[link.NoWord] == o.Cycles-reconfigure {
			continue // nothing to do
		}
		r := lane{Lane: record.Lane{
			Lane: l.String(), Computing: t[link.Working], Filling: t[link.Filling], Draining: t[link.Draining], NoWord: t[link.NoWord],
			Reconfigure: reconfigure,
		}}
		for c := link.Cause(0); int(c) < link.Causes; c++ {
			if b, room, wait := c.Buffer(); wait {
				unit := fill[b]
				if room {
					unit = empty[b]
				}
				r.waits[unit] += t[c]
			}
		}
		out = append(out, r)
	}
	return out
}

// addStalls adds a group's lanes to its stage's and the step's. A lane that the group does not use had no word for it.
func addStalls(sums [][word.Lanes]lane, p *dataflow.Plan, g *dataflow.Group, busy []lane, cycles int64) error {
	stage := p.Step.Items[g.Item].Stage
	k := 0
	for l := word.Lane(0); l < word.Lanes; l++ {
		r := lane{Lane: record.Lane{Lane: l.String(), NoWord: cycles - p.Spec.Controller.Reconfigure, Reconfigure: p.Spec.Controller.Reconfigure}}
		if k < len(busy) && busy[k].Lane.Lane == r.Lane.Lane {
			r = busy[k]
			k++
		}
		if n := r.sum(); n != cycles {
			return fmt.Errorf("%s: the causes of %s add up to %d of %d cycles", g.Label, l, n, cycles)
		}
		for _, s := range []*lane{&sums[stage][l], &sums[len(sums)-1][l]} {
			s.Lane.Lane = r.Lane.Lane
			s.add(&r)
		}
	}
	return nil
}
