package train

import (
	"errors"
	"fmt"
	"math"
)

// Numerics is how values are stored between operators.
type Numerics string

// The numerics.
const (
	FP32    Numerics = "fp32"    // nothing is rounded
	Machine Numerics = "machine" // FP16 where the machine stores FP16
)

// Options are what a training takes beside the network and the recipe.
type Options struct {
	Epochs    int64    `json:"epochs"`
	Seed      uint64   `json:"seed"`
	Rate      float64  `json:"learning_rate"`            // of the first step
	Cosine    bool     `json:"cosine"`                   // falls to zero along half a cosine; else stays
	WarmUp    int64    `json:"warm_up_epochs,omitempty"` // of them, those in which the rate rises to Rate, linearly
	Augment   Augment  `json:"augment,omitzero"`
	Momentum  float64  `json:"momentum"`
	LossScale float64  `json:"loss_scale"` // of the first step, when the recipe's is dynamic
	Numerics  Numerics `json:"numerics"`
	Flush     bool     `json:"flush"` // FP16 subnormals are zeros, as in the machine's operators
	Workers   int      `json:"-"`     // has no influence on any result
}

// Validate names every option that does not fit.
func (o Options) Validate() error {
	var errs []error
	need := func(ok bool, key string, v any, accepted string) {
		if !ok {
			errs = append(errs, fmt.Errorf("%s: %v; %s is accepted", key, v, accepted))
		}
	}
	need(o.Epochs >= 1 && o.Epochs <= 1_000_000, "epochs", o.Epochs, "1 to 1000000")
	need(o.Rate > 0 && !math.IsInf(o.Rate, 0), "learning_rate", o.Rate, "more than 0")
	need(o.WarmUp >= 0 && o.WarmUp < max(o.Epochs, 1), "warm_up_epochs", o.WarmUp, "0 to less than all epochs")
	need(o.Augment.Shift >= 0 && o.Augment.Shift <= maxShift, "shift", o.Augment.Shift, fmt.Sprintf("0 to %d pixels", maxShift))
	need(o.Momentum >= 0 && o.Momentum < 1, "momentum", o.Momentum, "0 to less than 1")
	_, exponent := math.Frexp(o.LossScale)
	need(o.LossScale > 0 && o.LossScale == math.Ldexp(0.5, exponent), "loss_scale", o.LossScale, "a power of two")
	need(o.Numerics == FP32 || o.Numerics == Machine, "numerics", o.Numerics, "fp32 or machine")
	return errors.Join(errs...)
}

// rate is the learning rate of a step: after a warm-up of W of S steps it is that of step s-W of S-W, and in it rises by Rate/W a step to Rate.
func (o Options) rate(step, perEpoch int64) float64 {
	warm, total := o.WarmUp*perEpoch, o.Epochs*perEpoch
	switch {
	case step < warm:
		return o.Rate * float64(step+1) / float64(warm)
	case o.Cosine:
		return o.Rate * ((1 + math.Cos(math.Pi*float64(step-warm)/float64(total-warm))) / 2)
	}
	return o.Rate
}
