package recipe

import (
	"slices"
	"strings"

	"satsim/workloads"
)

// layerRules are those of a layer.
type layerRules struct {
	ff, bp Rule
	wu     WURule
	learns bool // masks
}

func (l layerRules) of(s workloads.Stage) Rule {
	return [...]Rule{l.ff, l.bp, l.wu.rule()}[s]
}

// layer that no exception is for.
func (r Recipe) layer() layerRules { return layerRules{r.FF, r.BP, r.WU, r.Logits} }

// excepted are layers that an exception, and no other one, is for.
func (r Recipe) excepted(e Exception) layerRules {
	return layerRules{or(e.FF, r.FF), or(e.BP, r.BP), e.WU.or(r.WU), false}
}

// But is what layers of an exception do in the three products; no element where that is what the others do.
type But struct {
	Exception
	Selections []Selection
}

// Buts are what exceptions do, each by itself, in their order.
func (r Recipe) Buts() (out []But) {
	others := r.Selections()
	for _, e := range r.Exceptions {
		b := But{Exception: e}
		for i, s := range r.selections(r.excepted(e)) {
			if s.Does() != others[i].Does() {
				b.Selections = append(b.Selections, s)
			}
		}
		out = append(out, b)
	}
	return out
}

// butOf says what is otherwise for layers of exceptions.
func (r Recipe) butOf(say func(layerRules) []string) (out []string) {
	others := say(r.layer())
	for _, e := range r.Exceptions {
		lines := say(r.excepted(e))
		if slices.Equal(lines, others) {
			continue
		}
		out = append(out, "but of "+e.Which()+": "+strings.Join(lines, "; "))
	}
	return out
}

// Which layers an exception is for, in words.
func (e Exception) Which() string {
	switch e.Role {
	case Classifier:
		return "the " + string(e.Role)
	case Activated:
		return "layers that read what an activation made"
	case Activating:
		return "layers whose outputs an activation alone reads"
	}
	return "layers " + e.Layers
}

// Named is how its file names them.
func (e Exception) Named() string {
	if e.Role != "" {
		return string(e.Role)
	}
	return e.Layers
}

// Words say what an exception changes.
func (e Exception) Words() string {
	var parts []string
	for _, s := range []struct {
		stage workloads.Stage
		rule  Rule
	}{{workloads.FF, e.FF}, {workloads.BP, e.BP}, {workloads.WU, Rule{Prune: e.WU.Prune, Sparsity: e.WU.Sparsity}}} {
		text := string(s.rule.Prune)
		if s.rule.Sparsity != (OptionalRatio{}) {
			text = strings.TrimSpace(text + " " + s.rule.Sparsity.String())
		}
		if text != "" {
			parts = append(parts, s.stage.String()+" "+text)
		}
	}
	return e.Which() + ": " + strings.Join(parts, ", ")
}
