package machine

import (
	"context"
	"fmt"

	"satsim/dataflow"
	"satsim/dataflow/schedule"
	"satsim/internal/config"
	"satsim/results/experiment/models"
	"satsim/workloads/recipe"
)

// Given is schedule files that give plans their words.
type Given struct {
	models  *models.Models
	any     bool
	sources map[string]config.Source // by recipe
}

// OtherRecipe says that a schedule is for neither recipe of a run.
type OtherRecipe struct {
	File, Recipe  string
	Own, Baseline string // of the run
}

// Error implements error.
func (e *OtherRecipe) Error() string {
	return fmt.Sprintf("%s is for recipe %q; this run has %q and %q", e.File, e.Recipe, e.Own, e.Baseline)
}

// Replay reads schedule files, each for one of the recipes, the last of which is the baseline. With anything they may have been made for other
// models, if their words fit; a file of a recipe that is not there is then for the first. It is nil without files.
func Replay(m *models.Models, recipes []recipe.Recipe, files []string, anything bool) (*Given, error) {
	if len(files) == 0 {
		return nil, nil
	}
	own, base := recipes[0].Name, recipes[len(recipes)-1].Name
	g := &Given{models: m, any: anything, sources: map[string]config.Source{}}
	for _, name := range files {
		src, f, err := ReadSchedule(name)
		if err != nil {
			return nil, err
		}
		to := f.Recipe
		switch {
		case to == own || to == base:
		case anything:
			to = own
		default:
			return nil, &OtherRecipe{name, f.Recipe, own, base}
		}
		if first, again := g.sources[to]; again {
			return nil, fmt.Errorf("%s and %s are both for recipe %s; one schedule is accepted", first.Name, name, to)
		}
		g.sources[to] = src
	}
	return g, nil
}

// ReadSchedule reads a schedule file.
func ReadSchedule(name string) (config.Source, *schedule.File, error) {
	data, err := config.Read(name, config.Output)
	if err != nil {
		return config.Source{}, nil, fmt.Errorf("reading the schedule: %w", err)
	}
	src := config.Source{Name: name, Data: data}
	f, err := schedule.Decode(src)
	return src, f, err
}

// Words gives a plan under a recipe its words, if there is a file for it.
func (g *Given) Words(p *dataflow.Plan, r recipe.Recipe) (bool, error) {
	src, ok := g.sources[r.Name]
	if !ok {
		return false, nil
	}
	made, err := schedule.MadeForOf(g.models.Spec, g.models.Network, r)
	if err != nil {
		return false, err
	}
	return true, schedule.Replay(src, p, made, g.any)
}

// ScheduleFile chooses the words of a case's step and hands them back as a schedule file.
func ScheduleFile(ctx context.Context, of *models.Models, refine int) (*schedule.File, error) {
	m, err := New(ctx, of.Spec, false)
	if err != nil {
		return nil, err
	}
	m.Energy, m.Refine = of.Energy, refine
	s := Step{Dense: of.Step, Recipe: of.Recipe}
	if err := m.Schedule(&s); err != nil {
		return nil, fmt.Errorf("recipe %s: %w", of.Recipe.Name, err)
	}
	made, err := schedule.MadeForOf(of.Spec, of.Network, of.Recipe)
	if err != nil {
		return nil, err
	}
	f, err := schedule.FileOf(s.Plan, made)
	if err != nil {
		return nil, err
	}
	f.Recipe, f.Sparsity = of.Recipe.Name, Sparsity(s.Plan.Step)
	return f, nil
}
