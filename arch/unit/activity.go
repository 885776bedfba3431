package unit

import (
	"fmt"
	"math/bits"

	"satsim/arch/word"
)

// MaxCounts is how many counts a unit may have.
const MaxCounts = 32

// Counts of one unit, indexed by its own constants.
type Counts [MaxCounts]int64

// Access is what was read from and written to a buffer, in bits.
type Access struct {
	ReadBits  int64 `json:"read_bits"`
	WriteBits int64 `json:"write_bits"`
}

// Activity is what was done, or is going to be. Nothing in it is negative.
type Activity struct {
	Units   [word.Units]Counts
	Busy    [word.Units]int64 // cycles in which the unit could take nothing else
	Bytes   [word.Lanes]int64 // moved to or from off-chip memory
	Buffers [word.Buffers]Access
}

// Tally adds numbers that are not negative and remembers when a sum had more than 63 bits.
type Tally struct{ over uint64 }

// Add adds n times d to c.
func (t *Tally) Add(c *int64, d, n int64) {
	hi, lo := bits.Mul64(uint64(d), uint64(n))
	sum, carry := bits.Add64(uint64(*c), lo, 0)
	t.over |= hi | carry | (lo|sum)>>63
	*c = int64(sum)
}

// Err is set when a sum was too large, or a number negative.
func (t *Tally) Err() error {
	if t.over != 0 {
		return fmt.Errorf("adding up counts: more than 63 bits, or negative")
	}
	return nil
}

// Add adds n times d to c.
func (c *Counts) Add(d *Counts, n int64) error {
	var t Tally
	t.counts(c, d, n)
	return t.Err()
}

func (t *Tally) counts(c, d *Counts, n int64) {
	for i := range c {
		t.Add(&c[i], d[i], n)
	}
}

// Plus returns c and d together.
func (c Counts) Plus(d Counts) Counts {
	for i := range c {
		c[i] += d[i]
	}
	return c
}

// Times returns c taken n times.
func (c Counts) Times(n int64) Counts {
	for i := range c {
		c[i] *= n
	}
	return c
}

// Add adds n times b to a.
func (a *Activity) Add(b *Activity, n int64) error {
	var t Tally
	for u := range a.Units {
		t.counts(&a.Units[u], &b.Units[u], n)
		t.Add(&a.Busy[u], b.Busy[u], n)
	}
	for l := range a.Bytes {
		t.Add(&a.Bytes[l], b.Bytes[l], n)
	}
	for i := range a.Buffers {
		t.Add(&a.Buffers[i].ReadBits, b.Buffers[i].ReadBits, n)
		t.Add(&a.Buffers[i].WriteBits, b.Buffers[i].WriteBits, n)
	}
	return t.Err()
}

// Did adds n times what a piece of work did: the unit's counts, and the cycles for which it was taken.
func (a *Activity) Did(u word.Unit, c *Counts, busy, n int64) error {
	var t Tally
	t.counts(&a.Units[u], c, n)
	t.Add(&a.Busy[u], busy, n)
	return t.Err()
}

// Read adds n times so many bits read from a buffer.
func (a *Activity) Read(b word.Buffer, bits, n int64) error {
	var t Tally
	t.Add(&a.Buffers[b].ReadBits, bits, n)
	return t.Err()
}

// Write adds n times so many bits written to a buffer.
func (a *Activity) Write(b word.Buffer, bits, n int64) error {
	var t Tally
	t.Add(&a.Buffers[b].WriteBits, bits, n)
	return t.Err()
}

// WriteReserved adds n times what an op reserves in its output buffers: a unit whose results fill their space.
func (a *Activity) WriteReserved(o *word.Op, w *word.Work, n int64) error {
	for i, e := range o.Out {
		if e.Buffer == word.Pace || e.Buffer == word.Factors { // tokens, no data
			continue
		}
		if err := a.Write(e.Buffer, 8*w.Space[i], n); err != nil {
			return err
		}
	}
	return nil
}

// ReadBytes is what was read from off-chip memory.
func (a *Activity) ReadBytes() int64 { return a.direction(false) }

// WriteBytes is what was written to off-chip memory.
func (a *Activity) WriteBytes() int64 { return a.direction(true) }

func (a *Activity) direction(write bool) (n int64) {
	for l := word.Lane(0); l < word.Lanes; l++ {
		if l.Unit() == word.Memory && l.IsWrite() == write {
			n += a.Bytes[l]
		}
	}
	return n
}
