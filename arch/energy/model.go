package energy

import (
	"satsim/arch/unit"
	"satsim/internal/quantity"
)

// Interval is a figure with its bounds.
type Interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Times is f, which is not negative, times the interval. It is rounded here: else a processor that fuses x*y+z prints other last digits.
func (i Interval) Times(f float64) Interval {
	return Interval{float64(i.Value * f), float64(i.Low * f), float64(i.High * f)}
}

// Under is f over the interval.
func (i Interval) Under(f float64) Interval { return Interval{f / i.Value, f / i.High, f / i.Low} }

func (i Interval) plus(j Interval) Interval {
	return Interval{i.Value + j.Value, i.Low + j.Low, i.High + j.High}
}

// Prices is a table at a core clock: what a count of each action costs.
type Prices struct {
	table  *Table
	prices [MaxActions]Interval // joules a count
	entry  [MaxActions]int      // of the table; -1: none
}

// NewPrices prices actions by a table.
func NewPrices(t *Table, clock quantity.Frequency) *Prices {
	m := &Prices{table: t}
	for a := range m.entry {
		m.entry[a] = -1
	}
	for i := range t.Entries {
		e := &t.Entries[i]
		m.entry[e.Action] = i
		per := float64(max(e.Per, 1)) * float64(e.Action.parts())
		if e.Action.power() {
			per = float64(clock)
		}
		m.prices[e.Action] = Interval{e.Value.Joules / per, e.Low.Joules / per, e.High.Joules / per}
	}
	return m
}

// Price of one count of an action.
func (m *Prices) Price(a Action) Interval { return m.prices[a] }

// Joules of an action that was done n times.
func (m *Prices) Joules(a Action, n int64) Interval { return m.prices[a].Times(float64(n)) }

// Total is the joules of all actions.
func (m *Prices) Total(c *ActionCounts) Interval {
	var t Interval
	for _, a := range order {
		t = t.plus(m.Joules(a, c[a]))
	}
	return t
}

// UnitJoules is what a unit, or what is no unit, took.
type UnitJoules struct {
	Unit string
	Interval
}

// ByUnit is the joules of each unit of a machine and of what is no unit.
func (m *Prices) ByUnit(built *unit.Set, c *ActionCounts) []UnitJoules {
	var out []UnitJoules
	for _, a := range List(built) {
		if n := len(out); n == 0 || out[n-1].Unit != a.Unit() {
			out = append(out, UnitJoules{Unit: a.Unit()})
		}
		t := &out[len(out)-1].Interval
		*t = t.plus(m.Joules(a, c[a]))
	}
	return out
}

// Missing lists the actions that were done but have no entry: they cost nothing.
func (m *Prices) Missing(c *ActionCounts) []Action {
	var out []Action
	for _, a := range order {
		if c[a] > 0 && m.entry[a] < 0 {
			out = append(out, a)
		}
	}
	return out
}

// BasisJoules is what actions took whose prices rest on one basis.
type BasisJoules struct {
	Basis Basis
	Interval
}

// ByBasis is the joules by what their prices rest on, the firmest first; a basis that prices nothing is left out.
func (m *Prices) ByBasis(c *ActionCounts) []BasisJoules {
	var out []BasisJoules
	for _, b := range append(Bases(), Unstated) {
		t := BasisJoules{Basis: b}
		for i := range m.table.Entries {
			if e := &m.table.Entries[i]; e.Basis == b {
				t.Interval = t.plus(m.Joules(e.Action, c[e.Action]))
			}
		}
		if t.High > 0 {
			out = append(out, t)
		}
	}
	return out
}

// Standing is the joules that go with time alone, whatever is done in it: what draws power for as long as it is there, and the clock.
func (m *Prices) Standing(c *ActionCounts) Interval {
	var t Interval
	for _, a := range order {
		if a.power() || a == FlipFlopClock {
			t = t.plus(m.Joules(a, c[a]))
		}
	}
	return t
}
