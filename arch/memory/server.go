package memory

import (
	"math/bits"

	"satsim/arch/link"
	"satsim/arch/word"
)

// server serves a group's tasks on a model. A lane may ask again in the next cycle; how many requests it has under way is the
// worker's bound (assumption: two, as a DMA engine with two descriptors).
type server struct {
	Model
	requests [][]Request // per task and variant
}

// fastServer is that of the fast model, which works out once what a variant's request is to a channel.
type fastServer struct {
	*Fast
	requests [][]Request // per task and variant
	shares   [][]*share  // of those that were served
}

// RequestOf is the transfer of a word's work.
func RequestOf(o *word.Op, w *word.Work) Request {
	return Request{Bytes: w.Bytes, Run: w.Run, Pitch: w.Pitch, Channels: o.Channels, Write: o.Lane.IsWrite(), Pace: w.Pace, Late: w.Late, Stream: uint8(o.Lane)}
}

// NewServer serves the memory's tasks of a group on m.
func NewServer(m Model, tasks []link.Task) link.Server {
	n := 0
	for i := range tasks {
		if o := tasks[i].Op; o != nil {
			n += len(o.Variants)
		}
	}
	requests, all := make([][]Request, len(tasks)), make([]Request, 0, n)
	for i := range tasks {
		o := tasks[i].Op
		if o == nil {
			continue
		}
		first := len(all)
		for v := range o.Variants {
			all = append(all, RequestOf(o, &o.Variants[v].Work))
		}
		requests[i] = all[first:len(all):len(all)]
	}
	fast, ok := m.(*Fast)
	if !ok {
		return server{Model: m, requests: requests}
	}
	shares, known := make([][]*share, len(tasks)), make([]*share, n)
	for i := range requests {
		k := len(requests[i])
		shares[i], known = known[:k:k], known[k:]
	}
	return fastServer{Fast: fast, requests: requests, shares: shares}
}

// Serve implements link.Server.
func (s server) Serve(now int64, t int, v int32) (next, done int64) {
	return now + 1, max(s.Model.Serve(now, s.requests[t][v]), now+1)
}

// Serve implements link.Server.
func (s fastServer) Serve(now int64, t int, v int32) (next, done int64) {
	r := &s.requests[t][v]
	if r.Bytes <= 0 {
		return now + 1, now + 1
	}
	x := s.shares[t][v]
	if x == nil {
		fresh := s.shared(*r)
		x = &fresh
		s.shares[t][v] = x
	}
	return now + 1, max(s.pass(now, x), now+1)
}

// Reset drains the model: nothing under way, counters at zero.
func (f *Fast) Reset() {
	for i := range f.channels {
		f.channels[i] = channel{fresh: true}
	}
	f.alike = true
}

// AppendCounters appends what the counters of all channels hold as plain numbers, those that the model carries, in the order of Fields.
func (f *Fast) AppendCounters(dst []int64) []int64 {
	for i := range f.channels {
		fields := f.channel(i).counters.Fields()
		for _, v := range fields[:carried] {
			dst = append(dst, *v)
		}
	}
	return dst
}

// AddCounters adds delta, laid out as by AppendCounters, times over.
func (f *Fast) AddCounters(delta []int64, times int64) {
	for i := range f.channels {
		fields := f.channels[i].counters.Fields()
		for j, v := range fields[:carried] {
			*v += delta[j] * times
		}
		if delta = delta[carried:]; f.alike {
			return
		}
	}
}

// channel is what is known of a channel.
func (f *Fast) channel(i int) *channel {
	if f.alike {
		i = 0
	}
	return &f.channels[i]
}

// Demand is for how long a request keeps each of its channels, in units (Unit a core cycle): the DRAM's data bus, and the port.
func (f *Fast) Demand(r Request) (dram, port int64) {
	if r.Bytes == 0 {
		return 0, 0
	}
	n := int64(f.params.Channels)
	if r.Channels != 0 {
		n = int64(bits.OnesCount64(r.Channels & f.params.AllChannels()))
	}
	s := f.share(r, n)
	return s.service, s.port
}

// Occupancy is the longer of the two, in core cycles, rounded up.
func (f *Fast) Occupancy(r Request) int64 {
	dram, port := f.Demand(r)
	return ceilDiv(max(dram, port), f.unit)
}
