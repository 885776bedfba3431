package energy

import "satsim/internal/quantity"

// Interval is a figure with its bounds.
type Interval struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Times is f, which is not negative, times the interval.
func (i Interval) Times(f float64) Interval { return Interval{i.Value * f, i.Low * f, i.High * f} }

// Under is f over the interval.
func (i Interval) Under(f float64) Interval { return Interval{f / i.Value, f / i.High, f / i.Low} }

func (i Interval) plus(j Interval) Interval {
	return Interval{i.Value + j.Value, i.Low + j.Low, i.High + j.High}
}

// Model is a table at a core clock: what a count of each action costs.
type Model struct {
	table  *Table
	prices [Actions]Interval // joules a count
	entry  [Actions]int      // of the table; -1: none
}

// NewModel prices actions by a table.
func NewModel(t *Table, clock quantity.Frequency) *Model {
	m := &Model{table: t}
	for a := range m.entry {
		m.entry[a] = -1
	}
	for i := range t.Entries {
		e := &t.Entries[i]
		m.entry[e.Action] = i
		per := float64(max(e.Per, 1)) * float64(actions[e.Action].counts)
		if e.Action.power() {
			per = float64(clock)
		}
		m.prices[e.Action] = Interval{e.Value.Joules / per, e.Low.Joules / per, e.High.Joules / per}
	}
	return m
}

// Price of one count of an action.
func (m *Model) Price(a Action) Interval { return m.prices[a] }

// Joules of an action that was done n times.
func (m *Model) Joules(a Action, n int64) Interval { return m.prices[a].Times(float64(n)) }

// Total is the joules of all actions.
func (m *Model) Total(c *Counts) Interval {
	var t Interval
	for a := range c {
		t = t.plus(m.Joules(Action(a), c[a]))
	}
	return t
}

// ByUnit is the joules of each of Units.
func (m *Model) ByUnit(c *Counts) []Interval {
	var out []Interval
	last := ""
	for a := range c {
		if u := Action(a).Unit(); u != last {
			out, last = append(out, Interval{}), u
		}
		out[len(out)-1] = out[len(out)-1].plus(m.Joules(Action(a), c[a]))
	}
	return out
}

// Missing lists the actions that were done but have no entry: they cost nothing.
func (m *Model) Missing(c *Counts) []Action {
	var out []Action
	for a := range c {
		if c[a] > 0 && m.entry[a] < 0 {
			out = append(out, Action(a))
		}
	}
	return out
}
