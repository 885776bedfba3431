package diag

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Pos is a place in a file, or an origin without lines such as a flag. Lines and columns count from 1, columns in
// characters; 0 is unknown.
type Pos struct {
	File      string
	Line, Col int
}

// String prints "file:line:col", without the parts that are unknown.
func (p Pos) String() string {
	s := p.File
	for _, n := range []int{p.Line, p.Col} {
		if n == 0 {
			break
		}
		if s != "" {
			s += ":"
		}
		s += strconv.Itoa(n)
	}
	return s
}

// Error is what is wrong with one field.
type Error struct {
	Pos      Pos
	Path     string // keys from the root, as in an override: stce.rows, layers[0].kernel
	Problem  string
	Accepted string // what would be right
	Nearest  string // the known name closest to an unknown one
}

// Error prints the one line that the package comment describes.
func (e *Error) Error() string {
	var b strings.Builder
	for _, s := range []string{e.Pos.String(), e.Path} {
		if s != "" {
			b.WriteString(s + ": ")
		}
	}
	b.WriteString(tail(e.Problem, e.Accepted))
	if e.Nearest != "" {
		b.WriteString("; nearest: " + e.Nearest)
	}
	return b.String()
}

// FieldError is what a Validate method knows about a key of its own struct; who knows the file adds the position.
type FieldError struct {
	Key      string // path from the validated struct; empty for the struct or value itself
	Problem  string
	Accepted string
}

// Field makes a FieldError.
func Field(key, problem, accepted string) error {
	return &FieldError{Key: key, Problem: problem, Accepted: accepted}
}

// Error prints "key: problem; accepted: what".
func (e *FieldError) Error() string {
	s := tail(e.Problem, e.Accepted)
	if e.Key != "" {
		s = e.Key + ": " + s
	}
	return s
}

func tail(problem, accepted string) string {
	if accepted == "" {
		return problem
	}
	return problem + "; accepted: " + accepted
}

// List is several errors. It is an error itself; use Err to return it.
type List []*Error

// Err is nil for an empty list, else the list sorted by position, errors of one position in the order of their making.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	sorted := slices.Clone(l)
	slices.SortStableFunc(sorted, func(a, b *Error) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col),
		)
	})
	return sorted
}

// Most is how many errors are kept of one file: who has more has made one mistake many times.
const Most = 20

// And is Err of a list that more errors were left out of.
func (l List) And(more int) error {
	err := l.Err()
	if err == nil || more == 0 {
		return err
	}
	return &cut{l.Err(), more}
}

// cut is a list with a number of errors that it does not hold.
type cut struct {
	error
	more int
}

func (c *cut) Error() string { return c.error.Error() + "\nand " + strconv.Itoa(c.more) + " more" }

func (c *cut) Unwrap() error { return c.error }

// Error prints one error a line.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, e := range l {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the single errors to errors.Is and errors.As.
func (l List) Unwrap() []error {
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}
