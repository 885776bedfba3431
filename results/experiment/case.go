package experiment

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"satsim/arch/energy"
	"satsim/arch/memory"
	"satsim/internal/atomicfile"
	"satsim/results/collect"
	"satsim/results/experiment/compare"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/results/record"
	"satsim/workloads/recipe"
)

// DenseOnly is the baseline that is no recipe: the dense recipe on the best dense-only array of the same resources.
const DenseOnly = "dense-only"

// What is put beside the headline.
const (
	CompanionsNone     = "none"
	CompanionsHeadline = "headline" // what bounds it, and the best dense-only array of the same resources
	CompanionsAll      = "all"      // and what some changes of one parameter move it by
)

// companions by name.
func companions(name string) (compare.Companions, error) {
	switch name {
	case "", CompanionsNone:
		return compare.NoCompanions, nil
	case CompanionsHeadline:
		return compare.HeadlineCompanions, nil
	case CompanionsAll:
		return compare.AllCompanions, nil
	}
	return 0, models.Wrong("companions", "%q; %s, %s and %s are accepted", name, CompanionsNone, CompanionsHeadline, CompanionsAll)
}

// Names say what a case is made of: shipped names or files. An empty field takes the one of Default.
type Names struct {
	Arch     string
	Board    string // empty: the architecture's own
	Energy   string // likewise: the energy table
	Network  string // a shipped name, a file, or an ONNX or SCALE-Sim file
	Recipe   string
	Sparsity string // N:M; empty: the recipe's own
	Batch    int64  // samples a step; 0: the network's own
	Against  string // the baseline: a recipe, or DenseOnly
}

// Default is what satsim run does when it is told nothing.
func Default() Names {
	return Names{Arch: "sat-vcu1525", Network: "resnet18-tiny", Recipe: "bdwp", Against: "dense"}
}

// Overrides are path=value texts of one origin, which errors name.
type Overrides struct {
	Origin string
	Set    []string
}

// Options are how a case is run.
type Options struct {
	Companions string   // what is put beside the headline by further simulations: CompanionsNone (empty is none as well), CompanionsHeadline or CompanionsAll
	Exhaustive bool     // simulate every event; all figures stay the same
	Memory     string   // model of the off-chip memory, fast or detailed; empty: the board's
	Layer      string   // this layer's part of the step only; * stands for any characters
	Schedules  []string // schedule files to replay, in the run of their recipe
	AnyModel   bool     // replay them although they were made for other models
	Refine     int      // simulate so many of the best words of each product; 0 and 1: the predicted best
	Training   bool     // also cost whole trainings
	Samples    int64    // of an epoch of them; 0: the network's own
	// Progress is told what advances; it may be called from several goroutines and may be nil.
	Progress func(what string, done, total int)
}

// Case is a recipe and a baseline on an accelerator, ready to run.
type Case struct {
	models   *models.Models
	baseline recipe.Recipe
	only     bool // against a dense-only array
	options  Options
	requests io.Writer      // nil: nobody asked for them
	words    *machine.Given // schedules to replay; nil: none
}

// Load reads the models of a case and applies overrides, path=value texts of which the later wins. It asks for the companions of the headline.
func Load(n Names, overrides ...string) (*Case, error) {
	return LoadWith(n, Options{Companions: CompanionsAll}, Overrides{"overrides", overrides})
}

// LoadWith is Load with options, and with overrides of several origins.
func LoadWith(n Names, o Options, from ...Overrides) (*Case, error) {
	w := work{names: n.orDefault(), from: from, Case: Case{options: o}}
	return &w.Case, w.through("load", "load")
}

// Run takes the case through the other stages.
func (c *Case) Run(ctx context.Context) (*record.Record, error) {
	w := work{ctx: ctx, Case: *c}
	return w.record, w.through("plan", "record")
}

// Detailed reports whether off-chip memory is modelled command by command: then every event is simulated, and there are no companions.
func (c *Case) Detailed() bool { return c.models.Spec.Board.Memory.Model == memory.ModelDetailed }

// DumpRequests lets the next run write every off-chip request of the recipe's step as CSV in gzip, for which it simulates every event.
func (c *Case) DumpRequests(w io.Writer) { c.requests = w }

// WriteAccelergy writes, for every run of the case's record, an energy reference table and action counts as Accelergy reads them, into a
// folder of the recipe's name.
func (c *Case) WriteAccelergy(folder string, r *record.Record) error {
	model, units := energy.NewPrices(c.models.Energy, c.models.Spec.Clock), c.models.Spec.Units()
	for i := range r.Runs {
		dir := filepath.Join(folder, strings.ReplaceAll(r.Runs[i].Recipe, " ", "-"))
		if err := atomicfile.Begins("energy reference table", "ERT:\n").Write(filepath.Join(dir, "ERT.yaml"), func(w io.Writer) error { return model.WriteERT(w, &units) }); err != nil {
			return err
		}
		actions, err := collect.Actions(r.Runs[i].Energy)
		if err != nil {
			return err
		}
		if err := atomicfile.Begins("file of action counts", "action_counts:\n").Write(filepath.Join(dir, "action_counts.yaml"), func(w io.Writer) error { return actions.WriteActionCounts(w, &units) }); err != nil {
			return err
		}
	}
	return nil
}

// orDefault fills what is empty and has a default.
func (n Names) orDefault() Names {
	d := Default()
	for _, f := range []struct {
		field *string
		value string
	}{{&n.Arch, d.Arch}, {&n.Network, d.Network}, {&n.Recipe, d.Recipe}, {&n.Against, d.Against}} {
		if *f.field == "" {
			*f.field = f.value
		}
	}
	return n
}
