package unit

import (
	"fmt"

	"satsim/arch/word"
)

// Set is the units of a machine, each at its number; nil where none is built.
type Set [word.Units]Unit

// Built leaves out what is not built.
func (s Set) Built() Set {
	for i, u := range s {
		if u != nil && !u.Built() {
			s[i] = nil
		}
	}
	return s
}

// Lanes is how many instruction queues the units of the set have.
func (s *Set) Lanes() (n int64) {
	for l := word.Lane(0); l < word.Lanes; l++ {
		if s[l.Unit()] != nil {
			n++
		}
	}
	return n
}

// Programs are the units of a machine, set up for a group; nil where the group has no work for a unit.
type Programs [word.Units]Program

// Programs sets up the units that a group has work for.
func (s *Set) Programs(g *word.Group) (Programs, error) {
	var p Programs
	for si := range g.Streams {
		for oi := range g.Streams[si].Ops {
			l := g.Streams[si].Ops[oi].Lane
			if l >= word.Lanes {
				return p, fmt.Errorf("stream %d, op %d: lane %d does not exist", si, oi, l)
			}
			u := l.Unit()
			if p[u] != nil {
				continue
			}
			if s[u] == nil {
				return p, fmt.Errorf("stream %d, op %d (%s): the machine has no %s", si, oi, l, u)
			}
			var err error
			if p[u], err = s[u].Program(g); err != nil {
				return p, err
			}
		}
	}
	return p, nil
}

// Span is how long the work of an op takes, as the machine runs it.
func (p *Programs) Span(o *word.Op, w *word.Work) (Span, error) {
	of := p[o.Lane.Unit()]
	if of == nil {
		return Span{}, fmt.Errorf("%s: the group has no program for %s", o.Lane, o.Lane.Unit())
	}
	s, err := of.Span(o, w)
	if err != nil {
		return Span{}, err
	}
	return s.AtLeastOne(), nil
}

// Count is what some of the group's ops did: runs is how often each variant of each ran.
func (p *Programs) Count(ops []word.Op, runs [][]int64) (Activity, error) {
	var a Activity
	for i := range ops {
		o := &ops[i]
		of := p[o.Lane.Unit()]
		if of == nil {
			return a, fmt.Errorf("counting %s: the group has no program for %s", o.Lane, o.Lane.Unit())
		}
		for v := range o.Variants {
			if n := runs[i][v]; n > 0 {
				if err := of.Count(&a, o, &o.Variants[v].Work, n); err != nil {
					return a, fmt.Errorf("counting %s: %w", o.Lane, err)
				}
			}
		}
	}
	return a, nil
}
