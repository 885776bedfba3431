package training

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"satsim/internal/config"
	"satsim/workloads/network"
	"satsim/workloads/recipe"
)

// hashDigits of a hash are kept: 48 bits, for telling a handful of trainings apart.
const hashDigits = 12

// NetworkHash is of what a network computes: its file with all parameters resolved, the batch among them. Names of files and notes have no part in it.
func NetworkHash(d network.Description) (string, error) {
	text, err := config.MarshalJSON(d)
	if err != nil {
		return "", fmt.Errorf("hashing network %s: %w", d.Name, err)
	}
	return hashNetwork(text)
}

// RecipeHash is of what a recipe does to a training, its optimiser included; its name, paper and note have no part in it.
func RecipeHash(r recipe.Recipe) (string, error) {
	text, err := config.MarshalJSON(r)
	if err != nil {
		return "", fmt.Errorf("hashing recipe %s: %w", r.Name, err)
	}
	return hashRecipe(text)
}

func hashNetwork(text json.RawMessage) (string, error) { return hashOf(text, stripNetwork) }

func hashRecipe(text json.RawMessage) (string, error) { return hashOf(text, stripRecipe) }

// stripNetwork takes off what has no influence on what a network computes.
func stripNetwork(model map[string]any) {
	delete(model, "name")
	delete(model, "note")
	delete(model, "samples")
	params, _ := model["params"].([]any)
	for _, p := range params {
		if p, ok := p.(map[string]any); ok {
			delete(p, "note")
		}
	}
}

// stripRecipe takes off what has no influence on what a recipe does.
func stripRecipe(model map[string]any) {
	delete(model, "name")
	delete(model, "paper")
	delete(model, "note")
	if !prunes(model) {
		delete(model, "sparsity") // of nothing
	}
}

// prunes reports whether any rule in a model's JSON prunes something.
func prunes(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		if p := v["prune"]; p == string(recipe.Weights) || p == string(recipe.Gradients) || p == string(recipe.Activations) {
			return true
		}
		for _, inner := range v {
			if prunes(inner) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, prunes)
	}
	return false
}

// hashOf a model's JSON, whose keys may stand in any order.
func hashOf(text json.RawMessage, strip func(model map[string]any)) (string, error) {
	model, err := decode(text)
	if err != nil {
		return "", err
	}
	strip(model)
	sorted, err := json.Marshal(model)
	if err != nil {
		return "", fmt.Errorf("hashing a model: %w", err)
	}
	sum := sha256.Sum256(sorted)
	return hex.EncodeToString(sum[:])[:hashDigits], nil
}
