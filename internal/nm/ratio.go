package nm

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxM is the largest group that any part of satsim handles.
const MaxM = 32

// Ratio keeps N of every M consecutive elements. The zero value is not a ratio; Dense is.
type Ratio struct {
	N, M int
}

// Dense keeps everything: groups of one.
var Dense = Ratio{1, 1}

// Parse reads "N:M" with 1 <= N <= M <= MaxM.
func Parse(s string) (Ratio, error) {
	n, m, ok := strings.Cut(s, ":")
	if !ok {
		return Ratio{}, fmt.Errorf("%q is no N:M ratio; write it as 2:8", s)
	}
	var r Ratio
	var err error
	if r.N, err = strconv.Atoi(n); err != nil {
		return Ratio{}, fmt.Errorf("%q is no N:M ratio: N is no whole number; write it as 2:8", s)
	}
	if r.M, err = strconv.Atoi(m); err != nil {
		return Ratio{}, fmt.Errorf("%q is no N:M ratio: M is no whole number; write it as 2:8", s)
	}
	return r, r.Validate()
}

// Validate reports whether 1 <= N <= M <= MaxM.
func (r Ratio) Validate() error {
	if r.N < 1 || r.M < r.N || r.M > MaxM {
		return fmt.Errorf("ratio %d:%d is out of range; 1 <= N <= M <= %d is accepted", r.N, r.M, MaxM)
	}
	return nil
}

// String prints "N:M".
func (r Ratio) String() string { return strconv.Itoa(r.N) + ":" + strconv.Itoa(r.M) }

// MarshalText prints "N:M".
func (r Ratio) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads "N:M".
func (r *Ratio) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	if err != nil {
		return err
	}
	*r = v
	return nil
}

// IsDense reports whether nothing is pruned.
func (r Ratio) IsDense() bool { return r.N == r.M }

// Groups is the number of groups in a run of c channels.
func (r Ratio) Groups(c int) int { return (c + r.M - 1) / r.M }

// Kept is the number of elements kept in a run of c channels.
func (r Ratio) Kept(c int) int { return c/r.M*r.N + min(r.N, c%r.M) }
