package kinds

import (
	"fmt"
	"reflect"
	"strings"

	"satsim/arch/energy"
	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/internal/diag"
	"satsim/internal/param"
	"satsim/internal/schema"
	"satsim/results/sweep"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// Kind is a kind of file.
type Kind struct {
	Name     string
	Of       reflect.Type  // what a file is read into
	Declared []param.Param // its keys, each once
	Use      string        // a command that takes a file of it
	prefix   string        // of paths, as overrides have them where there are any
	check    func(config.Source) error
}

// All lists the kinds.
func All() []Kind {
	return []Kind{
		{"arch", reflect.TypeFor[spec.File](), spec.Declared(), "satsim run --arch", "", checkArch},
		{"board", reflect.TypeFor[spec.BoardFile](), spec.DeclaredOfBoard(), "satsim run --board", "board.", checkBoard},
		{"energy", reflect.TypeFor[energy.Table](), energy.Declared(), "satsim run --energy", "energy.", checkEnergy},
		{"network", reflect.TypeFor[network.Description](), network.Declared(), "satsim run --network", "network.", checkNetwork},
		{"recipe", reflect.TypeFor[recipe.Recipe](), recipe.Declared(), "satsim run --recipe", "recipe.", checkRecipe},
		{"sweep", reflect.TypeFor[sweep.File](), sweep.Declared(), "satsim sweep", "sweep.", checkSweep},
		{"traffic", reflect.TypeFor[memory.Traffic](), memory.DeclaredOfTraffic(), "satsim memory --traffic", "traffic.", checkTraffic},
	}
}

// Names of the kinds.
func Names() []string {
	var out []string
	for _, k := range All() {
		out = append(out, k.Name)
	}
	return out
}

// Find is the kind of a name.
func Find(name string) (Kind, error) {
	for _, k := range All() {
		if k.Name == name {
			return k, nil
		}
	}
	return Kind{}, &diag.Error{Problem: fmt.Sprintf("there is no kind of file %q", name), Accepted: strings.Join(Names(), ", "), Nearest: diag.Nearest(name, Names())}
}

// Schema is the JSON Schema of the kind's files.
func (k *Kind) Schema() schema.Object { return schema.Of(k.Name, k.Of, k.Declared) }
