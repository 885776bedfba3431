package sore

import (
	"errors"
	"fmt"

	"satsim/internal/diag"
	"satsim/internal/nm"
	"satsim/internal/param"
)

// Params of the sparse online reduction engine.
type Params struct {
	// Lanes are the sorters that work side by side, one group each. Without any the engine is not built, and nothing can be pruned on the machine.
	Lanes int `yaml:"lanes"`
	// MaxN is the number of value and index registers of a sorter, and so the largest N. In a file 0 is the array's; so is that of MaxM.
	MaxN int `yaml:"max_n"`
	// MaxM is the largest group that the index registers can name.
	MaxM int `yaml:"max_m"`
	// PipelineLatency is the number of register stages in front of a sorter.
	PipelineLatency int `yaml:"pipeline_latency"`
}

// Declared are the parameters, each once.
func Declared() []param.Param {
	return []param.Param{
		param.Of("lanes", 32, "sorters", param.AtLeast(0, "0 is no engine: what a recipe prunes is refused where it would be sorted"), "sorters that work side by side, one group each", "SAT: 32 lanes"),
		param.Of("max_n", 0, "weights", param.Between(0, nm.MaxM, "no more than max_m; 0 is stce.max_n"), "value and index registers of a sorter: the largest N",
			"what the array takes is what is sorted"),
		param.Of("max_m", 0, "elements", param.Between(0, nm.MaxM, "an index has a byte's half; 0 is stce.max_m"), "largest group that the index registers can name", "as max_n"),
		param.Of("pipeline_latency", 2, "cycles", param.AtLeast(0, ""), "register stages in front of a sorter", "assumption: an operand register, and a stage that makes magnitude and class").
			InDoubt(param.Times(1, 2, "the same stages again for its place at the far end of a die")),
	}
}

// Default is an engine of as many sorters as public notes on SAT state, by itself: it follows no array, and takes what SAT runs, 2:8 and 2:4, and 4:16.
func Default() Params {
	p := param.Defaults[Params](Declared())
	p.MaxN, p.MaxM = 4, 16
	return p
}

// Validate names every key that is out of range.
func (p Params) Validate() error {
	err := param.Validate(p, Declared())
	if p.MaxN > p.MaxM && p.MaxM > 0 && err == nil {
		err = diag.Field("max_n", fmt.Sprintf("%d is out of range", p.MaxN), fmt.Sprintf("1 to max_m, which is %d", p.MaxM))
	}
	return err
}

// Accepts says why a job cannot run on this engine.
func (p Params) Accepts(j Job) error {
	if !p.Built() {
		return errors.New("sorting: the engine has no sorters (lanes)")
	}
	if err := j.Ratio.Validate(); err != nil {
		return fmt.Errorf("sorting: %w", err)
	}
	if j.Ratio.N > p.MaxN || j.Ratio.M > p.MaxM {
		return fmt.Errorf("sorting at %v: the engine's sorters are built for at most %d of %d (max_n, max_m)", j.Ratio, p.MaxN, p.MaxM)
	}
	if j.Runs < 0 || j.Channels < 0 {
		return fmt.Errorf("sorting %d runs of %d channels: neither may be negative", j.Runs, j.Channels)
	}
	return nil
}
