package explain

import (
	"context"
	"fmt"

	"satsim/internal/memo"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/results/record"
	"satsim/workloads"
)

// Question is what is to be explained.
type Question struct {
	Models *models.Models
	Layer  string          // * stands for any characters
	Stage  workloads.Stage //
	Most   int             // choices of words that are compared, the chosen one among them
	// Progress is told what advances; it may be nil.
	Progress func(what string, done, total int)
}

// Explanation is the answer.
type Explanation struct {
	Layer    string           `json:"layer"`
	Stage    string           `json:"stage"`
	Arch     string           `json:"arch"`
	Network  string           `json:"network"`
	Recipe   string           `json:"recipe"`
	Sparsity string           `json:"sparsity"`
	Bound    Bound            `json:"bound"`
	Groups   []record.Group   `json:"groups"` // with where the lanes' time went
	Units    []record.Unit    `json:"units"`
	Rivals   []machine.Rivals `json:"rivals"`
	Buffers  []Buffer         `json:"buffers"`
	Changes  []Change         `json:"changes"` // those that help, the best first
	Tried    int              `json:"tried"`   // how many changes were simulated
	Refused  int              `json:"refused"` // that no machine of this kind can have
}

// Explain answers.
func Explain(ctx context.Context, q Question) (*Explanation, error) {
	part, err := q.Models.Only(q.Layer, &q.Stage)
	if err != nil {
		return nil, err
	}
	t := trier{ctx: ctx, models: part, memo: memo.New(machine.MemoBytes)}
	m, step, err := t.run(part)
	if err != nil {
		return nil, err
	}
	out := &Explanation{
		Layer: q.Layer, Stage: q.Stage.String(), Arch: part.Spec.Name, Network: part.Network.Name, Recipe: part.Recipe.Name, Sparsity: models.Ratio(part.Recipe),
		Bound: boundOf(&part.Spec, &step.Run.Total), Groups: step.Run.Groups, Units: step.Run.Total.Units,
	}
	if out.Rivals, err = m.Rivals(step, q.Most); err != nil {
		return nil, err
	}
	t.base = measured(&part.Spec, step)
	if out.Buffers, err = t.buffers(); err != nil {
		return nil, err
	}
	if out.Changes, err = t.all(q.Progress); err != nil {
		return nil, err
	}
	out.Tried, out.Refused = t.tried, t.refused
	return out, nil
}

// Ranked is a layer's stage of a step.
type Ranked struct {
	Layer string `json:"layer"`
	Stage string `json:"stage"`
	Bound
	Saving int64 `json:"saving_cycles"`
}

// Ranking is a step by what a better machine could save.
type Ranking struct {
	Arch     string   `json:"arch"`
	Network  string   `json:"network"`
	Recipe   string   `json:"recipe"`
	Sparsity string   `json:"sparsity"`
	Cycles   int64    `json:"cycles"`
	Saving   int64    `json:"saving_cycles"` // of all parts
	Parts    []Ranked `json:"parts"`
	Changes  []Change `json:"changes,omitempty"` // that help the whole step, if that was asked for
	Tried    int      `json:"tried,omitempty"`
	Refused  int      `json:"refused,omitempty"`
}

// Rank ranks the parts of a step, and tries changes of one parameter on the whole of it if that is asked for.
func Rank(ctx context.Context, m *models.Models, changes bool, progress func(what string, done, total int)) (*Ranking, error) {
	t := trier{ctx: ctx, models: m, memo: memo.New(machine.MemoBytes)}
	_, step, err := t.run(m)
	if err != nil {
		return nil, err
	}
	out := rank(m, &step.Run)
	if changes {
		t.base = measured(&m.Spec, step)
		out.Changes, err = t.all(progress)
		out.Tried, out.Refused = t.tried, t.refused
	}
	return out, err
}

// trier simulates a part of a step on changed machines.
type trier struct {
	ctx    context.Context
	models *models.Models
	memo   *memo.Memo
	base   outcome

	tried, refused int
}

// run simulates what the models say.
func (t *trier) run(of *models.Models) (*machine.Machine, *machine.Step, error) {
	m, err := machine.New(t.ctx, of.Spec, false)
	if err != nil {
		return nil, nil, err
	}
	m.Energy, m.Memo = of.Energy, t.memo
	s := &machine.Step{Dense: of.Step, Recipe: of.Recipe}
	if err := m.Do(s); err != nil {
		return nil, nil, fmt.Errorf("recipe %s: %w", of.Recipe.Name, err)
	}
	return m, s, nil
}
