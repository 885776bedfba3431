package memory

import "math/bits"

// Floor is what bounds any run of requests on the fast model from below, in units, beside their service.
type Floor struct {
	Read  int64 // from a read's turn at the port to its end, without its service: both crossings and the least latency
	Queue int64 // service that writes may still need when the last of them has crossed the port
}

// Floor of the model.
func (f *Fast) Floor() Floor { return Floor{Read: 2*f.crossing + f.latency[0], Queue: f.slack} }

// Least is the fewest cycles from a request's arrival to its end, whatever was served before. The first of its stream finds no row open.
func (f *Fast) Least(r Request, first bool) int64 {
	if r.Bytes <= 0 {
		return 0
	}
	n := int64(f.params.Channels)
	if mask := r.Channels & f.params.AllChannels(); mask != 0 {
		n = int64(bits.OnesCount64(mask))
	}
	s := f.share(r, n)
	if r.Write {
		return ceilDiv(s.port, f.unit)
	}
	latency := f.latency[0]
	if first || !s.whole() {
		latency = f.latency[1] + s.tail
	}
	return ceilDiv(max(s.service, s.port)+2*f.crossing+latency, f.unit) + r.Late
}
