package store

import (
	"fmt"
	"strings"
)

// View is a view of the stored points for whoever opens the file with SQLite's own program or a library of it. Its columns stay what they are.
type View struct {
	Name, Means string
	Columns     []ViewColumn
	from        string
}

// ViewColumn is a column of a view. Its type is TEXT, INTEGER or REAL.
type ViewColumn struct {
	Name, Type, Unit, Means string
	sql                     string
}

// Views lists the views of a store.
func Views() []View {
	text := func(name, sql, means string) ViewColumn { return ViewColumn{name, "TEXT", "", means, sql} }
	whole := func(name, sql, unit, means string) ViewColumn { return ViewColumn{name, "INTEGER", unit, means, sql} }
	// JSON has 1 for a number that happens to be whole.
	number := func(name, sql, unit, means string) ViewColumn {
		return ViewColumn{name, "REAL", unit, means, "CAST(" + sql + " AS REAL)"}
	}
	of := func(json, path string) string { return "json_extract(" + json + ", '$." + path + "')" }
	figures := func(json, prefix string) []ViewColumn {
		in := func(name string) string { return of(json, prefix+name) }
		return []ViewColumn{
			whole("cycles", in("cycles"), "cycles", "of the core"),
			number("time_s", in("time_s"), "s", "time"),
			whole("dense_macs", in("dense_macs"), "MACs", "of the dense network"),
			whole("performed_macs", in("performed_macs"), "MACs", "after pruning"),
			number("dense_equivalent_gflops", in("dense_equivalent_gflops"), "GFLOPS", "two operations a dense MAC over the time"),
			number("effective_gflops", in("effective_gflops"), "GFLOPS", "two operations a performed MAC over the time"),
			number("mac_utilisation", in("mac_utilisation"), "ratio", "performed MACs over PEs x cycles"),
			whole("dram_read_bytes", in("dram_read_bytes"), "bytes", "read from off-chip memory"),
			whole("dram_write_bytes", in("dram_write_bytes"), "bytes", "written to off-chip memory"),
		}
	}
	joules := func(json, path string) []ViewColumn {
		return []ViewColumn{
			number("energy_j", of(json, path+".value"), "J", "energy, modelled"),
			number("energy_low_j", of(json, path+".low"), "J", "at the low end of every price"),
			number("energy_high_j", of(json, path+".high"), "J", "at the high end of every price"),
		}
	}
	key := text("key", "p.key", "of the point")
	points := append([]ViewColumn{
		key,
		text("model_version", "p.version", "who computed it: schema of the figures, model version, build if not of a clean commit; figures of two are not to be compared"),
		text("arch", of("a.content", "name"), "name of the architecture"),
		text("board", of("a.content", "board.name"), "name of its board"),
		text("network", of("n.content", "name"), "name of the network"),
		text("recipe", of("r.content", "name"), "name of the recipe"),
		text("sparsity", "coalesce("+of("p.figures", "sparsity")+", "+of("r.content", "sparsity")+")", "N:M of what is pruned; 1:1 is dense"),
		whole("batch", "p.batch", "samples", "a step"),
		whole("parameters", "p.parameters", "parameters", "of the network"),
		text("baseline", of("br.content", "name"), "recipe of the point that this one is compared with; its own where it is the baseline"),
		text("baseline_key", "b.key", "of that point; nothing where the store does not have it"),
		text("error", "p.error", "why the point has no figures; empty where it has"),
		whole("whole", "p.run IS NOT NULL AND length(p.run) > 0", "", "1 where layers and word groups are kept beside the figures, else 0"),
		number("speedup", "CAST("+of("b.figures", "total.cycles")+" AS REAL) / "+of("p.figures", "total.cycles"), "ratio", "cycles of the baseline over these"),
		number("images_per_s", of("p.figures", "images_per_s"), "1/s", "samples trained a second"),
	}, figures("p.figures", "total.")...)
	points = append(points,
		whole("footprint_bytes", of("p.figures", "footprint_bytes"), "bytes", "of the step in off-chip memory"),
		whole("compulsory_bytes", of("p.figures", "compulsory_bytes"), "bytes", "of traffic that no machine avoids"))
	points = append(points, joules("p.figures", "energy.energy_j")...)
	points = append(points, number("average_power_w", of("p.figures", "energy.average_power_w.value"), "W", "energy over time"))
	for _, resource := range []string{"lut", "lut_memory", "ff", "dsp", "bram36", "uram"} {
		points = append(points, whole(resource, "json_extract(nullif(p.resources, ''), '$."+resource+"')", resource, "that the accelerator takes, high estimate"))
	}
	points = append(points, text("fit", "json_extract(nullif(p.resources, ''), '$.fit')", "whether it fits its board: fits, undecided, does not fit, unknown"))

	stages := append(append([]ViewColumn{key, text("stage", of("s.value", "stage"), "FF, BP or WU")}, figures("s.value", "")...), joules("s.value", "energy.energy_j")...)
	parts := "(SELECT key, 'step' AS part, json_extract(figures, '$.total.units') AS units FROM point UNION ALL " +
		"SELECT point.key, json_extract(s.value, '$.stage'), json_extract(s.value, '$.units') FROM point, json_each(point.figures, '$.stages') AS s) AS p, json_each(p.units) AS u"
	part := text("part", "p.part", "step, or FF, BP or WU of it")
	unit := text("unit", of("u.value", "unit"), "stce, sore, wuve or vector")
	return []View{
		{"points", "a row a point", points, "point AS p JOIN model AS a ON a.hash = p.arch JOIN model AS n ON n.hash = p.network JOIN model AS r ON r.hash = p.recipe " +
			"LEFT JOIN point AS b ON b.key = CASE p.baseline WHEN '' THEN p.key ELSE p.baseline END LEFT JOIN model AS br ON br.hash = b.recipe"},
		{"parameters", "a row a parameter of a point's models, by the name that conditions of satsim use", []ViewColumn{
			key, text("name", "v.name", "stce.rows, network.batch, recipe.optimiser"),
			{"value", "", "", "as the file has it: a quantity is a text such as 200MHz, a switch 0 or 1", "v.value"},
		}, "point AS p JOIN (" +
			"SELECT m.hash, CASE m.kind WHEN 'arch' THEN '' ELSE 'recipe.' END || replace(substr(t.fullkey, 3), '\"', '') AS name, t.atom AS value " +
			"FROM model AS m, json_tree(m.content) AS t WHERE m.kind IN ('arch', 'recipe') AND t.atom IS NOT NULL AND t.fullkey NOT IN ('$.name', '$.note') UNION ALL " +
			"SELECT m.hash, 'network.' || json_extract(e.value, '$.name'), json_extract(e.value, '$.value') FROM model AS m, json_each(m.content, '$.params') AS e WHERE m.kind = 'network'" +
			") AS v ON v.hash IN (p.arch, p.network, p.recipe)"},
		{"stages", "a row a stage of a point that has figures", stages, "point AS p, json_each(p.figures, '$.stages') AS s"},
		{"units", "a row a unit of the machine, for the whole step and each stage", []ViewColumn{
			key, part, unit, whole("busy_cycles", of("u.value", "busy_cycles"), "cycles", "in which it could take nothing else"),
		}, parts},
		{"counts", "a row a counter of a unit, for the whole step and each stage; columns.md says under UNIT_NAME what is counted", []ViewColumn{
			key, part, unit, text("name", "c.key", "of the counter"), whole("count", "c.value", "", "how often"),
		}, parts + ", json_each(u.value, '$.counts') AS c"},
		{"joules", "a row a unit of a point that was priced", append([]ViewColumn{key, text("unit", of("u.value", "unit"), "of the machine, or dram, buffers, clock, static")},
			joules("u.value", "energy_j")...), "point AS p, json_each(p.figures, '$.energy.units') AS u"},
	}
}

// sql makes the view. Its comments stay in the file: .schema shows them.
func (v *View) sql() string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE VIEW IF NOT EXISTS %s AS -- %s\nSELECT\n", v.Name, v.Means)
	for i, c := range v.Columns {
		end, unit := ",", c.Unit
		if i == len(v.Columns)-1 {
			end = ""
		}
		if unit != "" {
			unit += ": "
		}
		fmt.Fprintf(&b, "  %s AS %s%s -- %s%s\n", c.sql, c.Name, end, unit, c.Means)
	}
	fmt.Fprintf(&b, "FROM %s", v.from)
	return b.String()
}
