package energy

import (
	"math"
	"slices"
)

// Verdict says what a ratio decides.
type Verdict string

// The verdicts on energy(a)/energy(b): b takes less, b takes more, or the interval holds 1.
const (
	Less      Verdict = "less"
	More      Verdict = "more"
	Undecided Verdict = "undecided"
)

// Verdict on a ratio of the baseline's energy to another's.
func (i Interval) Verdict() Verdict {
	switch {
	case i.Low > 1:
		return Less
	case i.High < 1:
		return More
	default:
		return Undecided
	}
}

// levels of a group: all its entries at their value, low or high.
const levels = 3

// mover is a group of entries that move together: their joules in both runs at each level.
type mover struct{ a, b [levels]float64 }

// Ratio is the energy of a over that of b by the same table, and its bounds over all that the table's groups can do. ok is false when b
// costs nothing.
func (m *Prices) Ratio(a, b *ActionCounts) (r Interval, ok bool) {
	g := m.movers(a, b)
	value, ok := quotient(g, make([]int, len(g)))
	if !ok {
		return Interval{}, false
	}
	r = Interval{Value: value}
	for _, end := range []struct {
		to   *float64
		sign float64
	}{{&r.Low, -1}, {&r.High, 1}} {
		pick, q := make([]int, len(g)), value
		for {
			// The best level of each group against the present ratio; no better one left means that the ratio is extreme.
			changed := false
			for i := range g {
				best := pick[i]
				for l := range levels {
					if end.sign*(g[i].a[l]-q*g[i].b[l]) > end.sign*(g[i].a[best]-q*g[i].b[best]) {
						best = l
					}
				}
				changed = changed || best != pick[i]
				pick[i] = best
			}
			next, ok := quotient(g, pick)
			if !changed || !ok || end.sign*(next-q) <= 0 {
				break
			}
			q = next
		}
		*end.to = q
	}
	return r, true
}

func quotient(g []mover, pick []int) (float64, bool) {
	var a, b float64
	for i, l := range pick {
		a += g[i].a[l]
		b += g[i].b[l]
	}
	return a / b, b > 0 && !math.IsInf(a/b, 0)
}

// movers groups the entries, in the order in which groups first appear.
func (m *Prices) movers(a, b *ActionCounts) []mover {
	var out []mover
	index := map[string]int{}
	for i := range m.table.Entries {
		e := &m.table.Entries[i]
		k, known := index[e.Group]
		if !known || e.Group == "" {
			k = len(out)
			out = append(out, mover{})
			index[e.Group] = k
		}
		p := m.prices[e.Action]
		for l, price := range [levels]float64{p.Value, p.Low, p.High} {
			out[k].a[l] += float64(price * float64(a[e.Action])) // rounded, not fused
			out[k].b[l] += float64(price * float64(b[e.Action]))
		}
	}
	return out
}

// Influence is what one entry does to a ratio: the ratio with it alone at its low and at its high, all others at their values.
type Influence struct {
	Action    Action
	Group     string
	Low, High float64
}

// Sensitivity lists the entries by how far each alone moves the ratio of a to b, the furthest first.
func (m *Prices) Sensitivity(a, b *ActionCounts) []Influence {
	ta, tb := m.Total(a).Value, m.Total(b).Value
	var out []Influence
	for i := range m.table.Entries {
		e := &m.table.Entries[i]
		p, na, nb := m.prices[e.Action], float64(a[e.Action]), float64(b[e.Action])
		at := func(price float64) float64 {
			return (ta + float64((price-p.Value)*na)) / (tb + float64((price-p.Value)*nb))
		}
		out = append(out, Influence{Action: e.Action, Group: e.Group, Low: at(p.Low), High: at(p.High)})
	}
	slices.SortStableFunc(out, func(x, y Influence) int {
		switch dx, dy := math.Abs(x.High-x.Low), math.Abs(y.High-y.Low); {
		case dx > dy:
			return -1
		case dx < dy:
			return 1
		default:
			return slices.Index(order, x.Action) - slices.Index(order, y.Action)
		}
	})
	return out
}
