package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/results/experiment"
	"satsim/results/experiment/models"
)

// modelFlags name the model files of a command and what overrides them.
type modelFlags struct {
	arch, network, recipe string
	board, energy         string // instead of those that the architecture names
	sparsity              string
	batch                 int64
	set                   []string
}

func (m *modelFlags) register(f *pflag.FlagSet) {
	m.registerArch(f)
	f.StringVar(&m.energy, "energy", "", "energy table: a shipped name or a file (default: the architecture's own)")
	f.StringVar(&m.network, "network", "resnet18-tiny", "network: a shipped name, a file, or a .onnx or SCALE-Sim .csv file")
	f.StringVar(&m.recipe, "recipe", "bdwp", "training recipe: a shipped name or a file")
	f.StringVar(&m.sparsity, "sparsity", "", "N:M of the recipe, such as 2:8 (default: the recipe's own)")
	f.Int64Var(&m.batch, "batch", 0, "samples a step (default: the network's own)")
}

// registerArch registers what is needed for an architecture alone.
func (m *modelFlags) registerArch(f *pflag.FlagSet) {
	f.StringVar(&m.arch, "arch", "sat-vcu1525", "architecture: a shipped name or a file")
	f.StringVar(&m.board, "board", "", "board: a shipped name or a file (default: the architecture's own)")
	f.StringArrayVar(&m.set, "set", nil, "override path=value, such as stce.rows=16, board.memory.channels=2, network.image=32, recipe.optimiser=adam, energy.stce.add.value=20pJ; may be repeated")
}

// names of the model files, shipped or not, which no output may replace.
func (m *modelFlags) names() []string {
	return []string{m.arch, m.board, m.energy, m.network, m.recipe}
}

// chosen are the models that the flags name.
func (m *modelFlags) chosen() models.Names {
	return models.Names{Arch: m.arch, Board: m.board, Energy: m.energy, Network: m.network, Recipe: m.recipe, Sparsity: m.sparsity, Batch: m.batch}
}

// caseOf is what run compares: the models with a baseline.
func (m *modelFlags) caseOf(against string) experiment.Names {
	return experiment.Names{
		Arch: m.arch, Board: m.board, Energy: m.energy, Network: m.network, Recipe: m.recipe, Sparsity: m.sparsity, Batch: m.batch, Against: against,
	}
}

// given are the overrides, in the order in which the later wins: SATSIM_SET (separated by semicolons), then --set.
func (m *modelFlags) given() []experiment.Overrides {
	env := experiment.Overrides{Origin: "SATSIM_SET"}
	for _, text := range strings.Split(os.Getenv("SATSIM_SET"), ";") {
		if text = strings.TrimSpace(text); text != "" {
			env.Set = append(env.Set, text)
		}
	}
	return []experiment.Overrides{env, {Origin: "--set", Set: m.set}}
}

// overrides are those given, parsed.
func (m *modelFlags) overrides() ([]config.Override, error) {
	var out []config.Override
	for _, g := range m.given() {
		some, err := models.ParseOverrides(g.Origin, g.Set)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// pruned: an N:M does something only under a recipe that prunes. What cannot be read is told by who loads the models.
func (m *modelFlags) pruned(given func(string) bool, _ []string) error {
	all, err := m.overrides()
	if err != nil || !given("sparsity") {
		return nil
	}
	r, err := models.NewLoader().Recipe(m.recipe, "", models.SplitOverrides(all)[models.Recipe])
	if err == nil && models.Ratio(r) == "1:1" && len(r.Exceptions) == 0 {
		return fmt.Errorf("--sparsity does nothing with recipe %s, which prunes nothing", r.Name)
	}
	return nil
}

// resolve reads the model files and applies overrides and named flags, until the context ends.
func (m *modelFlags) resolve(ctx context.Context) (*models.Models, error) {
	all, err := m.overrides()
	if err != nil {
		return nil, err
	}
	return until(ctx, func() (*models.Models, error) { return models.Load(m.chosen(), all) })
}

// loadSpec reads the architecture and its board; overrides may address nothing else.
func (m *modelFlags) loadSpec() (spec.Spec, error) {
	all, err := m.overrides()
	if err != nil {
		return spec.Spec{}, err
	}
	return models.NewLoader().Spec(m.arch, m.board, all)
}
