package schedule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

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
}

// MadeForOf hashes models. How words are found (the scheduler on or off, its objective) is left out: they are what counts.
func MadeForOf(s spec.Spec, d network.Description, r recipe.Recipe) (m MadeFor, err error) {
	s.Name, s.Note, s.Board.Name, s.Board.Note = "", "", "", ""
	s.Dataflow.OfflineScheduling, s.Dataflow.Objective = false, ""
	d.Name, d.Note = "", ""
	r.Name, r.Note, r.Paper = "", "", ""
	for _, h := range []struct {
		to    *string
		model any
	}{{&m.Arch, s}, {&m.Network, d}, {&m.Recipe, r}} {
		if *h.to, err = hash(h.model); err != nil {
			return m, fmt.Errorf("hashing what a schedule is made for: %w", err)
		}
	}
	return m, nil
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
