package diff

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"satsim/results/record"
)

// Side is one of the two.
type Side struct {
	Name     string `json:"name"` // the file, or what was run
	Arch     string `json:"arch"`
	Network  string `json:"network"`
	Recipe   string `json:"recipe"`
	Sparsity string `json:"sparsity"`
	Images   int64  `json:"images"`

	record *record.Record
	run    *record.Run
}

// NewSide is the run of a recipe in a record; of none: its last.
func NewSide(name, recipe string, r *record.Record) (Side, error) {
	s := Side{Name: name, Arch: r.ArchName, Network: r.Network.Name, Images: r.Network.Images, record: r}
	var have []string
	for i := range r.Runs {
		if run := &r.Runs[i]; recipe == "" || run.Recipe == recipe {
			s.run, s.Recipe, s.Sparsity = run, run.Recipe, run.Sparsity
		}
		have = append(have, r.Runs[i].Recipe)
	}
	if s.run == nil {
		return s, fmt.Errorf("%s has no run of recipe %q; it has %q", name, recipe, have)
	}
	return s, nil
}

// Change is a key that the two have otherwise.
type Change struct {
	Key string `json:"key"`
	A   string `json:"a"` // empty: it is not there
	B   string `json:"b"`
}

// Figure is a figure of both.
type Figure struct {
	Name string  `json:"name"`
	Unit string  `json:"unit"`
	A    float64 `json:"a"`
	B    float64 `json:"b"`
}

// Part is a part of both sides' sums, and of their difference.
type Part struct {
	Layer string `json:"layer,omitempty"`
	Stage string `json:"stage,omitempty"`
	Cause string `json:"cause"` // what the array's lane did or waited for, or the unit that took it
	A     int64  `json:"a"`
	B     int64  `json:"b"`
}

// Delta is what the part adds to the difference.
func (p *Part) Delta() int64 { return p.B - p.A }

// Sum is an amount in parts: A, B and their difference are the sums of those of the parts.
type Sum struct {
	Of    string `json:"of"`
	Unit  string `json:"unit"`
	A     int64  `json:"a"`
	B     int64  `json:"b"`
	Parts []Part `json:"parts"` // the largest share of the difference first
}

// Delta is the difference.
func (s *Sum) Delta() int64 { return s.B - s.A }

// By adds parts up that have the same name.
func (s *Sum) By(name func(*Part) string) []Part {
	at := map[string]int{}
	var out []Part
	for i := range s.Parts {
		p := &s.Parts[i]
		n := name(p)
		k, there := at[n]
		if !there {
			k = len(out)
			at[n] = k
			out = append(out, Part{Cause: n})
		}
		out[k].A += p.A
		out[k].B += p.B
	}
	sortParts(out)
	return out
}

// Diff is the difference of two runs.
type Diff struct {
	A       Side     `json:"a"`
	B       Side     `json:"b"`
	Changes []Change `json:"changes"`
	Figures []Figure `json:"figures"`
	Sums    []Sum    `json:"sums"` // cycles, joules and each resource
}

// Of compares two sides.
func Of(a, b Side) (*Diff, error) {
	d := &Diff{A: a, B: b}
	for _, of := range []struct {
		prefix string
		a, b   json.RawMessage
	}{
		{"", a.record.Arch, b.record.Arch}, {"network.", a.record.Network.Description, b.record.Network.Description},
		{"recipe.", a.record.Recipe, b.record.Recipe}, {"energy.", a.record.EnergyTable, b.record.EnergyTable},
	} {
		some, err := changes(of.prefix, of.a, of.b)
		if err != nil {
			return nil, err
		}
		d.Changes = append(d.Changes, some...)
	}
	if a.Recipe != b.Recipe || a.Sparsity != b.Sparsity {
		d.Changes = append(d.Changes, Change{"run", a.Recipe + " " + a.Sparsity, b.Recipe + " " + b.Sparsity})
	}
	d.Figures = figures(a.run, b.run)
	sums, err := sums(&a, &b)
	d.Sums = sums
	return d, err
}

// sums are the amounts of both sides with their parts side by side.
func sums(a, b *Side) ([]Sum, error) {
	left, err := a.amounts()
	if err != nil {
		return nil, err
	}
	right, err := b.amounts()
	if err != nil {
		return nil, err
	}
	var out []Sum
	for _, l := range left {
		i := slices.IndexFunc(right, func(r amount) bool { return r.of == l.of })
		if i < 0 { // a record without joules, or without a machine that can be read
			continue
		}
		s := Sum{Of: l.of, Unit: l.unit, A: l.total, B: right[i].total, Parts: beside(l.parts, right[i].parts)}
		var da, db int64
		for k := range s.Parts {
			da += s.Parts[k].A
			db += s.Parts[k].B
		}
		if da != s.A || db != s.B {
			return nil, fmt.Errorf("%s of %s and %s add up to %d and %d of %d and %d", s.Of, a.Name, b.Name, da, db, s.A, s.B)
		}
		out = append(out, s)
	}
	return out, nil
}

// amount of one side, in parts that add up to it.
type amount struct {
	of, unit string
	total    int64
	parts    []share
}

// share is a part of one side.
type share struct {
	layer, stage, cause string
	n                   int64
}

// beside puts the parts of two sides side by side, by their names.
func beside(a, b []share) []Part {
	type name struct{ layer, stage, cause string }
	at := map[name]int{}
	var out []Part
	add := func(list []share, to func(*Part) *int64) {
		for _, s := range list {
			n := name{s.layer, s.stage, s.cause}
			k, there := at[n]
			if !there {
				k = len(out)
				at[n] = k
				out = append(out, Part{Layer: s.layer, Stage: s.stage, Cause: s.cause})
			}
			*to(&out[k]) += s.n
		}
	}
	add(a, func(p *Part) *int64 { return &p.A })
	add(b, func(p *Part) *int64 { return &p.B })
	out = slices.DeleteFunc(out, func(p Part) bool { return p.A == 0 && p.B == 0 })
	sortParts(out)
	return out
}

// sortParts puts the largest difference first; of equals the first stays first.
func sortParts(list []Part) {
	slices.SortStableFunc(list, func(p, q Part) int { return cmp.Compare(abs(q.Delta()), abs(p.Delta())) })
}

func abs(n int64) int64 { return max(n, -n) }
