package config_test

import (
	"reflect"
	"testing"

	"satsim/internal/config"
	"satsim/internal/diag"
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

func TestPlacesAndTextsOfAFile(t *testing.T) {
	src := config.Source{Name: "f.yaml", Data: []byte("kind: arch\nboard: b\nlist:\n  - {name: x}\n  - name: y\n    size: 3\n")}
	got, err := config.Places(src)
	want := map[string]diag.Pos{}
	for path, at := range map[string][2]int{
		"kind": {1, 1}, "board": {2, 1}, "list": {3, 1}, "list[0]": {4, 5}, "list[0].name": {4, 6}, "list[1]": {5, 5}, "list[1].name": {5, 5}, "list[1].size": {6, 5},
	} {
		want[path] = diag.Pos{File: "f.yaml", Line: at[0], Col: at[1]}
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	if kind, err := config.KindOf(src); kind != "arch" || err != nil {
		t.Errorf("kind %q, %v", kind, err)
	}
	if board, list := config.Text(src, "board"), config.Text(src, "list"); board != "b" || list != "" {
		t.Errorf("texts %q and %q", board, list)
	}
	for _, text := range []string{"", "[a]", "name: x\nkind: arch\n", "a: ["} {
		if kind, err := config.KindOf(config.Source{Name: "f.yaml", Data: []byte(text)}); err == nil {
			t.Errorf("%q is of kind %q", text, kind)
		}
	}
}
