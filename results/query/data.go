package query

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"satsim/results/record"
	"satsim/results/store"
)

// Data is what tables and figures are made of: rows, in an order that means something, and a way to what a row does not have.
type Data struct {
	Rows []NamedPoint
	// Detail reads a row's run with its layers, groups and stalls.
	Detail func(ctx context.Context, key string) (*record.Run, error)
}

// FromStore makes data of a store's points of an origin.
func FromStore(ctx context.Context, s *store.Store, of store.Origin) (*Data, error) {
	points, err := s.List(ctx, of)
	if err != nil {
		return nil, err
	}
	rows, err := NamePoints(points)
	return &Data{Rows: rows, Detail: s.Run}, err
}

// FromRecords makes data of records. The companions of a record's comparison are names of its last run: mac_only_bound,
// vector_overlapped_speedup, vector_serial_speedup.
func FromRecords(records []*record.Record) (*Data, error) {
	var points []store.Point
	runs := map[string]*record.Run{}
	comparisons := map[string]*record.Comparison{}
	for _, r := range records {
		baseline := ""
		for i := range r.Runs {
			p := store.Point{
				Arch: r.Arch, Network: r.Network.Description, Recipe: r.Recipe, Energy: r.EnergyTable, Baseline: baseline, Batch: r.Network.Images,
				Note: r.Network.Note, Parameters: r.Network.Parameters, Run: &r.Runs[i],
			}
			if i < len(r.Runs)-1 { // a record has the text of the last run's recipe
				p.Recipe = fmt.Appendf(nil, `{"name":%q}`, r.Runs[i].Recipe)
			}
			key := p.Key()
			if i == 0 {
				baseline = key
			}
			if runs[key] == nil {
				points = append(points, p)
			}
			runs[key] = &r.Runs[i]
			if i > 0 && r.Comparison != nil {
				comparisons[key] = r.Comparison
			}
		}
	}
	rows, err := NamePoints(points)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		c := comparisons[rows[i].Key]
		if c == nil {
			continue
		}
		v := rows[i].Values
		if len(c.DenseOnly) > 0 {
			bounds := c.SameResources()
			v[SameResourcesLow], v[SameResourcesHigh] = bounds[0], bounds[1]
		}
		if len(c.Overlap) > 0 {
			v["mac_only_bound"] = c.MACBound
			for _, o := range c.Overlap {
				v[o.Unit+"_overlapped_speedup"], v[o.Unit+"_serial_speedup"] = o.Overlapped, o.Serial
			}
		}
	}
	return &Data{Rows: rows, Detail: func(_ context.Context, key string) (*record.Run, error) { return runs[key], nil }}, nil
}

// Float is the number of a name.
func (r *NamedPoint) Float(name string) (float64, bool) { return Number(r.Values[name]) }

// Text is what a name stands for, as text; a quantity as it was written.
func (r *NamedPoint) Text(name string) string {
	if t, ok := r.text[name]; ok {
		return t
	}
	if v, ok := r.Values[name]; ok {
		return fmt.Sprint(v)
	}
	return ""
}

// Same reports whether two rows have the same models, some parameters aside.
func (r *NamedPoint) Same(o *NamedPoint, except ...string) bool {
	for _, label := range []string{"arch", "network", "recipe", "sparsity", "batch"} {
		if !slices.Contains(except, label) && r.Values[label] != o.Values[label] {
			return false
		}
	}
	return r.SameParameters(o, except...)
}

// SameParameters reports whether two rows have equal parameters, some aside.
func (r *NamedPoint) SameParameters(o *NamedPoint, except ...string) bool {
	for _, names := range []map[string]bool{r.params, o.params} {
		for n := range names {
			if !slices.Contains(except, n) && fmt.Sprint(r.Values[n]) != fmt.Sprint(o.Values[n]) {
				return false
			}
		}
	}
	return true
}

// Differing lists the parameters that are not the same in all rows, sorted. Parameters of networks and recipes count if they differ between
// rows of one network, or one recipe. A point whose models could not be made has none of most parameters: it does not make them differ.
func Differing(rows []NamedPoint) []string {
	all := map[string]bool{}
	for i := range rows {
		maps.Copy(all, rows[i].params)
	}
	var out []string
	for n := range all {
		if n == "network.batch" || n == "recipe.sparsity" { // batch and sparsity say it
			continue
		}
		of := func(NamedPoint) any { return nil }
		if kind, _, ok := strings.Cut(n, "."); ok && (kind == "network" || kind == "recipe") {
			of = func(r NamedPoint) any { return r.Values[kind] }
		}
		first := map[any]string{}
		if slices.ContainsFunc(rows, func(r NamedPoint) bool {
			if r.Point.Failed() && !r.params[n] {
				return false
			}
			text := fmt.Sprint(r.Values[n])
			if _, ok := first[of(r)]; !ok {
				first[of(r)] = text
			}
			return first[of(r)] != text
		}) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// Distinct lists the values of a name, as texts, in the order of the rows.
func Distinct(rows []NamedPoint, name string) []string {
	var out []string
	for i := range rows {
		if v := rows[i].Text(name); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
