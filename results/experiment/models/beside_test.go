package models

import (
	"os"
	"path/filepath"
	"testing"

	"satsim/configs"
)

// Where the names of a file in a/b.yaml lead, by hand.
func TestPathsInFilesStartFromTheFile(t *testing.T) {
	for _, c := range []struct{ file, name, want string }{
		{"a/b.yaml", "board.yaml", "a/board.yaml"},
		{"a/b.yaml", "../c/board.yml", "c/board.yml"},
		{"a/b.yaml", "model.onnx", "a/model.onnx"},
		{"a/b.yaml", "vcu1525", "vcu1525"},
		{"a/b.yaml", "", ""},
		{"b.yaml", "./board.yaml", "board.yaml"},
		{"sat-vcu1525", "board.yaml", "board.yaml"},
	} {
		if got := filepath.ToSlash(Beside(c.file, c.name)); got != c.want {
			t.Errorf("%s names %s: %s, want %s", c.file, c.name, got, c.want)
		}
	}
}

// An architecture in a folder takes the board and the energy table beside it, from wherever it is read.
func TestAnArchitectureFindsItsBoardAndTableBesideIt(t *testing.T) {
	dir := t.TempDir()
	for from, to := range map[string]string{"board/u280.yaml": "mine.yaml", "energy/asic45-horowitz.yaml": "prices.yaml"} {
		text, err := configs.FS.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, to), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	arch := filepath.Join(dir, "arch.yaml")
	if err := os.WriteFile(arch, []byte("kind: arch\nname: x\nboard: mine.yaml\nenergy: ./prices.yaml\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l := NewLoader()
	s, err := l.Spec(arch, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	prices, err := l.Energy(Names{Arch: arch}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Board.Name != "u280" || prices.Name != "asic45-horowitz" {
		t.Errorf("board %s, table %s", s.Board.Name, prices.Name)
	}
}
