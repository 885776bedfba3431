package sweep

import (
	"fmt"

	"satsim/internal/config"
	"satsim/internal/nm"
	"satsim/internal/param"
	"satsim/results/query"
)

// Declared are the keys of a file of kind sweep, each once.
func Declared() []param.Param {
	of := func(key string, standard any, unit, accepted, meaning, source string) param.Param {
		return param.Of(key, standard, unit, param.Says(accepted), meaning, source)
	}
	override := param.Checked("path=value, such as stce.rows=16", func(text string) error {
		if _, err := config.ParseOverride(text, ""); err != nil {
			return fmt.Errorf("%q", text)
		}
		return nil
	})
	ratio := param.Checked(fmt.Sprintf("N:M such as 2:8, M up to %d", nm.MaxM), func(text string) error {
		if _, err := nm.Parse(text); err != nil {
			return fmt.Errorf("%q", text)
		}
		return nil
	})
	condition := param.Checked("a condition such as stce.rows <= 64", func(text string) error {
		_, err := query.Compile(text)
		return err
	})
	const file, models = "the file", "a shipped name or a file"
	return []param.Param{
		of("name", nil, "name", "any", "of the sweep", file),
		of("note", nil, "text", "any", "what it is for", file),
		of("arch", nil, "name", models, "the architecture of all points", file),
		of("board", nil, "name", models, "what it is put on", "the architecture's own"),
		of("energy", nil, "name", models, "table that prices the points", "the architecture's own"),
		of("networks", nil, "names", models, "each a value of an axis; of a space what designs are judged by", file),
		of("recipes", nil, "names", models, "each a value of an axis; of a space (satsim explore) one, or with accuracy as objective several", file),
		of("against", "dense", "name", models, "the recipe that every point is compared with", "what a speed-up is over"),
		of("same_resources", nil, "switch", "true or false", "compare every point with the fastest dense-only arrays of its architecture's resources as well, simulated under the recipe against", file),
		of("trainings", nil, "switch", "true or false", "simulate the steps of the recipes' phases, and those that keep masks, as well, for the cost of whole trainings", file),
		param.Of("sparsity", nil, "ratios", ratio, "each a value of an axis; of a space as recipes", "the recipes' own"),
		param.Of("batches", nil, "samples", param.AtLeast(1, ""), "each a value of an axis; of a space as networks", "the networks' own"),
		param.Of("set", nil, "overrides", override, "for all points", file),
		of("axes[].path", nil, "path", "that of an override, or arch, board, energy, network, recipe, sparsity, batch", "what an axis changes", file),
		of("axes[].values", nil, "values", "at least one; 8..48 and 16..128 step 16 are several", "that it takes", file),
		of("axes[].zip[].path", nil, "path", "as axes[].path", "of several that change together", file),
		of("axes[].zip[].values", nil, "values", "as many for each path", "that it takes", file),
		param.Of("axes[].points", nil, "overrides", override, "a list of them is one value of the axis", file),
		param.Of("where", nil, "conditions", condition, "that a point must meet; of a space that a design must meet at each network and batch", file),
	}
}
