package compare

import (
	"runtime"

	"satsim/results/experiment/machine"
)

// spares are machines that simulate nothing any more: the next ones take what they have room for. It is safe for several goroutines.
type spares struct{ free chan *machine.Machine }

// newSpares has none. As many are kept as simulate at a time.
func newSpares() *spares { return &spares{make(chan *machine.Machine, runtime.GOMAXPROCS(0))} }

// give leaves a machine that is done.
func (s *spares) give(m *machine.Machine) {
	select {
	case s.free <- m:
	default:
	}
}

// take lets a machine inherit from one that is done, if there is one.
func (s *spares) take(m *machine.Machine) {
	select {
	case old := <-s.free:
		m.Inherit(old)
	default:
	}
}
