package wuve

import (
	"fmt"
	"strings"
)

// Optimiser is the rule by which a weight follows its gradient. A later one needs all operators of an earlier one.
type Optimiser int

// The optimisers, in the order of the operators that they need.
const (
	SGD Optimiser = iota
	Momentum
	Adam
	AdamW
)

var optimiserNames = [...]string{"sgd", "momentum", "adam", "adamw"}

// Optimisers lists all of them in order.
func Optimisers() []Optimiser { return []Optimiser{SGD, Momentum, Adam, AdamW} }

// String is the optimiser's name in recipes and records.
func (o Optimiser) String() string {
	if o < SGD || o > AdamW {
		return fmt.Sprintf("optimiser(%d)", int(o))
	}
	return optimiserNames[o]
}

// MarshalText is the optimiser's name.
func (o Optimiser) MarshalText() ([]byte, error) {
	if o < SGD || o > AdamW {
		return nil, fmt.Errorf("%v is no optimiser", o)
	}
	return []byte(o.String()), nil
}

// UnmarshalText reads an optimiser's name.
func (o *Optimiser) UnmarshalText(b []byte) error {
	for i, name := range optimiserNames {
		if string(b) == name {
			*o = Optimiser(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no optimiser; %s are accepted", b, strings.Join(optimiserNames[:], ", "))
}

// StateWords is the number of FP32 words that the optimiser keeps for a parameter beside its master weight.
func (o Optimiser) StateWords() int {
	switch o {
	case SGD:
		return 0
	case Momentum:
		return 1 // velocity
	case Adam, AdamW:
		return 2 // first and second moment
	}
	return 0
}
