package report

import (
	"context"
	"errors"
	"testing"

	"satsim/results/query"
)

// Two machines, two recipes: what has one value a network refuses them, and names a condition that chooses some.
func TestTablesRefuseWhatTheyCannotTellApart(t *testing.T) {
	var pairs [][2]step
	for _, arch := range []string{lanes(8), lanes(16)} {
		for _, recipe := range []string{"bdwp", "sr-ste"} {
			pairs = append(pairs, [2]step{{"a", "dense", "1:1", arch, 300, 0, 0, 1200, 0}, {"a", recipe, "2:8", arch, 100, 0, 0, 600, 0}})
		}
	}
	in := input(t, pairs...)
	for name, want := range map[string]string{
		"nm": `recipe == "bdwp"`, "array": `recipe == "bdwp"`, "lanes": `recipe == "bdwp"`, "bandwidth": `recipe == "bdwp"`, "ablation": `recipe == "bdwp"`,
		"front": `recipe == "bdwp"`, "prior": "vector.lanes == 8",
	} {
		_, err := entry(t, name).Table(context.Background(), in, "")
		if differ := (*query.DifferError)(nil); !errors.As(err, &differ) || differ.Choice != want {
			t.Errorf("%s: %v; a choice of %s is wanted", name, err, want)
		}
	}
}

// A title names the recipe that is in the data.
func TestTitlesNameTheDatasRecipe(t *testing.T) {
	for recipe, want := range map[string]string{"bdwp": "BDWP", "sdgp": "sdgp"} {
		in := input(t, [2]step{{"a", "dense", "1:1", lanes(8), 300, 0, 0, 1200, 0}, {"a", recipe, "2:8", lanes(8), 100, 0, 0, 600, 0}})
		if got := build(t, "lanes", in).Title; got != "Speed-up of "+want+" over dense by lanes of the vector unit" {
			t.Errorf("a table of %s is titled %q", recipe, got)
		}
		found, err := Find(KindFigure, "layers")
		if err != nil {
			t.Fatal(err)
		}
		if got := found[0].Titled(in.Data); got != "Cycles of every layer, dense and "+want {
			t.Errorf("a figure of %s is titled %q", recipe, got)
		}
	}
}
