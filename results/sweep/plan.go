package sweep

import (
	"encoding/json"
	"fmt"
	"strings"

	"satsim/arch/energy"
	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/results/query"
	"satsim/results/store"
	"satsim/workloads"
	"satsim/workloads/recipe"
)

// PlannedPoint is a point to simulate.
type PlannedPoint struct {
	Choice Selection
	Key    string
	Point  store.Point // without a run
	Spec   spec.Spec
	Step   *workloads.Step
	Recipe recipe.Recipe
	Prices *energy.Table
	Fit    fpga.Fit // of the accelerator on its board
	Err    error    // why its models were refused; then there is nothing to simulate
}

// weight of a job, for shards and for estimates of what is left: the items of its step.
func (j *PlannedPoint) weight() int64 {
	if j.Step == nil {
		return 1
	}
	return int64(len(j.Step.Items))
}

// Plan is a sweep's points with the baselines that they need, in the order of the file, each once.
type Plan struct {
	Name      string // of the file
	Jobs      []PlannedPoint
	Baselines int // of the jobs, how many are there as baselines only
	Kinds     int // and how many as kinds of steps of trainings only
	LeftOut   int // points that do not meet a condition

	refused int   // points without models
	refusal error // of the first
}

// New resolves the points of a file that the running program, of origin by, is to compute. It asks before each, twice where there are conditions.
func New(f *File, resolve Resolver, by store.Origin, ask query.Ask) (*Plan, error) {
	choices, err := f.Expand()
	if err != nil {
		return nil, err
	}
	places, err := f.filter(choices, resolve, ask)
	if err != nil {
		return nil, err
	}
	kept := make([]Selection, len(places))
	for i, place := range places {
		kept[i] = choices[place]
	}
	p, err := f.plan(kept, resolve, by, ask)
	if err != nil {
		return nil, err
	}
	p.LeftOut = len(choices) - len(kept)
	if p.refused > 0 && p.refused == len(kept) {
		return nil, fmt.Errorf("sweep %s: no point can be resolved; the first is %w", f.Name, p.refusal)
	}
	return p, nil
}

// plan resolves choices.
func (f *File) plan(kept []Selection, resolve Resolver, by store.Origin, ask query.Ask) (*Plan, error) {
	p := &Plan{Name: f.Name}
	baselineOnly, kindOnly := map[string]bool{}, map[string]bool{}
	at := map[string]int{}
	type role uint8
	const (
		asked role = iota
		baseline
		kind
	)
	add := func(j PlannedPoint, as role) {
		if _, there := at[j.Key]; !there {
			at[j.Key] = len(p.Jobs)
			baselineOnly[j.Key], kindOnly[j.Key] = true, true
			p.Jobs = append(p.Jobs, j)
		}
		baselineOnly[j.Key], kindOnly[j.Key] = baselineOnly[j.Key] && as == baseline, kindOnly[j.Key] && as == kind
	}
	for i, c := range kept {
		if err := ask.Row("models of points", i, len(kept)); err != nil {
			return nil, err
		}
		m, err := resolve(c)
		if err != nil {
			if p.refused++; p.refusal == nil {
				p.refusal = fmt.Errorf("%s: %w", c.String(), err)
			}
			add(refusal(c, err, by), asked)
			continue
		}
		own, err := m.job(c, m.Recipe, by, "")
		if err != nil {
			return nil, err
		}
		if m.Baseline != nil {
			base, err := m.job(c, *m.Baseline, by, "")
			if err != nil {
				return nil, err
			}
			// Bounds of points without vector work are of the machine itself.
			if f.SameResources && len(m.Spec.Dataflow.Omit) == 0 && !prunes(*m.Baseline) {
				base.Point.DenseOnly = true
				base.Key = base.Point.Key()
			}
			add(base, baseline)
			if own, err = m.job(c, m.Recipe, by, base.Key); err != nil {
				return nil, err
			}
		}
		add(own, asked)
		if !f.Trainings {
			continue
		}
		kinds, err := m.Recipe.Shares()
		if err != nil {
			return nil, err
		}
		for _, k := range kinds {
			if len(kinds) == 1 { // the step that is there already
				break
			}
			step, err := m.job(c, k.Recipe, by, "")
			if err != nil {
				return nil, err
			}
			add(step, kind)
		}
	}
	for key := range at {
		if baselineOnly[key] {
			p.Baselines++
		}
		if kindOnly[key] {
			p.Kinds++
		}
	}
	return p, nil
}

// Alone is the point of a choice that is compared with nothing.
func (m *Models) Alone(c Selection, by store.Origin) (PlannedPoint, error) {
	return m.job(c, m.Recipe, by, "")
}

func (m *Models) job(c Selection, r recipe.Recipe, by store.Origin, baseline string) (PlannedPoint, error) {
	text, err := config.MarshalJSON(r)
	if err != nil {
		return PlannedPoint{}, fmt.Errorf("printing recipe %s: %w", r.Name, err)
	}
	takes, fit, err := resources(&m.Spec)
	if err != nil {
		return PlannedPoint{}, err
	}
	j := PlannedPoint{Choice: c, Spec: m.Spec, Step: m.Step, Recipe: r, Prices: m.Energy, Fit: fit, Point: store.Point{
		Arch: m.ArchText, Network: m.NetworkText, Recipe: text, Energy: m.EnergyText, Batch: m.Step.Images, Origin: by, Baseline: baseline, Note: m.Step.Note, Parameters: m.Step.Parameters,
		Resources: takes,
	}}
	j.Key = j.Point.Key()
	return j, nil
}

// resources names what an accelerator takes of its FPGA, and says whether it fits.
func resources(s *spec.Spec) (json.RawMessage, fpga.Fit, error) {
	report := fpga.Assess(s)
	names := map[string]any{"fit": report.Fit}
	for _, l := range report.Lines {
		names[l.Resource.String()], names[l.Resource.String()+"_low"] = l.Use.High, l.Use.Low
	}
	text, err := json.Marshal(names)
	if err != nil {
		return nil, "", fmt.Errorf("printing resources: %w", err)
	}
	return text, report.Fit, nil
}

// refusal is the job of a choice without models: what is known of it is what the file says.
func refusal(c Selection, err error, by store.Origin) PlannedPoint {
	var set []string
	for _, o := range c.Set {
		set = append(set, o.Path+"="+o.Value)
	}
	part := func(name string, more map[string]any) json.RawMessage {
		m := map[string]any{"name": name}
		for k, v := range more {
			m[k] = v
		}
		text, err := json.Marshal(m)
		if err != nil {
			return json.RawMessage(`{}`) // texts are always printable
		}
		return text
	}
	j := PlannedPoint{Choice: c, Err: err, Point: store.Point{
		Arch: part(c.Arch, map[string]any{"overrides": set}), Network: part(c.Network, nil), Recipe: part(c.Recipe, map[string]any{"sparsity": c.Sparsity}),
		Batch: c.Batch, Origin: by, Error: oneLine(err),
	}}
	j.Key = j.Point.Key()
	return j
}

func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
