package unit

import (
	"errors"
	"fmt"

	"satsim/arch/word"
)

// Unit is a worker of the machine, with its parameters.
type Unit interface {
	ID() word.Unit
	// Built reports whether the machine has it.
	Built() bool
	// Counters describes what it counts: element i is count i.
	Counters() []Counter
	// Actions is what of it costs energy.
	Actions() []Action
	// Program is the unit set up for a group.
	Program(g *word.Group) (Program, error)
}

// Program is a unit that was set up for a group.
type Program interface {
	// Span is how long the work of an op takes on the drained unit, by the closed form.
	Span(o *word.Op, w *word.Work) (Span, error)
	// Count adds what n times the work of an op does.
	Count(a *Activity, o *word.Op, w *word.Work, n int64) error
}

// ErrState is the Span of a unit whose time depends on what it did before: the off-chip memory.
var ErrState = errors.New("its time depends on its state")

// Span is how long work takes: the unit can start another after Issue cycles, the results are there after Cycles.
type Span struct{ Issue, Cycles int64 }

// AtLeastOne is the span as the machine runs it: no instruction takes less than a cycle, and none ends before the next may start.
func (s Span) AtLeastOne() Span {
	issue := max(s.Issue, 1)
	return Span{Issue: issue, Cycles: max(s.Cycles, issue)}
}

// Cost is what the jobs of a lane take, one or several in a row: the unit empty before and after, memory never late.
type Cost struct {
	// Cycles from the first operand in to the last result out.
	Cycles int64
	// Issue is the part of Cycles in which operands are taken: a job that the unit is set up for may begin right after it.
	Issue  int64
	Counts Counts
}

// Span is the time alone.
func (c Cost) Span() Span { return Span{Issue: c.Issue, Cycles: c.Cycles} }

// Quantity is what one of a count is.
type Quantity uint8

// The quantities. The zero value is none, which Check refuses.
const (
	_         Quantity = iota
	Operation          // of an operator, or anything done once
	Word               // a value that moves, whatever its width
	Bit
	Element // an element, group or parameter
	Cycle
	Activate // of a DRAM row
	Second   // of power: what is counted is cycles
	quantities
)

// String is the quantity in tables.
func (q Quantity) String() string {
	return [quantities]string{"none", "operation", "word", "bit", "element", "cycle", "activate", "second"}[q]
}

// Counter describes one of a unit's counts.
type Counter struct {
	Name  string // in records
	Of    Quantity
	Means string
	Rare  bool // of hardware that few machines have: records leave it out where it is zero
}

// Action is something of a unit that costs energy, each time it is done or as long as it is there: Parts times the cycles, less the sum of
// the unit's counts Less, plus the sum of its counts Counts.
type Action struct {
	Name   string
	Of     Quantity
	Counts []int
	// Parts cost by being there, for each cycle in which none of the counts in Less has them at work.
	Parts int64
	Less  []int
	// Per is how many counts are one of it; 0 is one.
	Per int64
}

// Check says what of a unit's description is missing or contradicts itself.
func Check(u Unit) error {
	var errs []error
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("unit %s: "+format, append([]any{u.ID()}, args...)...))
	}
	if u.ID() >= word.Units {
		return fmt.Errorf("unit %d is not in package word", uint8(u.ID()))
	}
	counters := u.Counters()
	if len(counters) == 0 || len(counters) > MaxCounts {
		fail("%d counters; 1 to %d are accepted", len(counters), MaxCounts)
	}
	seen := map[string]bool{}
	for i, c := range counters {
		switch {
		case c.Name == "" || c.Means == "":
			fail("counter %d has no name or no meaning", i)
		case c.Of == 0 || c.Of >= quantities:
			fail("counter %s counts nothing", c.Name)
		case seen[c.Name]:
			fail("counter %s is there twice", c.Name)
		}
		seen[c.Name] = true
	}
	actions := u.Actions()
	if len(actions) == 0 {
		fail("nothing of it costs energy")
	}
	clear(seen)
	for _, a := range actions {
		switch {
		case a.Name == "":
			fail("an action has no name")
		case seen[a.Name]:
			fail("action %s is there twice", a.Name)
		case a.Of == 0 || a.Of >= quantities:
			fail("action %s counts nothing", a.Name)
		case len(a.Counts) == 0 && a.Parts == 0 && len(a.Less) == 0: // idle parts may be none
			fail("action %s is never done", a.Name)
		}
		seen[a.Name] = true
		for _, i := range append(append([]int{}, a.Counts...), a.Less...) {
			if i < 0 || i >= len(counters) {
				fail("action %s is made of count %d, which it has not", a.Name, i)
			}
		}
	}
	return errors.Join(errs...)
}
