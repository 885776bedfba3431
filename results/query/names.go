package query

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"satsim/internal/config"
	"satsim/internal/nm"
	"satsim/internal/ratio"
	"satsim/results/record"
	"satsim/results/store"
)

// NamedPoint is a point with its names.
type NamedPoint struct {
	Key    string
	Point  *store.Point
	Base   *store.Point // what it is compared with: nil if it is not there
	Values map[string]any
	text   map[string]string // quantities as they were written
	params map[string]bool   // names that are parameters of models
}

// Rows names the points of a store. All rows have the same names.
func NamePoints(points []store.Point) ([]NamedPoint, error) {
	byKey := make(map[string]*store.Point, len(points))
	keys := make([]string, len(points))
	for i := range points {
		keys[i] = points[i].Key()
		byKey[keys[i]] = &points[i]
	}
	rows := make([]NamedPoint, len(points))
	all := map[string]bool{}
	dictionary := NewDictionary()
	for i := range points {
		p := &points[i]
		rows[i] = NamedPoint{Key: keys[i], Point: p, Base: byKey[p.Baseline]}
		if p.Baseline == "" {
			rows[i].Base = p
		}
		if err := rows[i].name(); err != nil {
			return nil, fmt.Errorf("naming point %.12s: %w", keys[i], err)
		}
		dictionary.settle(rows[i].Values)
		for name := range rows[i].Values {
			all[name] = true
		}
	}
	for i := range rows {
		for name := range all {
			if _, ok := rows[i].Values[name]; !ok {
				rows[i].Values[name] = math.NaN()
			}
		}
	}
	return rows, nil
}

// Models names what is known of a point before it is simulated: its models and its batch.
func Models(p store.Point) (NamedPoint, error) {
	r := NamedPoint{Point: &p}
	return r, r.models()
}

// Names lists the names of rows, sorted.
func Names(rows []NamedPoint) []string {
	var out []string
	if len(rows) > 0 {
		for n := range rows[0].Values {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

func (r *NamedPoint) name() error {
	if err := r.models(); err != nil {
		return err
	}
	p := r.Point
	v := r.Values
	v["key"], v["error"], v["parameters"] = r.Key, p.Error, int(p.Parameters)
	v["baseline"] = ""
	if r.Base != nil {
		var base struct{ Name string }
		if err := json.Unmarshal(r.Base.Recipe, &base); err != nil {
			return fmt.Errorf("reading the recipe of its baseline: %w", err)
		}
		v["baseline"] = base.Name
	}
	if len(p.Resources) > 0 {
		tree, err := parse(p.Resources)
		if err != nil {
			return fmt.Errorf("reading its resources: %w", err)
		}
		r.flatten("", tree)
	}
	if p.Run == nil {
		return nil
	}
	if err := r.figures("", p.Run.Total); err != nil {
		return err
	}
	r.units("", &p.Run.Total)
	for i := range p.Run.Stages {
		s := &p.Run.Stages[i]
		prefix := strings.ToLower(s.Stage) + "."
		if err := r.figures(prefix, s.Figures); err != nil {
			return err
		}
		r.units(prefix, &s.Figures)
	}
	short := *p.Run
	short.DenseOnly = nil
	short.Total, short.Stages, short.Layers, short.Groups, short.Stalls, short.Memory = record.Figures{}, nil, nil, nil, nil, nil
	if err := r.figures("", short); err != nil {
		return err
	}
	for name := range v {
		if strings.HasPrefix(name, "total.") {
			delete(v, name)
		}
	}
	if e := p.Run.Energy; e != nil {
		v["energy"], v["energy_low"], v["energy_high"] = e.Joules.Value, e.Joules.Low, e.Joules.High
	}
	r.sparsity(p.Run.Sparsity)
	r.speedups()
	return nil
}

// figures names the numbers of a part of a record as the record does.
func (r *NamedPoint) figures(prefix string, part any) error {
	text, err := json.Marshal(part)
	if err != nil {
		return fmt.Errorf("reading figures: %w", err)
	}
	tree, err := parse(text)
	if err != nil {
		return fmt.Errorf("reading figures: %w", err)
	}
	r.flatten(prefix, tree)
	return nil
}

// before are names of schema 1 that say now what a unit did; an empty count is its busy cycles. The list is closed: the names of a new unit are
// those that units makes of its row.
var before = []struct{ name, unit, count string }{
	{"array_busy_cycles", "stce", ""}, {"vector_busy_cycles", "vector", ""}, {"sore_busy_cycles", "sore", ""}, {"wuve_busy_cycles", "wuve", ""},
	{"sorted_elements", "sore", "elements"}, {"updated_parameters", "wuve", "parameters"},
}

// units names what units did: unit_busy_cycles, of the whole step also unit_count, and the names of before.
func (r *NamedPoint) units(prefix string, f *record.Figures) {
	v := r.Values
	v[prefix+"array_utilisation"] = f.Utilisation
	for _, b := range before {
		u := f.Units.Of(b.unit)
		v[prefix+b.name] = int(u.Busy)
		if b.count != "" {
			v[prefix+b.name] = int(u.Counts.Of(b.count))
		}
	}
	if prefix == "" {
		v["simulation.folds"] = int(f.Units.Of("stce").Counts.Of("folds"))
	}
	for i := range f.Units {
		u := &f.Units[i]
		v[prefix+u.Unit+"_busy_cycles"] = int(u.Busy)
		if prefix != "" {
			continue
		}
		for _, c := range u.Counts {
			v[u.Unit+"_"+c.Name] = int(c.Count)
		}
	}
}

// Names of the speed-up over dense-only arrays of the same resources, at its least and its greatest over the estimates' ends.
const (
	SameResourcesLow  = "same_resources_speedup_low"
	SameResourcesHigh = "same_resources_speedup_high"
)

func (r *NamedPoint) speedups() {
	if r.Base == nil || r.Base.Run == nil {
		return
	}
	set := func(name string, base, own int64) {
		if own > 0 {
			r.Values[name] = ratio.Of(base, own)
		}
	}
	set("speedup", r.Base.Run.Total.Cycles, r.Point.Run.Total.Cycles)
	if bounds, ok := r.Base.Run.SameResources(r.Point.Run.Total.Cycles); ok {
		r.Values[SameResourcesLow], r.Values[SameResourcesHigh] = bounds[0], bounds[1]
	}
	for i, s := range r.Point.Run.Stages {
		if i < len(r.Base.Run.Stages) {
			set(strings.ToLower(s.Stage)+".speedup", r.Base.Run.Stages[i].Cycles, s.Cycles)
		}
	}
}

// models names the architecture at the root, and the network's and the recipe's parameters under their prefixes.
func (r *NamedPoint) models() error {
	p := r.Point
	r.Values, r.text, r.params = map[string]any{}, map[string]string{}, map[string]bool{}
	names := map[string]string{}
	sparsity := nm.Dense.String()
	for _, m := range []struct {
		kind, prefix string
		text         json.RawMessage
	}{{"arch", "", p.Arch}, {"network", "network.", p.Network}, {"recipe", "recipe.", p.Recipe}, {"energy", "energy.", p.Energy}} {
		if len(m.text) == 0 {
			continue // no energy table
		}
		tree, err := parse(m.text)
		if err != nil {
			return fmt.Errorf("reading the %s: %w", m.kind, err)
		}
		keys, ok := tree.(map[string]any)
		if !ok {
			return fmt.Errorf("reading the %s: it is no mapping", m.kind)
		}
		name, _ := keys["name"].(string)
		delete(keys, "name")
		delete(keys, "note")
		if s, ok := keys["sparsity"].(string); ok {
			sparsity = s
		}
		switch m.kind {
		case "network":
			params := named(keys["params"], "name", "value")
			params["samples"] = keys["samples"]
			keys = params
		case "energy":
			keys = named(keys["entries"], "action", "value", "low", "high")
		}
		r.flatten(m.prefix, keys)
		for n := range r.Values {
			r.params[n] = true
		}
		names[m.kind] = name
	}
	r.Values["arch"], r.Values["network"], r.Values["recipe"], r.Values["prices"] = names["arch"], names["network"], names["recipe"], names["energy"]
	r.Values["batch"] = int(p.Batch)
	r.sparsity(sparsity)
	return nil
}

func (r *NamedPoint) sparsity(text string) {
	r.Values["sparsity"] = text
	if ratio, err := nm.Parse(text); err == nil {
		r.Values["n"], r.Values["m"] = ratio.N, ratio.M
	}
}

// With gives the row of a point before it is simulated other values, as overrides do. A batch of 0 and an empty sparsity change nothing.
func (r *NamedPoint) With(batch int64, sparsity string, set []config.Override) NamedPoint {
	out := NamedPoint{Point: r.Point, Values: maps.Clone(r.Values), text: maps.Clone(r.text), params: r.params}
	for _, o := range set {
		var value any = o.Value
		if v, err := parse([]byte(o.Value)); err == nil { // a number, a boolean or a list; all else is text
			value = v
		}
		delete(out.text, o.Path)
		out.flatten(o.Path, value)
	}
	if v, ok := out.Values["network.batch"].(int); ok {
		out.Values["batch"] = v
	}
	if batch != 0 {
		out.Values["batch"] = int(batch)
	}
	if sparsity != "" {
		out.sparsity(sparsity)
	}
	return out
}

// Read is the row with no names but those that expressions read: what With gives of it costs less, and they give the same values for it.
func (r *NamedPoint) Read(expressions ...*Expression) NamedPoint {
	out := NamedPoint{Key: r.Key, Point: r.Point, Base: r.Base, Values: map[string]any{}, text: map[string]string{}, params: r.params}
	for _, e := range expressions {
		for _, name := range e.Names() {
			if v, ok := r.Values[name]; ok {
				out.Values[name] = v
			}
			if t, ok := r.text[name]; ok {
				out.text[name] = t
			}
		}
	}
	return out
}
