package config_test

import (
	"reflect"
	"testing"

	"satsim/internal/config"
)

func TestGivenListsWhatAFileSays(t *testing.T) {
	const text = "kind: arch\nname: a\nstce:\n  rows: 4\n  kind: x\nomit: [b, c]\nops: {}\n"
	got, err := config.Given(config.Source{Name: "f.yaml", Data: []byte(text)})
	if want := []string{"name", "stce.rows", "stce.kind", "omit"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	if _, err := config.Given(config.Source{Name: "f.yaml", Data: []byte("a: [")}); err == nil {
		t.Error("what is no YAML was listed")
	}
}
