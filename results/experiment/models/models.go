package models

import (
	"encoding/json"
	"fmt"
	"slices"

	"satsim/arch/energy"
	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/internal/diag"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// Models are the resolved models of a case.
type Models struct {
	Spec    spec.Spec
	Network network.Description
	Step    *workloads.Step // dense
	Recipe  recipe.Recipe
	Energy  *energy.Table
	// BoardTable is the board's own energy table, if another was chosen.
	BoardTable string

	// The models as text, resolved: what records and stores keep.
	ArchText, NetworkText, RecipeText, EnergyText json.RawMessage
}

// Load reads the models of names and applies overrides.
func Load(n Names, overrides []config.Override) (*Models, error) {
	return NewLoader().Load(n, overrides)
}

// Only leaves the items of some layers (* stands for any characters), and of one stage if it is given, in the step.
func (m Models) Only(layer string, stage *workloads.Stage) (*Models, error) {
	step := *m.Step
	step.Items, step.Partial = nil, true
	var names []string
	for _, it := range m.Step.Items {
		if !slices.Contains(names, it.Layer) {
			names = append(names, it.Layer)
		}
		if recipe.Matches(layer, it.Layer) && (stage == nil || it.Stage == *stage) {
			step.Items = append(step.Items, it)
		}
	}
	if len(step.Items) == 0 {
		e := &diag.Error{Problem: fmt.Sprintf("network %s has no work of a layer %s", m.Network.Name, layer), Nearest: diag.Nearest(layer, names)}
		if stage != nil {
			e.Problem += " in stage " + stage.String()
		}
		return nil, &ChoiceError{"layer", e}
	}
	step.Note += "; only " + layer
	if stage != nil {
		step.Note += " " + stage.String()
	}
	m.Step = &step
	return &m, nil
}

// Use changes the architecture or its board once more.
func (m Models) Use(overrides ...config.Override) (*Models, error) {
	if err := config.Set(&m.Spec, overrides); err != nil {
		return nil, err
	}
	return &m, m.print(&m.ArchText, "architecture", m.Spec)
}

func (m *Models) print(to *json.RawMessage, what string, v any) (err error) {
	if *to, err = config.MarshalJSON(v); err != nil {
		return fmt.Errorf("printing the %s: %w", what, err)
	}
	return nil
}

// Baseline is the recipe that another one is compared with, under the other's optimiser: the difference shall be the pruning's. One that does
// the same work in its update as it is stays as it is, so that recipes share it.
func Baseline(base, r recipe.Recipe) recipe.Recipe {
	other := base
	other.Optimiser, other.WeightDecay = r.Optimiser, r.WeightDecay
	other.LossScale, other.ClipNorm = r.LossScale, r.ClipNorm
	if other.Update() == base.Update() {
		return base
	}
	return other
}

// Ratio is a recipe's N:M, of a schedule that at its end; 1:1 if nothing is pruned.
func Ratio(r recipe.Recipe) string {
	prunes := func(ff, bp recipe.Rule, wu recipe.WURule) bool {
		return slices.ContainsFunc([]recipe.Operand{ff.Prune, bp.Prune, wu.Prune}, func(o recipe.Operand) bool {
			return o == recipe.Weights || o == recipe.Gradients || o == recipe.Activations
		})
	}
	if r.Logits {
		return recipe.LearnedRatio().String()
	}
	if !prunes(r.FF, r.BP, r.WU) && !slices.ContainsFunc(r.Exceptions, func(e recipe.Exception) bool { return prunes(e.FF, e.BP, e.WU) }) {
		return "1:1"
	}
	if r.Sparsity != (recipe.OptionalRatio{}) {
		return r.Sparsity.String()
	}
	return "mixed"
}
