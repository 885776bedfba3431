package models

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"satsim/arch/energy"
	"satsim/arch/spec"
	"satsim/configs"
	"satsim/internal/config"
	"satsim/internal/diag"
	"satsim/internal/nm"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
	"satsim/workloads/scalesim"
)

// Loader reads models and remembers them. It is not safe for several goroutines.
type Loader struct {
	files    map[string]made[files]
	specs    map[string]made[spec.Spec]
	prices   map[string]made[*energy.Table]
	networks map[string]made[*Net]
	recipes  map[string]made[recipe.Recipe]
}

// files are an architecture's file and its board's.
type files struct {
	arch  spec.File
	board spec.BoardFile
	path  string // the board's: where what it names is looked for
}

// made is a model and its text.
type made[T any] struct {
	model T
	text  json.RawMessage
}

// Net is a network with what it is trained by.
type Net struct {
	Description network.Description
	Graph       *network.Graph
	Step        workloads.Step // dense
}

// NewLoader knows no model yet.
func NewLoader() *Loader {
	return &Loader{
		files: map[string]made[files]{}, specs: map[string]made[spec.Spec]{}, prices: map[string]made[*energy.Table]{}, networks: map[string]made[*Net]{},
		recipes: map[string]made[recipe.Recipe]{},
	}
}

// Load reads the models of names and applies overrides.
func (l *Loader) Load(n Names, overrides []config.Override) (*Models, error) {
	of := SplitOverrides(overrides)
	s, err := l.spec(n.Arch, n.Board, of[Arch])
	if err != nil {
		return nil, err
	}
	e, err := l.energy(n, of[Energy])
	if err != nil {
		return nil, err
	}
	if err := e.model.Prices(s.model.Board.Memory.Technology); err != nil {
		return nil, Wrong("energy", "%w of board %s; %s is accepted, or another table for that memory", err, s.model.Board.Name, spec.DefaultEnergy(s.model.Board.Memory.Technology))
	}
	_, ofBoard, err := l.tables(n)
	if err != nil {
		return nil, err
	}
	r, err := l.recipe(n.Recipe, n.Sparsity, of[Recipe])
	if err != nil {
		return nil, err
	}
	w, err := l.network(n.Network, n.Batch, of[Network])
	if err != nil {
		return nil, err
	}
	if err := r.model.Fits(w.model.Step); err != nil {
		return nil, err
	}
	return &Models{
		Spec: s.model, Network: w.model.Description, Step: &w.model.Step, Recipe: r.model, Energy: e.model,
		BoardTable: ofBoard, ArchText: s.text, NetworkText: w.text, RecipeText: r.text, EnergyText: e.text,
	}, nil
}

// Spec reads an architecture and a board: the one named, or the one that the architecture names.
func (l *Loader) Spec(arch, board string, overrides []config.Override) (spec.Spec, error) {
	s, err := l.spec(arch, board, overrides)
	return s.model, err
}

func (l *Loader) spec(arch, board string, overrides []config.Override) (made[spec.Spec], error) {
	return once(l.specs, key(arch, board, overrides), func() (s spec.Spec, err error) {
		f, err := l.read(arch, board)
		if err != nil {
			return s, err
		}
		s = spec.Spec{Arch: f.arch.Arch, Board: f.board.Board}
		err = config.Set(&s, overrides)
		s.Follow()
		return s, err
	})
}

// read reads the files of an architecture and of a board: the one named, or the one that the architecture names.
func (l *Loader) read(arch, board string) (files, error) {
	m, err := once(l.files, key(arch, board, nil), func() (files, error) {
		f := files{arch: spec.DefaultFile(), board: spec.BoardFile{Board: spec.DefaultBoard()}, path: board}
		if err := decode("arch", arch, &f.arch); err != nil {
			return f, err
		}
		if f.path == "" {
			f.path = Beside(arch, f.arch.Board)
		}
		return f, decode("board", f.path, &f.board)
	})
	return m.model, err
}

// table is the name of the board's own energy table.
func (f *files) table() string {
	if f.board.Energy == "" {
		return spec.DefaultEnergy(f.board.Memory.Technology)
	}
	return Beside(f.path, f.board.Energy)
}

// Energy reads an energy table: the one named, or the architecture's, or its board's.
func (l *Loader) Energy(n Names, overrides []config.Override) (*energy.Table, error) {
	t, err := l.energy(n, overrides)
	return t.model, err
}

// tables are the names of the energy table that prices a case and, if that was chosen instead of it, of its board's.
func (l *Loader) tables(n Names) (name, instead string, err error) {
	f, err := l.read(n.Arch, n.Board)
	if err != nil {
		return "", "", err
	}
	own := f.table()
	switch {
	case n.Energy != "":
		name = n.Energy
	case f.arch.Energy != "":
		name = Beside(n.Arch, f.arch.Energy)
	default:
		name = own
	}
	if name != own {
		instead = own
	}
	return name, instead, nil
}

func (l *Loader) energy(n Names, overrides []config.Override) (made[*energy.Table], error) {
	name, _, err := l.tables(n)
	if err != nil {
		return made[*energy.Table]{}, err
	}
	return once(l.prices, key(name, "", overrides), func() (*energy.Table, error) {
		t := &energy.Table{}
		if err := decode("energy", name, t); err != nil {
			return nil, err
		}
		set := slices.Clone(overrides)
		for i := range set {
			for k := range t.Entries {
				if field, ok := strings.CutPrefix(set[i].Path, t.Entries[k].Action.String()+"."); ok {
					set[i].Path = fmt.Sprintf("entries[%d].%s", k, field)
					break
				}
			}
		}
		return t, byAction(t, config.SetUnder(Energy.root(), t, set))
	})
}

// byAction names the entries of a table in an error of overrides by their actions, as users do.
func byAction(t *energy.Table, err error) error {
	var wrong diag.List
	if !errors.As(err, &wrong) {
		return err
	}
	root := Energy.root() + "."
	var named []string
	for _, e := range t.Entries {
		named = append(named, root+e.Action.String()+".value")
	}
	for _, e := range wrong {
		at := -1
		for k := range t.Entries {
			if field, ok := strings.CutPrefix(e.Path, fmt.Sprintf("%sentries[%d].", root, k)); ok {
				e.Path, at = root+t.Entries[k].Action.String()+"."+field, k
			}
		}
		if at < 0 && e.Nearest == "" {
			e.Nearest = diag.Nearest(e.Path, named)
		}
	}
	return err
}

// Network reads a network, sets its parameters and derives its graph and its dense step.
func (l *Loader) Network(name string, batch int64, overrides []config.Override) (*Net, error) {
	n, err := l.network(name, batch, overrides)
	return n.model, err
}

func (l *Loader) network(name string, batch int64, overrides []config.Override) (made[*Net], error) {
	m, err := once(l.networks, key(name, fmt.Sprint(batch), overrides), func() (*Net, error) {
		n := &Net{}
		set := overrides
		if Foreign(name) {
			i, rest, err := Import(name, Options{}, overrides)
			if err != nil {
				return nil, err
			}
			n.Description, set = *i.Description, rest
		} else if err := decode("network", name, &n.Description); err != nil {
			return nil, err
		}
		d := &n.Description
		for _, o := range set {
			if err := d.Set(o.Path, o.Value); err != nil {
				return nil, fmt.Errorf("%s: %w", o.Origin, err)
			}
		}
		if batch != 0 {
			if err := d.SetParam("batch", batch); err != nil {
				return nil, &ChoiceError{"batch", err}
			}
		}
		var err error
		if n.Graph, err = d.Graph(); err == nil {
			n.Step, err = StepOf(n.Graph)
		}
		if err != nil {
			return nil, fmt.Errorf("network %s: %w", d.Name, err)
		}
		return n, nil
	})
	return m, err
}

// StepOf is the dense step of a network, or of a list of layers that no loss joins.
func StepOf(g *network.Graph) (workloads.Step, error) {
	if scalesim.IsList(g) {
		return scalesim.Step(g)
	}
	return g.Step()
}

// Recipe reads a recipe, at a ratio if one is given.
func (l *Loader) Recipe(name, sparsity string, overrides []config.Override) (recipe.Recipe, error) {
	r, err := l.recipe(name, sparsity, overrides)
	return r.model, err
}

func (l *Loader) recipe(name, sparsity string, overrides []config.Override) (made[recipe.Recipe], error) {
	return once(l.recipes, key(name, sparsity, overrides), func() (recipe.Recipe, error) {
		r := recipe.Default()
		var err error
		if strings.EqualFold(filepath.Ext(name), ".csv") {
			r, err = topologyRecipe(name)
		} else {
			err = decode("recipe", name, &r)
		}
		if err != nil {
			return r, err
		}
		if err := config.SetUnder(Recipe.root(), &r, overrides); err != nil {
			return r, err
		}
		if sparsity == "" {
			return r, nil
		}
		ratio, err := nm.Parse(sparsity)
		if err != nil {
			return r, &ChoiceError{"sparsity", err}
		}
		return r.Sparsify(ratio), nil
	})
}

// Recipes is each recipe at each ratio, its own if there is none; one that prunes nothing is there once.
func (l *Loader) Recipes(names, ratios []string, overrides []config.Override) ([]recipe.Recipe, error) {
	if len(ratios) == 0 {
		ratios = []string{""}
	}
	var out []recipe.Recipe
	for _, name := range names {
		for _, ratio := range ratios {
			r, err := l.Recipe(name, ratio, overrides)
			if err != nil {
				return nil, err
			}
			out = append(out, r)
			if Ratio(r) == "1:1" {
				break
			}
		}
	}
	return out, nil
}

// Decode reads a file of a kind that is no model of a case: a sweep, a list of requests.
func Decode(kind, name string, out any) error { return decode(kind, name, out) }

// Shipped lists the shipped files of a kind.
func Shipped(kind string) ([]string, error) { return config.Names(kind, configs.FS) }

// Source is the text of a model file: a shipped one by its name, or that of a path.
func Source(kind, name string) (config.Source, error) {
	return config.Resolve(kind, name, configs.FS)
}

func decode(kind, name string, out any) error {
	src, err := Source(kind, name)
	if err != nil {
		return err
	}
	return config.Decode(src, kind, out)
}

// once remembers what make gives for a key, and its text; errors are not remembered.
func once[T any](known map[string]made[T], key string, make func() (T, error)) (made[T], error) {
	if v, ok := known[key]; ok {
		return v, nil
	}
	v, err := make()
	if err != nil {
		return made[T]{model: v}, err
	}
	out := made[T]{model: v}
	if out.text, err = config.MarshalJSON(printed(v)); err != nil {
		return out, fmt.Errorf("printing a model: %w", err)
	}
	known[key] = out
	return out, nil
}

// printed is what is printed of a model: of a network its description.
func printed(model any) any {
	if n, ok := model.(*Net); ok {
		return n.Description
	}
	return model
}

func key(name, more string, set []config.Override) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %q", name, more)
	for _, o := range set {
		fmt.Fprintf(&b, " %q=%q", o.Path, o.Value)
	}
	return b.String()
}
