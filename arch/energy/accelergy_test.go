package energy

import (
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

type failer interface{ Fatal(...any) }

// parse reads one of Accelergy's files into component.action -> value.
func parse(t failer, text, value string) map[string]float64 {
	type action struct {
		Name   string  `yaml:"name"`
		Energy float64 `yaml:"energy"`
		Counts float64 `yaml:"counts"`
	}
	type component struct {
		Name    string   `yaml:"name"`
		Actions []action `yaml:"actions"`
		Counts  []action `yaml:"action_counts"`
	}
	var f struct {
		ERT struct {
			Tables []component `yaml:"tables"`
		} `yaml:"ERT"`
		Counts struct {
			Local []component `yaml:"local"`
		} `yaml:"action_counts"`
	}
	if err := yaml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, c := range append(f.ERT.Tables, f.Counts.Local...) {
		for _, a := range append(c.Actions, c.Counts...) {
			out[c.Name+"."+a.Name] = a.Energy + a.Counts
		}
	}
	return out
}

// testdata/accelergy_estimate.yaml is what Accelergy itself made of the files that are written here: see testdata/README.md.
func TestAccelergyAgrees(t *testing.T) {
	m := NewPrices(tableOf(t, "testdata/accelergy_table.yaml"), 200_000_000)
	var c ActionCounts
	known := slices.DeleteFunc(List(&every), func(a Action) bool { return a.String() == "vector.random" || a.String() == "vector.divide" }) // which came after that run
	for i, a := range known {
		c[a] = int64(1000*i + 7)
	}
	var ert, counts strings.Builder
	if err := m.WriteERT(&ert, &every); err != nil {
		t.Fatal(err)
	}
	if err := c.WriteActionCounts(&counts, &every); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("ACCELERGY_OUT"); dir != "" {
		if err := os.WriteFile(dir+"/ERT.yaml", []byte(ert.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir+"/action_counts.yaml", []byte(counts.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile("testdata/accelergy_estimate.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Estimation struct {
			Components []struct {
				Name   string  `yaml:"name"`
				Energy float64 `yaml:"energy"`
			} `yaml:"components"`
			Total float64 `yaml:"Total"`
		} `yaml:"energy_estimation"`
	}
	if err := yaml.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	if got := m.Total(&c).Value * 1e12; !near(got, f.Estimation.Total) {
		t.Errorf("%v pJ, Accelergy says %v pJ", got, f.Estimation.Total)
	}
	units := m.ByUnit(&every, &c)
	if len(f.Estimation.Components) != len(units) {
		t.Fatalf("%d components, %d units", len(f.Estimation.Components), len(units))
	}
	for i, u := range units {
		if e := f.Estimation.Components[i]; e.Name != "satsim."+u.Unit || !near(e.Energy, u.Value*1e12) {
			t.Errorf("%s: %v pJ, Accelergy says %s %v pJ", u.Unit, u.Value*1e12, e.Name, e.Energy)
		}
	}
}

// By hand: 3,485,080 thousandths of activates at 3.3 nJ are 3,485 activates at 3300 pJ, and 3,485,500 are 3,486; an action that is counted whole
// stays as it is.
func TestAccelergyCountsWholeActivates(t *testing.T) {
	activates := mustAction(t, "dram.activate")
	table := &Table{Entries: []Entry{{Action: activates, Value: Amount{Joules: 3.3e-9}}, {Action: mustAction(t, "stce.add"), Value: Amount{Joules: 2e-12}}}}
	m := NewPrices(table, 200_000_000)
	for thousandths, want := range map[int64]float64{3_485_080: 3485, 3_485_500: 3486, 499: 0, 0: 0} {
		var c ActionCounts
		c[activates], c[mustAction(t, "stce.add")] = thousandths, 1_234_567
		var ert, counts strings.Builder
		if err := m.WriteERT(&ert, &every); err != nil {
			t.Fatal(err)
		}
		if err := c.WriteActionCounts(&counts, &every); err != nil {
			t.Fatal(err)
		}
		prices, done := parse(t, ert.String(), "energy"), parse(t, counts.String(), "counts")
		if got := prices["satsim.dram.activate"]; !near(got, 3300) {
			t.Errorf("an activate at %v pJ, want 3300", got)
		}
		if got := done["satsim.dram.activate"]; got != want {
			t.Errorf("%d thousandths are %v activates, want %v", thousandths, got, want)
		}
		if prices["satsim.stce.add"] != 2 || done["satsim.stce.add"] != 1_234_567 {
			t.Errorf("additions: %v at %v pJ", done["satsim.stce.add"], prices["satsim.stce.add"])
		}
	}
}

// What a count is, by hand: a thousandth of an activate, cycles of what draws watts, the operation itself of the rest.
func TestCountsSayWhatTheyCount(t *testing.T) {
	for name, want := range map[string]string{"dram.activate": "1/1000 activate", "static.device": "cycle", "clock.flip_flop": "cycle", "stce.add": "operation"} {
		if got := mustAction(t, name).Counted(); got != want {
			t.Errorf("%s counts %q, want %q", name, got, want)
		}
	}
}

func mustAction(t *testing.T, name string) (a Action) {
	t.Helper()
	if err := a.UnmarshalText([]byte(name)); err != nil {
		t.Fatal(err)
	}
	return a
}
