package explore

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"satsim/results/sweep"
)

// ErrLeftOut says that a design does not meet the conditions of its space.
var ErrLeftOut = errors.New("left out by conditions")

// conditions of a space leave a design out that does not meet them at each of its works. What they say depends on few axes as a rule: it is asked once for
// each of their places.
type conditions struct {
	*sweep.Conditions
	axes  []int           // that they read
	known []atomic.Uint32 // by the places on these: notAsked, inside or outside
}

const (
	notAsked = iota
	inside
	outside
)

func newConditions(f *sweep.File, s *Space) (*conditions, error) {
	all, err := f.Conditions(s.models)
	if err != nil {
		return nil, err
	}
	c := &conditions{Conditions: all}
	size := 1
	for i := range s.axes {
		if slices.ContainsFunc(paths(s.axes[i].places), all.Reads) {
			c.axes = append(c.axes, i)
			size *= len(s.axes[i].places)
		}
	}
	c.known = make([]atomic.Uint32, size)
	if _, err := c.hold(s, make([]int, len(s.axes))); err != nil { // a name that nothing has, a value that is no truth
		return nil, fmt.Errorf("space %s: %w", s.Name, err)
	}
	return c, nil
}

// hold reports whether conditions hold at places.
func (c *conditions) hold(s *Space, places []int) (bool, error) {
	id := 0
	for _, i := range c.axes {
		id = id*len(s.axes[i].places) + places[i]
	}
	if k := c.known[id].Load(); k != notAsked {
		return k == inside, nil
	}
	read := s.nowhere()
	for _, i := range c.axes {
		read[i] = places[i]
	}
	holds := true
	for _, w := range s.Works {
		sel, err := s.selection(read, w)
		if err != nil {
			return false, err
		}
		ok, err := c.Holds(sel)
		if err != nil {
			return false, err
		}
		holds = holds && ok
	}
	if holds {
		c.known[id].Store(inside)
	} else {
		c.known[id].Store(outside)
	}
	return holds, nil
}
