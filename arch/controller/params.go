package controller

import "fmt"

// Params of the controller.
type Params struct {
	QueueDepth  int   `yaml:"queue_depth"` // instructions a lane
	Reconfigure int64 `yaml:"reconfigure"` // cycles a word group
}

// Default is two instructions a lane (one runs, one waits, one is under way) and 32 cycles a group: one a row of the
// array, by a shifted configuration chain (assumption).
func Default() Params { return Params{QueueDepth: 2, Reconfigure: 32} }

// Validate reports sizes that no controller has.
func (p Params) Validate() error {
	if p.QueueDepth < 1 || p.QueueDepth > 64 {
		return fmt.Errorf("queue_depth: %d; 1 to 64 are accepted", p.QueueDepth)
	}
	if p.Reconfigure < 0 || p.Reconfigure > 1<<30 {
		return fmt.Errorf("reconfigure: %d; 0 to 2^30 cycles are accepted", p.Reconfigure)
	}
	return nil
}
