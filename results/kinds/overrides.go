package kinds

import (
	"fmt"
	"slices"
	"strings"

	"satsim/arch/energy"
	"satsim/arch/spec"
	"satsim/results/experiment/models"
)

// Override is a path that --set takes; a network's parameters, which its file names, are not listed.
type Override struct {
	Path    string
	Meaning string
	Values  []string // words that it takes, or the default: what a shell may offer
}

// Overrides lists the paths of machine, board, recipe and the default board's energy table.
func Overrides() ([]Override, error) {
	var out []Override
	for _, k := range All() {
		if !slices.Contains([]string{"arch", "board", "recipe"}, k.Name) {
			continue
		}
		for i := range k.Declared {
			p := &k.Declared[i]
			if strings.Contains(p.Key, "[]") || slices.Contains([]string{"name", "note", "board", "energy"}, p.Key) { // labels, and files
				continue
			}
			o := Override{Path: k.prefix + p.Key, Meaning: p.Meaning, Values: p.Range.Words()}
			switch _, yes := p.Default.(bool); {
			case yes:
				o.Values = []string{"true", "false"}
			case len(o.Values) == 0 && p.Default != nil:
				o.Values = []string{fmt.Sprint(p.Default)}
			}
			out = append(out, o)
		}
	}
	var t energy.Table
	if err := models.Decode("energy", spec.DefaultEnergy(spec.DefaultBoard().Memory.Technology), &t); err != nil {
		return nil, err
	}
	for _, e := range t.Entries {
		for _, of := range []struct {
			key    string
			amount energy.Amount
		}{{"value", e.Value}, {"low", e.Low}, {"high", e.High}} {
			out = append(out, Override{Path: "energy." + e.Action.String() + "." + of.key, Meaning: "what one " + e.Unit + " takes", Values: []string{of.amount.String()}})
		}
	}
	return out, nil
}
