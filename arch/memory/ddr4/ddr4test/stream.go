package ddr4test

import (
	"errors"
	"fmt"

	"satsim/arch/memory/ddr4"
)

// Stream is a regular sequence of addresses: chunks of contiguous bytes, at a fixed distance or at random places.
type Stream struct {
	Base   int64 // address of the first chunk
	Chunk  int64 // contiguous bytes
	Pitch  int64 // from the start of a chunk to the next
	Random bool  // chunks at random multiples of Chunk instead
	Write  bool
}

// Pattern is one sequence of bursts in order: its streams take turns chunk by chunk.
type Pattern struct {
	Streams []Stream
	Bursts  int64  // to issue in all
	Window  int    // most bursts in flight; 0: as many as the queues take
	Barrier bool   // a chunk waits until the one before is done (a write is done when its command is issued)
	Seed    uint64 // of the random places
}

// Validate reports what makes a pattern meaningless on a channel.
func (pat Pattern) Validate(p ddr4.Params) error {
	var errs []error
	if len(pat.Streams) == 0 {
		errs = append(errs, errors.New("streams: none is given; at least one is accepted"))
	}
	for i, s := range pat.Streams {
		if s.Chunk < p.BurstBytes || s.Chunk%p.BurstBytes != 0 {
			errs = append(errs, fmt.Errorf("streams[%d].chunk: %d B is no whole number of bursts; multiples of %d B are accepted", i, s.Chunk, p.BurstBytes))
		}
		if s.Base < 0 || s.Pitch < 0 {
			errs = append(errs, fmt.Errorf("streams[%d]: base %d and pitch %d must not be negative", i, s.Base, s.Pitch))
		}
	}
	if pat.Bursts < 1 {
		errs = append(errs, fmt.Errorf("bursts: %d is out of range; at least 1 is accepted", pat.Bursts))
	}
	if pat.Window < 0 {
		errs = append(errs, fmt.Errorf("window: %d is out of range; 0 (the queues) or more is accepted", pat.Window))
	}
	return errors.Join(errs...)
}

// cursor walks a pattern.
type cursor struct {
	pat      *Pattern
	burst    int64 // bytes
	capacity int64
	left     int64
	stream   int
	offset   int64   // in the chunk
	at       []int64 // of each stream: address of its present chunk
	random   uint64
}

func newCursor(p ddr4.Params, pat *Pattern) *cursor {
	c := &cursor{pat: pat, burst: p.BurstBytes, capacity: p.Capacity(), left: pat.Bursts, at: make([]int64, len(pat.Streams)), random: pat.Seed}
	for i, s := range pat.Streams {
		c.at[i] = s.Base
		if s.Random {
			c.at[i] = c.place(s)
		}
	}
	return c
}

// peek is the next burst; first tells that it begins a chunk.
func (c *cursor) peek() (addr int64, write, first bool) {
	return c.at[c.stream] + c.offset, c.pat.Streams[c.stream].Write, c.offset == 0
}

func (c *cursor) advance() {
	c.left--
	s := &c.pat.Streams[c.stream]
	if c.offset += c.burst; c.offset < s.Chunk {
		return
	}
	c.offset = 0
	if s.Random {
		c.at[c.stream] = c.place(*s)
	} else {
		c.at[c.stream] += s.Pitch
	}
	if c.stream++; c.stream == len(c.pat.Streams) {
		c.stream = 0
	}
}

// place is a random multiple of the chunk (splitmix64, Steele et al., OOPSLA 2014).
func (c *cursor) place(s Stream) int64 {
	c.random += 0x9e3779b97f4a7c15
	z := c.random
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	return s.Base + int64(z%uint64(c.capacity/s.Chunk))*s.Chunk
}
