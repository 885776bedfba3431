package memory

import "fmt"

// Model is a memory that serves requests in order of arrival and tells when each is done: Fast or Detailed.
type Model interface {
	// Serve takes a request that arrives at a core cycle, no earlier than the one before, and returns the cycle at which its last byte has
	// crossed the port: for a read at the core's side, for a write into the controller.
	Serve(now int64, r Request) (done int64)
	// Reset begins to count from zero. The fast model is idle afterwards; in the detailed one open rows, queued writes and the refresh
	// interval stay as they are, since nothing resets a DRAM between two groups.
	Reset()
	// Counters appends the counters of every channel to dst.
	Counters(dst []ChannelCounters) []ChannelCounters
	// Params are those that it was built of, with its own Model.
	Params() Params
	// UnitHz is how many units of the counters' times a second has.
	UnitHz() int64
	// Mix is the commands of a run of so many core cycles on a new model, those for queued writes included.
	Mix(cycles int64) Mix
	// AppendState appends what decides how later requests are served, relative to now.
	AppendState(b []uint64, now int64) []uint64
}

// New builds the model that the parameters name.
func New(p Params, coreHz int64) (Model, error) {
	if p.Model != ModelDetailed {
		return NewFast(p, coreHz)
	}
	dev, err := p.Device()
	if err != nil {
		return nil, fmt.Errorf("building the command-level memory model: %w", err)
	}
	return NewDetailed(p, dev, coreHz)
}
