package vector

import (
	"errors"
	"fmt"
)

// Params of the vector unit.
type Params struct {
	// Lanes work in lockstep on one element each.
	Lanes int `yaml:"lanes"`
	// PipelineLatency of a lane's multiply-add: a result can be used that many cycles after its operation was issued.
	PipelineLatency int `yaml:"pipeline_latency"`
	// Strip is the number of elements that a lane has in flight: it does one operation on all of them before the next.
	Strip int `yaml:"strip"`
	// Ops is the work on an element of each kind.
	Ops Ops `yaml:"ops"`
}

// Default is a unit as wide as SORE and WUVE.
func Default() Params {
	return Params{
		Lanes:           32, // assumption: as wide as SORE and WUVE; the report shows the sensitivity to it
		PipelineLatency: 8,  // assumption: a fused FP32 multiply-add at 200 MHz
		Strip:           8,  // assumption: the pipeline latency, so that full strips have no hazard
		Ops:             DefaultOps(),
	}
}

// Validate names every key that is out of range.
func (p Params) Validate() error {
	var errs []error
	if p.Lanes < 1 {
		errs = append(errs, fmt.Errorf("lanes is %d; at least 1 is accepted", p.Lanes))
	}
	if p.PipelineLatency < 0 {
		errs = append(errs, fmt.Errorf("pipeline_latency is %d; 0 or more is accepted", p.PipelineLatency))
	}
	if p.Strip < 1 {
		errs = append(errs, fmt.Errorf("strip is %d; at least 1 is accepted", p.Strip))
	}
	for _, k := range Kinds() {
		if n, _ := p.Ops.Of(k); n < 0 {
			errs = append(errs, fmt.Errorf("ops.%s is %d; 0 or more is accepted", k, n))
		}
	}
	return errors.Join(errs...)
}

// Accepts says why a job cannot run on this unit.
func (p Params) Accepts(j Job) error {
	if _, ok := p.Ops.Of(j.Kind); !ok {
		return fmt.Errorf("vector work of kind %q is unknown", j.Kind)
	}
	if j.Elements < 0 {
		return fmt.Errorf("vector work %s on %d elements: the number may not be negative", j.Kind, j.Elements)
	}
	return nil
}
