package schedule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"satsim/arch/norm"
	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// MadeFor is what a schedule was made for: hashes of the resolved content of the models, without names and notes.
type MadeFor struct {
	Arch    string `yaml:"arch"`
	Network string `yaml:"network"`
	Recipe  string `yaml:"recipe"`
	// Values are what a refusal tells models apart by: path=value where they differ from satsim's default design and recipe, and the network's
	// parameters. 0.1.0 wrote none.
	Values *Values `yaml:"values,omitempty"`
}

// Values are lists of path=value, as overrides.
type Values struct {
	Arch    []string `yaml:"arch"`
	Network []string `yaml:"network"`
	Recipe  []string `yaml:"recipe"`
}

// MadeForOf hashes models. How words are found (the scheduler on or off, its objective) is left out: they are what counts.
func MadeForOf(s spec.Spec, d network.Description, r recipe.Recipe) (m MadeFor, err error) {
	s, r = nameless(s, r)
	d.Name, d.Note = "", ""
	for _, h := range []struct {
		to    *string
		model any
	}{{&m.Arch, s}, {&m.Network, d}, {&m.Recipe, r}} {
		if *h.to, err = hash(h.model); err != nil {
			return m, fmt.Errorf("hashing what a schedule is made for: %w", err)
		}
	}
	arch, standardRecipe := standard()
	m.Values = &Values{Network: parameters(&d)}
	if m.Values.Arch, err = given(s, arch); err == nil {
		m.Values.Recipe, err = given(r, standardRecipe)
	}
	if err != nil {
		return m, fmt.Errorf("listing what a schedule is made for: %w", err)
	}
	return m, nil
}

// nameless leaves what does not count out of models.
func nameless(s spec.Spec, r recipe.Recipe) (spec.Spec, recipe.Recipe) {
	s.Name, s.Note, s.Board.Name, s.Board.Note = "", "", "", ""
	s.Dataflow.OfflineScheduling, s.Dataflow.JoinGroups, s.Dataflow.VectorUpdates, s.Dataflow.Objective = false, false, false, ""
	if !s.Norm.Built() { // files of before there was one are still for such machines
		s.Norm = norm.Params{}
	}
	r.Name, r.Note, r.Paper = "", "", ""
	return s, r
}

// hash of a model's content: the first half of a SHA-256, enough to tell models apart.
func hash(model any) (string, error) {
	text, err := config.MarshalJSON(model)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:16]), nil
}
