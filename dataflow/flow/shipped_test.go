package flow_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"testing"

	"satsim/dataflow/flow"
	"satsim/internal/config"
	"satsim/internal/golden"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
)

// shipped is a shipped network's step in words, on the default accelerator.
func shipped(t *testing.T, network, recipe string, set ...config.Override) machine.Step {
	t.Helper()
	if network == "llama2-7b" { // two blocks of it fit the board
		set = append(set, config.Override{Path: "network.layers", Value: "2"}, config.Override{Path: "network.batch", Value: "1"})
	}
	m, err := models.Load(models.Names{Arch: "sat-vcu1525", Network: network, Recipe: recipe}, set)
	if err != nil {
		t.Fatal(err)
	}
	on, err := machine.New(context.Background(), m.Spec, true)
	if err != nil {
		t.Fatal(err)
	}
	s := machine.Step{Dense: m.Step, Recipe: m.Recipe}
	if err := on.Schedule(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

// How many tensors of each shipped network flow byte for byte, and how many by which rule, pinned: rules cannot come to cover more in silence.
// Tiles are those of one rule for all products, so that figures move with the network and the words, and not with the search.
func TestCoverageOfShippedNetworks(t *testing.T) {
	names, err := models.Shipped("network")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	head := []string{"network", "recipe", "tensors", "exact"}
	for r := flow.Rule(0); r < flow.Rules; r++ {
		head = append(head, r.String())
	}
	rows := [][]string{head}
	for _, name := range names {
		for _, recipe := range []string{"bdwp", "sr-ste"} {
			s := shipped(t, name, recipe, config.Override{Path: "dataflow.offline_scheduling", Value: "false"})
			c, err := flow.Check(s.Plan, counted(s.Plan))
			if err != nil {
				t.Fatalf("%s %s: %v", name, recipe, err)
			}
			row := []string{name, recipe, fmt.Sprint(c.Tensors), fmt.Sprint(c.Exact)}
			for _, n := range c.By {
				row = append(row, fmt.Sprint(n))
			}
			rows = append(rows, row)
			if 2*c.Exact < c.Tensors || c.By[flow.Omitted]+c.By[flow.Ends] > 0 {
				t.Errorf("%s %s: %+v; most tensors need no rule, and none of a whole step is left out", name, recipe, c)
			}
		}
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/coverage.csv", b.Bytes())
}
