package training

import (
	"fmt"
	"slices"
	"strings"

	"satsim/results/table"
)

// trait is a setting that tells trainings of one name apart.
type trait struct {
	name string
	at   func(r *Result) any
	own  bool // of the recipe; trainings that are compared with dense have the others in common
	hash bool // says nothing to people, but that what it is of differs
}

// traits are what a training's figures depend on, beside the names of network and recipe, the ratio and the seed.
func traits() []trait {
	own := []string{"weight_decay", "sr_ste_lambda", "clip_norm", "masks", "loss_scaling", "recipe_hash"}
	var out []trait
	for _, name := range append([]string{
		"data", "train_images", "test_images", "batch", "epochs", "optimiser", "learning_rate", "learning_rate_schedule", "warm_up_epochs", "augment", "numerics", "momentum", "loss_scale",
		"network_params", "sequence", "init", "init_recipe", "init_images_seen", "init_setting", "network_hash",
	}, own...) {
		for _, c := range resultColumns {
			if c.name == name {
				out = append(out, trait{name, c.at, slices.Contains(own, name), slices.Contains([]string{"recipe_hash", "network_hash", "init_setting"}, name)})
			}
		}
	}
	return out
}

func (t *trait) cell(r *Result) table.Cell { return cell(t.at(r)) }

// text is a value, or nothing of one that is not set.
func (t *trait) text(r *Result) string {
	c := t.cell(r)
	if v := c.Value(); v == nil || v == "" || v == int64(0) || v == 0.0 {
		return ""
	}
	return fmt.Sprint(c.Value())
}

// toldBy are the traits in which a group differs from some that are alike, but for hashes where something else differs too.
func toldBy(g *SeedGroup, groups []SeedGroup, of []trait, alike func(a, b *SeedGroup) bool) []trait {
	differs := make([]bool, len(of))
	for i := range groups {
		other := &groups[i]
		if !alike(g, other) {
			continue
		}
		named := false
		for k := range of {
			if of[k].hash && named || of[k].cell(&g.Result).Value() == of[k].cell(&other.Result).Value() {
				continue
			}
			differs[k], named = true, true
		}
	}
	var out []trait
	for k := range of {
		if differs[k] {
			out = append(out, of[k])
		}
	}
	return out
}

// sameName reports whether two groups cannot be told apart by what a table has of them anyway.
func sameName(a, b *SeedGroup) bool {
	return a.Network == b.Network && a.Recipe == b.Recipe && a.Sparsity == b.Sparsity
}

// label puts values behind a name: of a network's parameters, those that not all groups of its name have alike.
func label(name string, of []trait, g *SeedGroup, groups []SeedGroup) string {
	for i := range of {
		text := of[i].text(&g.Result)
		if of[i].name == "network_params" {
			for _, p := range strings.Fields(text) {
				if slices.ContainsFunc(groups, func(o SeedGroup) bool {
					return o.Network == g.Network && !slices.Contains(strings.Fields(o.NetworkParams), p)
				}) {
					name += " " + p
				}
			}
			continue
		}
		if text != "" {
			name += fmt.Sprintf(" %s=%s", of[i].name, text)
		}
	}
	return name
}

// ownTraits are those of recipes, or those of everything else.
func ownTraits(own bool) []trait {
	return slices.DeleteFunc(traits(), func(t trait) bool { return t.own != own })
}

// RecipeLabels name the recipe of each group, with what tells those of one name apart.
func RecipeLabels(groups []SeedGroup) []string {
	own := ownTraits(true)
	out := make([]string, len(groups))
	for i := range groups {
		g := &groups[i]
		name := g.Recipe
		if g.Sparsity != noSparsity {
			name += " " + g.Sparsity
		}
		out[i] = label(name, toldBy(g, groups, own, sameName), g, groups)
	}
	return out
}

// NetworkLabels name the network of each group, with what tells the settings of one network apart.
func NetworkLabels(groups []SeedGroup) []string {
	common := ownTraits(false)
	out := make([]string, len(groups))
	for i := range groups {
		g := &groups[i]
		out[i] = label(g.Network, toldBy(g, groups, common, func(a, b *SeedGroup) bool { return a.Network == b.Network }), g, groups)
	}
	return out
}

// traitFields are columns of all traits for programs, and for people of those that tell rows of one name apart.
func traitFields(groups []SeedGroup) []table.Field[SeedGroup] {
	all := traits()
	told := map[string]bool{}
	for i := range groups {
		for _, t := range toldBy(&groups[i], groups, all, sameName) {
			told[t.name] = true
		}
	}
	var out []table.Field[SeedGroup]
	for _, t := range all {
		column := table.Column{Name: t.name, Key: t.name, NumberFormat: table.NumberFormat{Digits: 6}}
		if !told[t.name] {
			column.For = table.Programs
		}
		out = append(out, table.Field[SeedGroup]{Column: column, Of: func(g *SeedGroup) table.Cell { return t.cell(&g.Result) }})
	}
	return out
}
