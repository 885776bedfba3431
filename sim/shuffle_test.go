package sim

import (
	"math/rand/v2"
	"sort"

	akita "github.com/sarchlab/akita/v3/sim"
)

// shuffled is an engine that runs events of one time in a random order, primary ones before secondary ones: all that Akita
// promises.
type shuffled struct {
	akita.HookableBase
	now    akita.VTimeInSec
	events []akita.Event
	rand   *rand.Rand
}

func (e *shuffled) Schedule(ev akita.Event)                                 { e.events = append(e.events, ev) }
func (e *shuffled) CurrentTime() akita.VTimeInSec                           { return e.now }
func (e *shuffled) Pause()                                                  {}
func (e *shuffled) Continue()                                               {}
func (e *shuffled) RegisterSimulationEndHandler(akita.SimulationEndHandler) {}
func (e *shuffled) Finished()                                               {}

func (e *shuffled) Run() error {
	for len(e.events) > 0 {
		e.rand.Shuffle(len(e.events), func(i, j int) { e.events[i], e.events[j] = e.events[j], e.events[i] })
		sort.SliceStable(e.events, func(i, j int) bool {
			a, b := e.events[i], e.events[j]
			if a.Time() != b.Time() {
				return a.Time() < b.Time()
			}
			return !a.IsSecondary() && b.IsSecondary()
		})
		ev := e.events[0]
		e.events = e.events[1:]
		e.now = ev.Time()
		if err := ev.Handler().Handle(ev); err != nil {
			return err
		}
	}
	return nil
}
