package memory

import (
	"errors"
	"fmt"

	"satsim/arch/memory/ddr4"
	"satsim/internal/diag"
	"satsim/internal/param"
	"satsim/internal/quantity"
)

// Traffic is a described load: streams of equal requests.
type Traffic struct {
	Streams  []TrafficStream `yaml:"streams" json:"streams"`
	Requests int64           `yaml:"requests" json:"requests"` // of each stream
}

// TrafficStream is a sequence of equal requests, each striped over all channels.
type TrafficStream struct {
	Bytes  quantity.Bytes `yaml:"bytes" json:"bytes"`   // of a request
	Run    quantity.Bytes `yaml:"run" json:"run"`       // contiguous; 0: all
	Pitch  quantity.Bytes `yaml:"pitch" json:"pitch"`   // from run to run; 0: irregular
	Window int            `yaml:"window" json:"window"` // requests in flight
	Write  bool           `yaml:"write" json:"write"`
}

// DeclaredOfTraffic are the keys of a file of kind traffic, each once.
func DeclaredOfTraffic() []param.Param {
	const file = "the file"
	return []param.Param{
		param.Of("requests", nil, "requests", param.Between(1, 1<<40, "").In("1", "2^40"), "of each stream", "the file, or --requests"),
		param.Of("streams[].bytes", nil, "bytes", param.Between(1, 1<<40, "").In("1B", "1TiB"), "of a request", file),
		param.Of("streams[].run", nil, "bytes", param.AtLeast(0, "").In("0B", ""), "that lie side by side; 0: all of a request", file),
		param.Of("streams[].pitch", nil, "bytes", param.Between(0, 1<<40, "").In("0B", "1TiB"), "from run to run; 0: irregular", file),
		param.Of("streams[].window", nil, "requests", param.Between(1, 1024, ""), "under way at a time", file),
		param.Of("streams[].write", nil, "switch", param.Range{}, "requests write", file),
	}
}

// Validate reports every value that no traffic has.
func (t Traffic) Validate() error {
	errs := []error{param.Validate(t, DeclaredOfTraffic())}
	if len(t.Streams) < 1 || len(t.Streams) > 256 {
		errs = append(errs, diag.Field("streams", fmt.Sprintf("%d are given", len(t.Streams)), "1 to 256"))
	}
	for i, s := range t.Streams {
		if n := bursts(int64(s.Bytes), int64(s.Run)); n > mostBursts {
			errs = append(errs, fmt.Errorf("streams[%d]: a request of %d bursts; up to %d are accepted (256MiB, or as many runs of less than %d bytes)", i, n, mostBursts, leastBurst))
		}
	}
	return errors.Join(errs...)
}

// TrafficResult is what a memory made of a traffic.
type TrafficResult struct {
	Cycles      int64   `json:"cycles"` // core cycles from the first arrival to the last byte
	TimeS       float64 `json:"time_s"`
	ReadBytes   int64   `json:"read_bytes"`
	WriteBytes  int64   `json:"write_bytes"`
	Bandwidth   float64 `json:"bandwidth_bytes_per_s"`
	ShareOfPeak float64 `json:"share_of_peak"` // of the pins of all channels
	ShareOfPort float64 `json:"share_of_port"` // of the ports in one direction
	Read        Latency `json:"read_latency"`
	Write       Latency `json:"write_latency"`
	Mix         Mix     `json:"mix"`
	Shares      Shares  `json:"shares"` // of the peak
}

// Latency is the distribution of the core cycles from a request's arrival to its last byte.
type Latency struct {
	Requests int64   `json:"requests"`
	Mean     float64 `json:"mean_cycles"`
	Median   int64   `json:"median_cycles"`
	P95      int64   `json:"p95_cycles"`
	P99      int64   `json:"p99_cycles"`
	Max      int64   `json:"max_cycles"`
}

func latencyOf(h ddr4.Histogram) Latency {
	return Latency{h.N, h.Mean(), h.Quantile(0.5), h.Quantile(0.95), h.Quantile(0.99), h.Max}
}

// Watch is asked now and then, with how many of all requests are done; its error ends the run. nil: nobody watches.
type Watch func(done, total int64) error

// watched are the bursts, or requests of fewer, from one question to the next: about a millisecond of the detailed model.
const watched = 1 << 13

// watcher asks a Watch when enough has been done.
type watcher struct {
	ask         Watch
	done, total int64
	work        int64 // since the last question
}

// next is asked before a request.
func (w *watcher) next(r *Request) error {
	if w.ask != nil && w.work >= watched {
		w.work = 0
		if err := w.ask(w.done, w.total); err != nil {
			return err
		}
	}
	w.done++
	w.work += max(bursts(r.Bytes, r.Run), 1)
	return nil
}

// bursts are about as many as a request has, on one channel.
func bursts(bytes, run int64) int64 {
	if run > 0 && run < leastBurst {
		return bytes / run
	}
	return bytes / leastBurst
}

// leastBurst is no longer than that of any technology.
const leastBurst = 32

// mostBursts bounds a request, which nothing interrupts: a second or so of the detailed model.
const mostBursts = 1 << 23

// RunTraffic runs a traffic on an idle memory. A stream sends its next request as soon as its window allows; at one cycle
// streams go in order.
func RunTraffic(m Model, coreHz int64, t Traffic, ask Watch) (TrafficResult, error) {
	if err := t.Validate(); err != nil {
		return TrafficResult{}, fmt.Errorf("running a traffic: %w", err)
	}
	type state struct {
		sent int64
		done []int64 // of the last requests, round robin
	}
	states := make([]state, len(t.Streams))
	for i := range states {
		states[i].done = make([]int64, t.Streams[i].Window)
	}
	y := NewTally()
	w := watcher{ask: ask, total: t.Requests * int64(len(t.Streams))}
	for {
		next := -1
		var at int64
		for i := range states {
			s := &states[i]
			if s.sent == t.Requests {
				continue
			}
			// Streams that are ready at the same cycle take turns.
			if ready := s.done[s.sent%int64(len(s.done))]; next < 0 || ready < at || ready == at && s.sent < states[next].sent {
				next, at = i, ready
			}
		}
		if next < 0 {
			break
		}
		s, d := &states[next], &t.Streams[next]
		r := Request{Bytes: int64(d.Bytes), Run: int64(d.Run), Pitch: int64(d.Pitch), Write: d.Write, Stream: uint8(next)}
		if err := w.next(&r); err != nil {
			return TrafficResult{}, err
		}
		done := m.Serve(at, r)
		s.done[s.sent%int64(len(s.done))] = done
		s.sent++
		y.Add(at, done, &r)
	}
	return y.end(m, coreHz), nil
}

// Replay runs requests on an idle memory, each as soon as the one before has been sent and its stream has fewer than window in flight: the
// order of a real machine, without its waiting for anything but the memory.
func Replay(m Model, coreHz int64, requests []Request, window int, ask Watch) (TrafficResult, error) {
	y := NewTally()
	w := watcher{ask: ask, total: int64(len(requests))}
	var now int64
	var flights [256][]int64 // by stream: when the last requests are done, round robin
	var sent [256]int
	for i := range requests {
		r := &requests[i]
		if err := w.next(r); err != nil {
			return TrafficResult{}, err
		}
		f := flights[r.Stream]
		if f == nil {
			f = make([]int64, window)
			flights[r.Stream] = f
		}
		slot := &f[sent[r.Stream]%window]
		now = max(now, *slot)
		*slot = m.Serve(now, *r)
		sent[r.Stream]++
		y.Add(now, *slot, r)
	}
	return y.end(m, coreHz), nil
}

// Tally sums up requests.
type Tally struct {
	res     TrafficResult
	latency [2]ddr4.Histogram
}

// NewTally of no requests.
func NewTally() *Tally { return &Tally{} }

// Add counts a request that arrived and was done at these cycles.
func (y *Tally) Add(arrived, done int64, r *Request) {
	y.res.Cycles = max(y.res.Cycles, done)
	y.latency[direction(r.Write)].Add(done - arrived)
	if r.Write {
		y.res.WriteBytes += r.Bytes
		return
	}
	y.res.ReadBytes += r.Bytes
}

// end asks an otherwise unused model for its commands.
func (y *Tally) end(m Model, coreHz int64) TrafficResult {
	channels, p := m.Counters(nil), m.Params()
	var all ChannelCounters
	for i := range channels {
		all.Add(&channels[i])
	}
	use := p.Use(len(channels), &all, y.res.Cycles, coreHz, m.UnitHz())
	use.Mix = m.Mix(y.res.Cycles)
	return y.Result(p, use, y.res.Cycles, coreHz)
}

// Result of all requests, which took so many cycles and of which the channels made this use.
func (y *Tally) Result(p Params, use Use, cycles, coreHz int64) TrafficResult {
	res := y.res
	res.Cycles = cycles
	res.Read, res.Write = latencyOf(y.latency[0]), latencyOf(y.latency[1])
	res.Mix, res.Shares = use.Mix, use.Shares
	if cycles == 0 {
		return res
	}
	res.TimeS = float64(cycles) / float64(coreHz)
	res.Bandwidth = float64(res.ReadBytes+res.WriteBytes) / res.TimeS
	res.ShareOfPeak = res.Bandwidth / float64(p.PeakBandwidth()) / float64(p.Channels)
	res.ShareOfPort = res.Bandwidth / float64(p.PortBandwidth()) / float64(p.Channels)
	return res
}
