package kinds

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"satsim/arch/energy"
	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/dataflow/schedule"
	"satsim/internal/config"
	"satsim/internal/diag"
	"satsim/results/experiment/models"
)

// Checked is what was found out of a file.
type Checked struct {
	File     string    `json:"file"`
	Kind     string    `json:"kind,omitempty"` // empty: it does not say
	Findings []Finding `json:"findings,omitempty"`
}

// Finding is a mistake: where it is, and what would be right.
type Finding struct {
	File     string `json:"file,omitempty"` // that of the mistake, which a file may only have named
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Key      string `json:"key,omitempty"`
	Problem  string `json:"problem"`
	Accepted string `json:"accepted,omitempty"`
	Nearest  string `json:"nearest,omitempty"`
}

// String is the finding as errors of files are printed everywhere.
func (f Finding) String() string {
	e := diag.Error{Pos: diag.Pos{File: f.File, Line: f.Line, Col: f.Column}, Path: f.Key, Problem: f.Problem, Accepted: f.Accepted, Nearest: f.Nearest}
	return e.Error()
}

// Check reads a file of any kind, and what it names, as a command would that runs it, and runs nothing. Files of satsim schedule and networks of other formats
// count as well.
func Check(path string) Checked {
	c := Checked{File: path}
	c.Findings = findings(path, c.check(path))
	return c
}

func (c *Checked) check(path string) error {
	if models.Foreign(path) {
		c.Kind = "network"
		m, _, err := models.Import(path, models.Options{}, nil)
		if err != nil {
			return err
		}
		g, err := m.Description.Graph()
		if err == nil {
			_, err = models.StepOf(g)
		}
		return err
	}
	text, err := config.Read(path, config.Output) // as large as a schedule may be
	if err != nil {
		return err
	}
	src := config.Source{Name: path, Data: text}
	if c.Kind, err = config.KindOf(src); err != nil {
		return err
	}
	if c.Kind == scheduleKind {
		_, err := schedule.Decode(src)
		return err
	}
	k, err := Find(c.Kind)
	if err != nil {
		accepted := append(Names(), scheduleKind)
		return &diag.Error{
			Pos: at(src)["kind"], Path: "kind", Problem: fmt.Sprintf("there is no kind %q", c.Kind), Accepted: strings.Join(accepted, ", "), Nearest: diag.Nearest(c.Kind, accepted),
		}
	}
	return k.check(src)
}

// scheduleKind is written by satsim schedule; it has no keys that are declared.
const scheduleKind = "schedule"

// at says where the keys of a source stand; one that cannot be read has none.
func at(src config.Source) map[string]diag.Pos {
	places, err := config.Places(src)
	if err != nil {
		return nil
	}
	return places
}

// placed puts an error that has no place in a file where the key stands that led to it.
func placed(src config.Source, key string, err error) error {
	var one *diag.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &one):
		return &diag.Error{Pos: at(src)[key], Path: key, Problem: err.Error()}
	case one.Pos.Line > 0:
		return err
	}
	e := *one
	e.Pos = at(src)[key]
	if e.Path != "" {
		e.Problem = e.Path + ": " + e.Problem
	}
	e.Path = key
	return &e
}

// mistakes takes an error apart; what says no file is of the one that was checked.
func mistakes(path string, err error) diag.List {
	var list diag.List
	var one *diag.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &list):
		list = slices.Clone(list)
	case errors.As(err, &one):
		list = diag.List{one}
	default:
		list = diag.List{{Problem: strings.TrimPrefix(err.Error(), path+": ")}}
	}
	if _, more, cut := strings.Cut(err.Error(), "\nand "); cut { // more than are kept of one file
		list = append(list, &diag.Error{Problem: "and " + more})
	}
	for i, e := range list {
		if e.Pos.File == "" {
			in := *e
			in.Pos.File = path
			list[i] = &in
		}
	}
	return list
}

func findings(path string, err error) (out []Finding) {
	for _, e := range mistakes(path, err) {
		out = append(out, Finding{e.Pos.File, e.Pos.Line, e.Pos.Col, e.Path, e.Problem, e.Accepted, e.Nearest})
	}
	return out
}

func checkArch(src config.Source) error {
	l := models.NewLoader()
	s, err := l.Spec(src.Name, "", nil)
	if err != nil {
		all := mistakes(src.Name, placed(src, "board", err))
		if name := config.Text(src, "board"); name != "" && all[0].Path != "board" { // which was not asked for yet
			all = append(all, mistakes(src.Name, placed(src, "board", models.Decode("board", models.Beside(src.Name, name), &spec.BoardFile{Board: spec.DefaultBoard()})))...)
		}
		return all.Err()
	}
	return prices(l, src, models.Names{Arch: src.Name}, &s)
}

func checkBoard(src config.Source) error {
	b := spec.BoardFile{Board: spec.DefaultBoard()}
	if err := config.Decode(src, "board", &b); err != nil {
		return err
	}
	return prices(models.NewLoader(), src, models.Names{Arch: anyArch, Board: src.Name}, &spec.Spec{Board: b.Board})
}

// anyArch is a machine that leaves the prices to its board.
const anyArch = "sat-vcu1525"

// prices checks the energy table of a machine.
func prices(l *models.Loader, src config.Source, n models.Names, s *spec.Spec) error {
	t, err := l.Energy(n, nil)
	if err == nil {
		err = t.Prices(s.Board.Memory.Technology)
	}
	return placed(src, "energy", err)
}

func checkEnergy(src config.Source) error { return config.Decode(src, "energy", &energy.Table{}) }

func checkTraffic(src config.Source) error { return config.Decode(src, "traffic", &memory.Traffic{}) }

func checkRecipe(src config.Source) error {
	_, err := models.NewLoader().Recipe(src.Name, "", nil)
	return err
}
