package sore

import (
	"errors"
	"fmt"

	"satsim/internal/nm"
)

// Params of the sparse online reduction engine.
type Params struct {
	// Lanes are the sorters that work side by side, one group each.
	Lanes int `yaml:"lanes"`
	// MaxN is the number of value and index registers of a sorter, and so the largest N.
	MaxN int `yaml:"max_n"`
	// MaxM is the largest group that the index registers can name.
	MaxM int `yaml:"max_m"`
	// PipelineLatency is the number of register stages in front of a sorter.
	PipelineLatency int `yaml:"pipeline_latency"`
}

// Default is an engine of the size that public notes on SAT state.
func Default() Params {
	return Params{
		Lanes:           32, // SAT: 32 lanes
		MaxN:            4,  // assumption: 2:8 and 2:4 are what SAT runs; 4 leaves room for 4:8 and 4:16
		MaxM:            16, // assumption: as above
		PipelineLatency: 2,  // assumption: an operand register, and a stage that makes magnitude and class
	}
}

// Validate names every key that is out of range.
func (p Params) Validate() error {
	var errs []error
	if p.Lanes < 1 {
		errs = append(errs, fmt.Errorf("lanes is %d; at least 1 is accepted", p.Lanes))
	}
	if p.MaxM < 1 || p.MaxM > nm.MaxM {
		errs = append(errs, fmt.Errorf("max_m is %d; 1 to %d are accepted", p.MaxM, nm.MaxM))
	}
	if p.MaxN < 1 || p.MaxN > nm.MaxM {
		errs = append(errs, fmt.Errorf("max_n is %d; 1 to %d are accepted", p.MaxN, nm.MaxM))
	} else if p.MaxN > p.MaxM {
		errs = append(errs, fmt.Errorf("max_n is %d; at most max_m, which is %d, is accepted", p.MaxN, p.MaxM))
	}
	if p.PipelineLatency < 0 {
		errs = append(errs, fmt.Errorf("pipeline_latency is %d; 0 or more is accepted", p.PipelineLatency))
	}
	return errors.Join(errs...)
}

// Accepts says why a job cannot run on this engine.
func (p Params) Accepts(j Job) error {
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
