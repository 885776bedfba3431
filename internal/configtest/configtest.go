// Package configtest reads shipped model files in tests of packages that stand below results/experiment/models, which is what everybody
// else reads them with.
package configtest

import (
	"testing"

	"satsim/configs"
	"satsim/internal/config"
)

// Read decodes a shipped file into a model that holds the defaults.
func Read(t testing.TB, kind, name string, out any) {
	t.Helper()
	if err := config.Decode(Source(t, kind, name), kind, out); err != nil {
		t.Fatal(err)
	}
}

// Source is a shipped file.
func Source(t testing.TB, kind, name string) config.Source {
	t.Helper()
	src, err := config.Resolve(kind, name, configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// Names lists the shipped files of a kind.
func Names(t testing.TB, kind string) []string {
	t.Helper()
	names, err := config.Names(kind, configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	return names
}
