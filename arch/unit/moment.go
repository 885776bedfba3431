package unit

// Moment is what a unit does in a cycle, as its exact model has it: what becomes of the cycle at its input, and what else is to be seen, by the names that the rules of its contract have; and both
// in words, a line each.
type Moment struct {
	Cause string
	Shows []string
	Says  []string
}

// Show adds what else is to be seen, in words, if it is.
func (m *Moment) Show(seen bool, what, says string) {
	if seen {
		m.Shows, m.Says = append(m.Shows, what), append(m.Says, says)
	}
}
