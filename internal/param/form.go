package param

// Formed is a type that is read from text and says what that text is: a noun, and the regular expression that all of it matches; none: any text.
type Formed interface {
	Form() (noun, pattern string)
}

// Interval is the least and the most that is accepted, in base units, and what all of it is a multiple of; false: the range is no interval of numbers.
func (r Range) Interval() (low, high, step int64, ok bool) {
	return r.low, r.high, max(r.step, 1), r.says == "" && len(r.words) == 0 && (r.low != 0 || r.high != 0)
}

// Powers reports whether only powers of two are accepted.
func (r Range) Powers() bool { return r.power }

// Words are all that is accepted of a text; none: others are, too.
func (r Range) Words() []string { return r.words }

// Counts are how many values a list may have; none: any number.
func (r Range) Counts() []int { return r.sizes }

// None reports whether the zero value is accepted beside the range.
func (r Range) None() bool { return r.orNone }
