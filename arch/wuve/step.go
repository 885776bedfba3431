package wuve

import (
	"errors"
	"fmt"
	"math"

	"satsim/arch/word"
)

// StepParams is what the controller knows of one optimiser step.
type StepParams struct {
	LearningRate float64
	Momentum     float64
	Beta1, Beta2 float64
	Epsilon      float64
	WeightDecay  float64 // lambda
	SRSTELambda  float64 // lambda of SR-STE
	LossScale    float64
	Number       int64 // counted from 1
}

// Validate names what an update of job j cannot be computed with.
func (s StepParams) Validate(j Job) error {
	var errs []error
	finite := func(name string, v float64) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			errs = append(errs, fmt.Errorf("%s is %v; a finite number is accepted", name, v))
		}
	}
	finite("learning rate", s.LearningRate)
	finite("momentum", s.Momentum)
	finite("epsilon", s.Epsilon)
	finite("weight decay", s.WeightDecay)
	finite("lambda of SR-STE", s.SRSTELambda)
	if j.Unscale {
		finite("loss scale", s.LossScale)
		if s.LossScale <= 0 {
			errs = append(errs, fmt.Errorf("loss scale is %v; a number above 0 is accepted", s.LossScale))
		}
	}
	if j.Optimiser == word.Adam || j.Optimiser == word.AdamW {
		for i, beta := range [...]float64{s.Beta1, s.Beta2} {
			if math.IsNaN(beta) || beta < 0 || beta >= 1 {
				errs = append(errs, fmt.Errorf("beta%d is %v; 0 to below 1 is accepted", i+1, beta))
			}
		}
		if s.Number < 1 {
			errs = append(errs, fmt.Errorf("step number is %d; at least 1 is accepted", s.Number))
		}
	}
	return errors.Join(errs...)
}

// constants are the registers that the controller writes: FP64 until here, rounded once.
type constants struct {
	unscale, srSTE, weightDecay, shrink float32
	rate, momentum                      float32
	beta1, rest1, beta2, rest2          float32
	correct2, epsilon, rate1            float32
}

func (s StepParams) constants() constants {
	t := float64(s.Number)
	return constants{
		unscale:     float32(1 / s.LossScale),
		srSTE:       float32(s.SRSTELambda),
		weightDecay: float32(s.WeightDecay),
		shrink:      float32(s.LearningRate * s.WeightDecay),
		rate:        float32(s.LearningRate),
		momentum:    float32(s.Momentum),
		beta1:       float32(s.Beta1),
		rest1:       float32(1 - s.Beta1),
		beta2:       float32(s.Beta2),
		rest2:       float32(1 - s.Beta2),
		correct2:    float32(1 / (1 - math.Pow(s.Beta2, t))),
		epsilon:     float32(s.Epsilon),
		rate1:       float32(s.LearningRate / (1 - math.Pow(s.Beta1, t))),
	}
}
