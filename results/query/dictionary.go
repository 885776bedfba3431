package query

import (
	"encoding"
	"maps"
	"reflect"
	"slices"
	"strings"

	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/arch/unit"
	"satsim/arch/word"
	"satsim/internal/param"
	"satsim/results/dataset"
	"satsim/results/record"
	"satsim/workloads/recipe"
)

// Description is what is known of a name whatever the rows: its type, what a number of it counts, and what it means.
type Description struct {
	Name  string
	Type  dataset.Type
	Unit  string
	Means string
}

// Dictionary describes the names of rows. Those of a network's parameters and of an energy table's prices are open: each file has its own.
type Dictionary map[string]Description

// NewDictionary is made of the declarations of parameters, the counters of units, and the types of the record.
func NewDictionary() Dictionary {
	d := Dictionary{}
	add := func(t dataset.Type, name, unit, means string) { d[name] = Description{name, t, unit, means} }
	text := func(name, means string) { add(dataset.Text, name, "", means) }

	text("key", "of the point: a hash of its models, its baseline and who computed it")
	text("arch", "name of the architecture")
	text("network", "name of the network")
	text("recipe", "name of the recipe")
	text("prices", "name of the energy table")
	text("sparsity", "N:M of what is pruned; 1:1 is dense")
	add(dataset.Whole, "n", "values", "kept of a group")
	add(dataset.Whole, "m", "values", "of a group")
	add(dataset.Whole, "batch", "samples", "a step")
	add(dataset.Whole, "parameters", "parameters", "of the network")
	text("baseline", "recipe of the point that this one is compared with; its own where it is the baseline")
	text("error", "why the point has no figures; empty where it has")
	text("fit", "whether the accelerator fits its board: fits, undecided, does not fit, unknown")
	for r := range fpga.Resource(fpga.Resources) {
		add(dataset.Whole, r.String(), r.String(), "that the accelerator takes, high estimate")
		add(dataset.Whole, r.String()+"_low", r.String(), "that the accelerator takes, low estimate")
	}
	d.parameters("", reflect.TypeFor[spec.File](), spec.Declared())
	d.parameters("board.", reflect.TypeFor[spec.BoardFile](), spec.DeclaredOfBoard())
	d.parameters("recipe.", reflect.TypeFor[recipe.Recipe](), recipe.Declared())
	for _, name := range []string{"name", "board", "note", "energy", "recipe.name", "recipe.note", "board.energy"} { // the labels say it, or nothing does
		delete(d, name)
	}

	for _, part := range []struct{ prefix, of string }{{"", "the step"}, {"ff.", "FF"}, {"bp.", "BP"}, {"wu.", "WU"}} {
		d.figures(part.prefix, part.of)
		d.units(part.prefix, part.of)
	}
	d.run()
	return d
}

// parameters adds declared keys; keys of lists have no names.
func (d Dictionary) parameters(prefix string, of reflect.Type, declared []param.Param) {
	types := map[string]dataset.Type{}
	leaves(of, "yaml", "", types)
	for _, p := range declared {
		if t, ok := types[p.Key]; ok {
			unit := p.Unit
			if unit == "word" { // a number only in satsim
				t = dataset.Text
			}
			if t == dataset.Text || t == dataset.Texts || t == dataset.Truth {
				unit = ""
			}
			d[prefix+p.Key] = Description{prefix + p.Key, t, unit, p.Meaning}
		}
	}
}

// counted are the figures of a record that are no counts of units.
var counted = [...]struct{ name, unit, means string }{
	{"cycles", "cycles", "of the core"},
	{"moved_cycles", "cycles", "busy cycles of passes that ran beside others' products, less those of others' beside its own; nothing if 0"},
	{"time_s", "s", "time"},
	{"dense_macs", "MACs", "of the dense network"},
	{"performed_macs", "MACs", "after pruning"},
	{"dense_equivalent_gflops", "GFLOPS", "two operations a dense MAC over the time"},
	{"effective_gflops", "GFLOPS", "two operations a performed MAC over the time"},
	{"mac_utilisation", "ratio", "performed MACs over PEs x cycles"},
	{"dram_read_bytes", "bytes", "read from off-chip memory"},
	{"dram_write_bytes", "bytes", "written to off-chip memory"},
}

func (d Dictionary) figures(prefix, of string) {
	types := map[string]dataset.Type{}
	leaves(reflect.TypeFor[record.Figures](), "json", "", types)
	for _, f := range counted {
		d[prefix+f.name] = Description{prefix + f.name, types[f.name], f.unit, f.means + ", of " + of}
	}
	for _, f := range []struct{ name, means string }{
		{"array_utilisation", "mac_utilisation, as satsim 0.1.0 named it"}, {"speedup", "cycles of the baseline over these"},
	} {
		d[prefix+f.name] = Description{prefix + f.name, dataset.Real, "ratio", f.means + ", of " + of}
	}
}

// units adds what units count: of the whole step every counter, of a stage what has a name of its own.
func (d Dictionary) units(prefix, of string) {
	s := spec.Spec{}
	for _, u := range s.Registry() {
		if u == nil || u.ID() == word.Memory { // whose figures are bytes
			continue
		}
		id := u.ID().String()
		name := prefix + id + "_busy_cycles"
		d[name] = Description{name, dataset.Whole, "cycles", "in which " + id + " could take nothing else, of " + of}
		if prefix == "" {
			for _, c := range u.Counters() {
				d[id+"_"+c.Name] = Description{id + "_" + c.Name, dataset.Whole, many(c.Of), c.Means}
			}
		}
	}
	for _, b := range before {
		if _, ok := d[prefix+b.name]; ok { // it is named so still
			continue
		}
		unit, means := "cycles", b.unit+"_busy_cycles"
		if b.count != "" {
			unit, means = b.count, b.count+" of "+b.unit
		}
		d[prefix+b.name] = Description{prefix + b.name, dataset.Whole, unit, means + ", as satsim 0.1.0 named it, of " + of}
	}
}

func many(q unit.Quantity) string { return q.String() + "s" }

// run adds what is known of a whole run.
func (d Dictionary) run() {
	add := func(t dataset.Type, name, unit, means string) { d[name] = Description{name, t, unit, means} }
	add(dataset.Real, "images_per_s", "1/s", "samples trained a second")
	add(dataset.Real, SameResourcesLow, "ratio", "least speed-up over dense-only arrays of the same resources, where that was asked for")
	add(dataset.Real, SameResourcesHigh, "ratio", "greatest speed-up over them")
	add(dataset.Whole, "footprint_bytes", "bytes", "of the step in off-chip memory")
	add(dataset.Whole, "compulsory_bytes", "bytes", "of traffic that no machine avoids")
	for name, means := range map[string]string{
		"events": "0 in stores: it depends on what ran before", "groups": "word groups of the step", "groups_run": "0 in stores, as events",
		"instructions": "that the events stand for", "folds": "of the array",
	} {
		add(dataset.Whole, "simulation."+name, name, means)
	}
	add(dataset.Real, "energy", "J", "of the step, modelled")
	add(dataset.Real, "energy_low", "J", "of the step at the low end of every price")
	add(dataset.Real, "energy_high", "J", "of the step at the high end of every price")
	add(dataset.Text, "energy.table", "", "name of the table that priced the step")
	add(dataset.Whole, "energy.flip_flops", "flip-flops", "whose clock is counted")
	for _, i := range []struct{ name, unit, means string }{
		{"energy_j", "J", "energy of the step"}, {"standing_energy_j", "J", "the part that goes with time alone"}, {"average_power_w", "W", "energy over time"},
		{"images_per_j", "1/J", "samples trained a joule"}, {"dense_equivalent_gflops_per_w", "GFLOPS/W", "of dense MACs"},
		{"effective_gflops_per_w", "GFLOPS/W", "of performed MACs"}, {"energy_delay_js", "Js", "energy times time"},
	} {
		for _, end := range []string{"value", "low", "high"} {
			add(dataset.Real, "energy."+i.name+"."+end, i.unit, i.means+", "+end)
		}
	}
}

// leaves lists the keys of a struct's leaves by the tags of its fields, with their types; lists of structs and what is left out have none.
func leaves(t reflect.Type, tag, path string, out map[string]dataset.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, option, _ := strings.Cut(f.Tag.Get(tag), ",")
		of := f.Type
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		switch {
		case option == "inline" || f.Anonymous && name == "":
			leaves(of, tag, path, out)
			continue
		case name == "" || name == "-":
			continue
		}
		key := path + name
		switch text := reflect.PointerTo(of).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()); {
		case of.Kind() == reflect.Float64:
			out[key] = dataset.Real
		case of.Kind() == reflect.Int || of.Kind() == reflect.Int64: // a quantity is a text in files, and a number of its base unit here
			out[key] = dataset.Whole
		case of.Kind() == reflect.Bool:
			out[key] = dataset.Truth
		case of.Kind() == reflect.Slice && of.Elem().Kind() == reflect.String:
			out[key] = dataset.Texts
		case text || of.Kind() == reflect.String:
			out[key] = dataset.Text
		case of.Kind() == reflect.Struct:
			leaves(of, tag, key+".", out)
		}
	}
}

// Of describes a name; of an open one what can be said of it, and no type where the file alone says it.
func (d Dictionary) Of(name string) Description {
	if known, ok := d[name]; ok {
		return known
	}
	switch prefix, rest, _ := strings.Cut(name, "."); {
	case prefix == "network":
		return Description{Name: name, Means: "parameter of the network's file"}
	case prefix == "energy" && strings.Count(rest, ".") == 2:
		return Description{name, dataset.Real, "J or W", "price in the energy table: joules of an action, or watts of what takes time"}
	}
	return Description{Name: name}
}

// Closed lists what is described, sorted.
func (d Dictionary) Closed() []Description {
	var out []Description
	for _, name := range slices.Sorted(maps.Keys(d)) {
		out = append(out, d[name])
	}
	return out
}

// settle gives numbers their type: JSON says 1 for a time of one second.
func (d Dictionary) settle(values map[string]any) {
	for name, v := range values {
		if n, ok := v.(int); ok && d[name].Type == dataset.Real {
			values[name] = float64(n)
		}
	}
}
