package dataflow

import "satsim/arch/word"

// needs says which class bits of a loop an op's work depends on.
type needs struct{ first, last bool }

// variantsOf lists the classes of an op at a level that differ in the needed bits, each with its work. They are disjoint, and
// cover all classes.
func variantsOf(loops []word.Loop, level int, need func(l *word.Loop) needs, work func(c word.Class) word.Work) []word.Variant {
	out := []word.Variant{}
	var walk func(i int, mask, value, sample word.Class)
	walk = func(i int, mask, value, sample word.Class) {
		if i == level {
			out = append(out, word.Variant{Mask: mask, Value: value, Work: work(sample)})
			return
		}
		l := &loops[i]
		first, last := word.First(i), word.Last(i)
		n := need(l)
		if l.Trips == 2 && n.first && n.last { // the two trips are each other's complement
			n.first = false
		}
		switch {
		case l.Trips == 1:
			walk(i+1, mask, value, sample|first|last)
		case n.first && n.last:
			walk(i+1, mask|first|last, value|first, sample|first)
			walk(i+1, mask|first|last, value, sample)
			walk(i+1, mask|first|last, value|last, sample|last)
		case n.last:
			other := sample
			if l.Trips == 2 {
				other |= first
			}
			walk(i+1, mask|last, value, other)
			walk(i+1, mask|last, value|last, sample|last)
		case n.first:
			walk(i+1, mask|first, value|first, sample|first)
			walk(i+1, mask|first, value, sample)
		default:
			walk(i+1, mask, value, sample)
		}
	}
	walk(0, 0, 0, 0)
	return out
}

// edged is the need of work that depends on a loop's step.
func edged(l *word.Loop) needs { return needs{last: l.Edge != l.Step} }
