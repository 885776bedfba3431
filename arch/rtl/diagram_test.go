package rtl

import (
	"encoding/json"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"satsim/internal/golden"
	"satsim/internal/witness"
)

// The kept diagrams are what Icarus Verilog records of the example's ports today: the benches are run, and drawn anew.
func TestDiagramsAreOfSimulatedSignals(t *testing.T) {
	witness.Foreign(t)
	icarus(t)
	b, err := New(exampleArch(), exampleOptions())
	if err != nil {
		t.Fatal(err)
	}
	before := b.waves()
	if err := b.Draw(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	for _, name := range b.waves() {
		golden.Check(t, filepath.FromSlash(name), b.Files[name])
	}
	entries, err := os.ReadDir(wavesDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if b.Files[wavesDir+"/"+e.Name()] == nil {
			t.Errorf("%s is kept, and not drawn", e.Name())
		}
	}
	if !golden.Updating() && !slices.Equal(before, b.waves()) {
		t.Errorf("before: %v, drawn: %v", before, b.waves())
	}
	if text := string(b.Files["README.md"]); !strings.Contains(text, "as Icarus Verilog ran this bundle's benches") {
		t.Error("the README does not say whose diagrams these are")
	}
}

func (b *Bundle) waves() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(b.Files)) {
		if path.Dir(name) == wavesDir {
			names = append(names, name)
		}
	}
	return names
}

// What is drawn are ports of the units, by their own names, and bits that they have; every unit has a diagram in which something leaves, and the array one of each mode and of its start.
func TestWhatIsDrawnArePorts(t *testing.T) {
	b := made(t)
	heads := map[string][]string{}
	for i, m := range b.about.heads {
		r := &b.about.rooms[i]
		for _, of := range append(r.named(&m), m) { // with what feeds it
			if of.name != m.name && of.name != r.unit {
				continue
			}
			for _, p := range of.ports {
				heads[r.unit] = append(heads[r.unit], p.name)
			}
		}
	}
	seen := map[string]map[string]bool{}
	for _, file := range b.waves() {
		if path.Ext(file) != ".json" {
			continue
		}
		var drawing struct {
			Signal []struct{ Name, Wave string }
		}
		if err := json.Unmarshal(b.Files[file], &drawing); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		name := strings.TrimSuffix(path.Base(file), ".json")
		unit, _, _ := strings.Cut(name, "-")
		view := strings.TrimSuffix(name, "-out")
		if seen[view] == nil {
			seen[view] = map[string]bool{}
		}
		for _, s := range drawing.Signal {
			bare := regexp.MustCompile(`\[(\d+:)?0\]$`).ReplaceAllString(s.Name, "")
			if !slices.Contains(heads[unit], bare) {
				t.Errorf("%s: %s is no port of %s", file, s.Name, unit)
			}
			if strings.ContainsAny(s.Wave, "1=") {
				seen[view][bare] = true
			}
		}
	}
	for view, ports := range map[string][]string{
		"stce-os-f": {"asks", "ready", "west_en", "west_addr", "west_data", "north_en", "north_data", "result_valid", "out_we", "out_wdata"}, "stce-os-t": {"west_en", "out_we"},
		"stce-ws-f": {"west_en", "north_en", "out_we"}, "stce-ws-t": {"west_en", "out_we"},
		"stce-registers": {"reg_we", "reg_wa", "reg_wd"}, "stce-start": {"start", "queued", "asks", "ready", "tick", "west_en"},
		"sore": {"job_valid", "in_value", "out_value"}, "wuve": {"job_valid", "in_master", "out_half"}, "vector": {"job_valid", "in0", "out"}, "norm": {"job_valid", "in_half", "in_single", "out_half"},
	} {
		for _, p := range ports {
			if !seen[view][p] {
				t.Errorf("%s: nothing happens on %s", view, p)
			}
		}
	}
}
