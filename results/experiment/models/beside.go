package models

import (
	"path/filepath"

	"satsim/internal/config"
)

// Beside is the model that a file names: a path in a file starts from the file's folder, so that both can be moved; a shipped name stays.
func Beside(file, name string) string {
	path := config.IsPath(name) || Foreign(name)
	if !path || filepath.IsAbs(name) || !config.IsPath(file) {
		return name
	}
	return filepath.Join(filepath.Dir(file), name)
}
