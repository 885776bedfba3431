package sweep

import "satsim/internal/param"

// Declared are the keys of a file of kind sweep, each once.
func Declared() []param.Param {
	of := func(key string, standard any, unit, accepted, meaning, source string) param.Param {
		return param.Of(key, standard, unit, param.Says(accepted), meaning, source)
	}
	const file, models = "the file", "a shipped name or a file"
	return []param.Param{
		of("name", nil, "name", "any", "of the sweep", file),
		of("note", nil, "text", "any", "what it is for", file),
		of("arch", nil, "name", models, "the architecture of all points", file),
		of("board", nil, "name", models, "what it is put on", "the architecture's own"),
		of("energy", nil, "name", models, "table that prices the points", "the architecture's own"),
		of("networks", nil, "names", models, "each a value of an axis", file),
		of("recipes", nil, "names", models, "each a value of an axis", file),
		of("against", "dense", "name", models, "the recipe that every point is compared with", "what a speed-up is over"),
		of("sparsity", nil, "ratios", "N:M", "each a value of an axis", "the recipes' own"),
		of("batches", nil, "samples", "1 or more", "each a value of an axis", "the networks' own"),
		of("set", nil, "overrides", "path=value", "for all points", file),
		of("axes[].path", nil, "path", "that of an override, or arch, board, energy, network, recipe, sparsity, batch", "what an axis changes", file),
		of("axes[].values", nil, "values", "at least one", "that it takes", file),
		of("axes[].zip[].path", nil, "path", "as axes[].path", "of several that change together", file),
		of("axes[].zip[].values", nil, "values", "as many for each path", "that it takes", file),
		of("axes[].points", nil, "overrides", "lists of path=value", "each one value of the axis", file),
		of("where", nil, "conditions", "such as stce.rows <= 64", "that a point must meet", file),
	}
}
