package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

func TestResolve(t *testing.T) {
	shipped := fstest.MapFS{
		"arch/sat.yaml":   {Data: []byte("kind: arch\n")},
		"arch/small.yaml": {Data: []byte("kind: arch # small\n")},
		"arch/README.md":  {},
		"board/sat.yaml":  {Data: []byte("kind: board\n")},
	}
	got, err := Resolve("arch", "sat", shipped)
	if err != nil || got.Name != "arch/sat.yaml" || string(got.Data) != "kind: arch\n" {
		t.Errorf("got %+v, %v", got, err)
	}
	const want = `no shipped arch is named "smal"; accepted: sat, small, the path of a .yaml file; nearest: small`
	if _, err := Resolve("arch", "smal", shipped); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	const none = `no shipped recipe is named "sat"; accepted: the path of a .yaml file`
	if _, err := Resolve("recipe", "sat", shipped); err == nil || err.Error() != none {
		t.Errorf("got %v, want %s", err, none)
	}
	if _, err := Resolve("arch", "..", shipped); err == nil {
		t.Error(".. was found")
	}

	path := filepath.Join(t.TempDir(), "my.yaml")
	if err := os.WriteFile(path, []byte("kind: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err = Resolve("arch", path, shipped)
	if err != nil || got.Name != path || string(got.Data) != "kind: x\n" {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, missing := range []string{"./sat", "sat.yaml", "sat.yml", ""} {
		_, err := Resolve("arch", missing, shipped)
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: got %v", missing, err)
		}
	}
}
