package wuve

import (
	"fmt"
	"slices"
	"strings"

	"satsim/arch/word"
)

// Optimisers in the order of the operators that they need: lanes that are built for one run those before it as well.
func Optimisers() []word.Optimiser {
	return []word.Optimiser{word.SGD, word.Momentum, word.Adam, word.AdamW}
}

// names of them, as recipes and records have them.
func names() []string {
	var out []string
	for _, o := range Optimisers() {
		out = append(out, string(o))
	}
	return out
}

// rank of an optimiser in that order, and its number in the Verilog; below 0 it is none.
func rank(o word.Optimiser) int { return slices.Index(Optimisers(), o) }

// known says which optimisers there are, if this is none.
func known(o word.Optimiser) error {
	if rank(o) < 0 {
		return fmt.Errorf("%q is no optimiser; %s are accepted", o, strings.Join(names(), ", "))
	}
	return nil
}

// StateWords is the number of FP32 words that the optimiser keeps for a parameter beside its master weight.
func StateWords(o word.Optimiser) int {
	switch o {
	case word.SGD:
		return 0
	case word.Momentum:
		return 1 // velocity
	case word.Adam, word.AdamW:
		return 2 // first and second moment
	}
	return 0
}
