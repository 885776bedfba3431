package cli

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"satsim/internal/config"
	"satsim/internal/diag"
)

// readSettings takes the settings of a file, which is YAML whatever it is called; a key that is no setting would do nothing and is refused.
func (a *app) readSettings(file string) error {
	text, err := config.Read(file, config.Model)
	if err != nil {
		return fmt.Errorf("reading settings: %w", err)
	}
	given, err := config.Given(config.Source{Name: file, Data: text})
	if err != nil {
		return fmt.Errorf("reading settings: %w", err)
	}
	accepted := []string{"out", "format", "workers"}
	for _, key := range given {
		if slices.Contains(accepted, key) {
			continue
		}
		e := &diag.Error{Pos: diag.Pos{File: file}, Path: key, Problem: "no setting", Accepted: strings.Join(accepted, ", "), Nearest: diag.Nearest(key, accepted)}
		if key == "" {
			e.Problem, e.Accepted = "the file is no list of settings", "lines such as format: csv"
		}
		return fmt.Errorf("reading settings: %w", e)
	}
	a.settings.SetConfigType("yaml")
	if err := a.settings.ReadConfig(bytes.NewReader(text)); err != nil {
		return fmt.Errorf("reading settings: %s: %w", file, err)
	}
	return nil
}
