package wuve

import (
	"errors"
	"fmt"
)

// Params of the weight update vector engine.
type Params struct {
	// Lanes update one parameter a cycle each.
	Lanes int `yaml:"lanes"`
	// Optimiser is the largest one that the lanes have operators for.
	Optimiser Optimiser `yaml:"optimiser"`
	// Latencies of the FP32 operators, each of which starts a new operation every cycle.
	MulLatency  int `yaml:"mul_latency"`
	AddLatency  int `yaml:"add_latency"`
	DivLatency  int `yaml:"div_latency"`
	SqrtLatency int `yaml:"sqrt_latency"`
	// ConvertLatency of FP32 to FP16.
	ConvertLatency int `yaml:"convert_latency"`
	// Subnormals are flushed, or kept as IEEE 754 has them.
	Subnormals Subnormals `yaml:"subnormals"`
}

// Default is an engine of as many lanes as SORE has, which takes what it produces.
func Default() Params {
	return Params{
		Lanes:          32,    // assumption: as many as SORE, which SAT states at 32
		Optimiser:      AdamW, // assumption: any optimiser can run
		MulLatency:     4,     // assumption: stages with which an FP32 multiplier on DSPs is easy at 200 MHz
		AddLatency:     6,     // assumption: likewise; align, add and normalise are the longer way
		DivLatency:     28,    // assumption: a stage for each of 24 quotient bits, and for unpacking and rounding
		SqrtLatency:    28,    // assumption: likewise
		ConvertLatency: 2,     // assumption: shift, then round
		Subnormals:     Flush, // vendor FPGA operators flush
	}
}

// Validate names every key that is out of range.
func (p Params) Validate() error {
	var errs []error
	if p.Lanes < 1 {
		errs = append(errs, fmt.Errorf("lanes is %d; at least 1 is accepted", p.Lanes))
	}
	if p.Optimiser < SGD || p.Optimiser > AdamW {
		errs = append(errs, fmt.Errorf("optimiser is %d; sgd, momentum, adam, adamw are accepted", int(p.Optimiser)))
	}
	for _, l := range []struct {
		key   string
		value int
	}{
		{"mul_latency", p.MulLatency}, {"add_latency", p.AddLatency}, {"div_latency", p.DivLatency},
		{"sqrt_latency", p.SqrtLatency}, {"convert_latency", p.ConvertLatency},
	} {
		if l.value < 0 {
			errs = append(errs, fmt.Errorf("%s is %d; 0 or more is accepted", l.key, l.value))
		}
	}
	return errors.Join(errs...)
}

// Accepts says why a job cannot run on this engine.
func (p Params) Accepts(j Job) error {
	if j.Optimiser < SGD || j.Optimiser > AdamW {
		return fmt.Errorf("updating weights: %v is unknown", j.Optimiser)
	}
	if j.Optimiser > p.Optimiser {
		return fmt.Errorf("updating weights with %v: the engine's lanes are built for %v (optimiser)", j.Optimiser, p.Optimiser)
	}
	if j.Parameters < 0 {
		return fmt.Errorf("updating %d parameters: the number may not be negative", j.Parameters)
	}
	return nil
}
