package models

import (
	"fmt"
	"strings"

	"satsim/internal/config"
)

// Kind is a model that overrides address.
type Kind int

// The kinds.
const (
	Arch Kind = iota // with the board
	Network
	Recipe
	Energy
	kinds
)

// prefixes of the paths of each kind; the architecture's have none.
func prefixes() [kinds]string {
	return [kinds]string{Network: "network.", Recipe: "recipe.", Energy: "energy."}
}

// root is the key that the paths of a kind begin with; the architecture's begin with their own.
func (k Kind) root() string { return strings.TrimSuffix(prefixes()[k], ".") }

// Split is overrides by the model that they address, in their order, paths as the model has them.
type Split [kinds][]config.Override

// SplitOverrides says which model each override addresses.
func SplitOverrides(all []config.Override) (out Split) {
	for _, o := range all {
		k := Arch
		for i, prefix := range prefixes() {
			if path, ok := strings.CutPrefix(o.Path, prefix); ok && prefix != "" {
				k, o.Path = Kind(i), path
				break
			}
		}
		out[k] = append(out[k], o)
	}
	return out
}

// Accept refuses overrides of other kinds; what says who takes none.
func (s *Split) Accept(what string, accepted ...Kind) error {
	takes := [kinds]bool{}
	var names []string
	for _, k := range accepted {
		takes[k] = true
		names = append(names, prefixes()[k])
	}
	for k, overrides := range s {
		if len(overrides) > 0 && !takes[k] {
			o := overrides[0]
			return fmt.Errorf("%s: %s%s=%s: %s; %s are accepted", o.Origin, prefixes()[k], o.Path, o.Value, what, strings.Join(names, " and "))
		}
	}
	return nil
}

// ParseOverrides reads path=value texts of one origin.
func ParseOverrides(origin string, texts []string) ([]config.Override, error) {
	var out []config.Override
	for _, text := range texts {
		o, err := config.ParseOverride(text, origin)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}
