package energy

import (
	"os"
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
	m := NewModel(tableOf(t, "testdata/accelergy_table.yaml"), 200_000_000)
	var c Counts
	for i, a := range List(&every) {
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
