package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"satsim/arch/energy"
	"satsim/arch/spec"
	"satsim/configs"
	"satsim/internal/config"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/onnx"
	"satsim/workloads/recipe"
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

// models are the resolved models of a command.
type models struct {
	spec    spec.Spec
	network network.Description
	step    workloads.Step // dense
	recipe  recipe.Recipe
	energy  *energy.Table
}

// overrides in the order in which the later wins: SATSIM_SET (separated by semicolons), then --set.
func (m *modelFlags) overrides() ([]config.Override, error) {
	var out []config.Override
	add := func(text, origin string) error {
		o, err := config.ParseOverride(text, origin)
		if err != nil {
			return err
		}
		out = append(out, o)
		return nil
	}
	for _, text := range strings.Split(os.Getenv("SATSIM_SET"), ";") {
		if text = strings.TrimSpace(text); text != "" {
			if err := add(text, "SATSIM_SET"); err != nil {
				return nil, err
			}
		}
	}
	for _, text := range m.set {
		if err := add(text, "--set"); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// resolve reads the model files and applies overrides and named flags.
func (m *modelFlags) resolve() (*models, error) {
	all, err := m.overrides()
	if err != nil {
		return nil, err
	}
	var forSpec, forNetwork, forRecipe, forEnergy []config.Override
	for _, o := range all {
		switch {
		case strings.HasPrefix(o.Path, "network."):
			o.Path = strings.TrimPrefix(o.Path, "network.")
			forNetwork = append(forNetwork, o)
		case strings.HasPrefix(o.Path, "recipe."):
			o.Path = strings.TrimPrefix(o.Path, "recipe.")
			forRecipe = append(forRecipe, o)
		case strings.HasPrefix(o.Path, "energy."):
			o.Path = strings.TrimPrefix(o.Path, "energy.")
			forEnergy = append(forEnergy, o)
		default:
			forSpec = append(forSpec, o)
		}
	}
	out := &models{}
	if out.spec, err = loadSpecOn(m.arch, m.board, forSpec); err != nil {
		return nil, err
	}
	if out.energy, err = loadEnergy(m.arch, m.energy, forEnergy); err != nil {
		return nil, err
	}
	if out.recipe, err = loadRecipe(m.recipe, m.sparsity, forRecipe); err != nil {
		return nil, err
	}
	if err := out.loadNetwork(m.network, m.batch, forNetwork); err != nil {
		return nil, err
	}
	return out, nil
}

// loadSpec reads an architecture and the board that it names.
func loadSpec(name string, overrides []config.Override) (spec.Spec, error) {
	return loadSpecOn(name, "", overrides)
}

// loadSpecOn reads an architecture and a board: the one named, or the one that the architecture names.
func loadSpecOn(name, board string, overrides []config.Override) (spec.Spec, error) {
	file := spec.File{Arch: spec.DefaultArch()}
	if err := decode("arch", name, &file); err != nil {
		return spec.Spec{}, err
	}
	if board == "" {
		board = file.Board
	}
	s := spec.Spec{Arch: file.Arch, Board: spec.DefaultBoard()}
	if err := decode("board", board, &s.Board); err != nil {
		return spec.Spec{}, err
	}
	return s, config.Set(&s, overrides)
}

func decode(kind, name string, out any) error {
	src, err := config.Resolve(kind, name, configs.FS)
	if err != nil {
		return err
	}
	return config.Decode(src, kind, out)
}

func loadRecipe(name, sparsity string, overrides []config.Override) (recipe.Recipe, error) {
	r := recipe.Default()
	if err := decode("recipe", name, &r); err != nil {
		return r, err
	}
	if err := config.Set(&r, overrides); err != nil {
		return r, err
	}
	if sparsity != "" {
		ratio, err := nm.Parse(sparsity)
		if err != nil {
			return r, usageError{fmt.Errorf("--sparsity: %w", err)}
		}
		r = r.Sparsify(ratio)
	}
	return r, nil
}

// loadNetwork reads a network, sets its parameters and derives its dense step.
func (m *models) loadNetwork(name string, batch int64, overrides []config.Override) error {
	if foreign(name) {
		d, rest, err := readForeign(name, onnx.Options{}, overrides)
		if err != nil {
			return err
		}
		m.network, overrides = *d, rest
	} else if err := decode("network", name, &m.network); err != nil {
		return err
	}
	for _, o := range overrides {
		if err := m.network.Set(o.Path, o.Value); err != nil {
			return fmt.Errorf("%s: network.%s=%s: %w", o.Origin, o.Path, o.Value, err)
		}
	}
	if batch != 0 {
		if err := m.network.SetParam("batch", batch); err != nil {
			return usageError{fmt.Errorf("--batch: %w", err)}
		}
	}
	g, err := m.network.Graph()
	if err != nil {
		return fmt.Errorf("network %s: %w", m.network.Name, err)
	}
	if m.step, err = stepOf(g); err != nil {
		return fmt.Errorf("network %s: %w", m.network.Name, err)
	}
	return nil
}
