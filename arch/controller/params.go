package controller

import "satsim/internal/param"

// Params of the controller.
type Params struct {
	QueueDepth  int   `yaml:"queue_depth"` // instructions a lane
	Reconfigure int64 `yaml:"reconfigure"` // cycles a word group
}

// Declared are the parameters, each once.
func Declared() []param.Param {
	return []param.Param{
		param.Of("queue_depth", 2, "instructions", param.Between(1, 64, "a state's size"), "that wait at a lane", "assumption: one runs, one waits, one is under way").InDoubt(param.Choice("a size")),
		param.Of("reconfigure", 32, "cycles", param.Between(0, 1<<30, "far above any chain").In("0", "2^30"), "a word group takes to set the units up",
			"assumption: one a row of the array, by a shifted configuration chain").
			InDoubt(param.Times(1, 100, "words that are fetched from off-chip memory, or written by a host, take thousands of cycles")),
	}
}

// Default is a short queue and a shifted configuration chain.
func Default() Params { return param.Defaults[Params](Declared()) }

// Validate reports sizes that no controller has.
func (p Params) Validate() error { return param.Validate(p, Declared()) }
