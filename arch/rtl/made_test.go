package rtl

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"satsim/results/experiment/models"
)

// A bundle says what made it, and holds the architecture that it is of: read again, it is the same one.
func TestABundleSaysHowItWasMade(t *testing.T) {
	s, o := design(), options()
	o.By, o.Held = "satsim 9.9.9, model version 99", true
	b, err := New(s, o)
	if err != nil {
		t.Fatal(err)
	}
	command := "satsim rtl --arch arch.yaml --seed 7 --tiles 8 --side 2 --read-latency 2 --held-places -o FOLDER"
	for _, want := range []string{command, o.By} {
		if !strings.Contains(string(b.Files["README.md"]), want) {
			t.Errorf("the README lacks %q", want)
		}
	}
	var m manifest
	if err := json.Unmarshal(b.Files["bundle.json"], &m); err != nil {
		t.Fatal(err)
	}
	if want := (origin{o.By, command, 7, 8, 2, 2, true}); m.Made != want {
		t.Errorf("%+v, want %+v", m.Made, want)
	}
	dir := t.TempDir()
	for _, name := range []string{archFile, boardFile} {
		if err := os.WriteFile(filepath.Join(dir, name), b.Files[name], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	again, err := models.NewLoader().Spec(filepath.Join(dir, archFile), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(&again, s) {
		t.Errorf("read again it is\n%+v\nnot\n%+v", again, *s)
	}
}
