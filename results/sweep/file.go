package sweep

import (
	"errors"
	"fmt"
	"slices"

	"satsim/internal/config"
	"satsim/internal/diag"
	"satsim/internal/param"
)

// File is a file of kind sweep.
type File struct {
	Name     string   `yaml:"name" config:"required"`
	Note     string   `yaml:"note,omitempty"`
	Arch     string   `yaml:"arch,omitempty"`     // a shipped name or a file
	Board    string   `yaml:"board,omitempty"`    // instead of the architecture's own
	Energy   string   `yaml:"energy,omitempty"`   // likewise
	Networks []string `yaml:"networks,omitempty"` // shipped names or files
	Recipes  []string `yaml:"recipes,omitempty"`  // likewise
	Against  string   `yaml:"against,omitempty"`  // the baseline recipe
	// SameResources compares every point with the fastest dense-only arrays of its architecture's resources as well.
	SameResources bool `yaml:"same_resources,omitempty"`
	// Trainings simulates every kind of step of a recipe's training beside its points, compared with nothing.
	Trainings bool     `yaml:"trainings,omitempty"`
	Sparsity  []string `yaml:"sparsity,omitempty"` // N:M ratios; none: the recipes' own
	Batches   []int64  `yaml:"batches,omitempty"`  // samples a step; none: the networks' own
	Set       []string `yaml:"set,omitempty"`      // path=value, for all points
	Axes      []Axis   `yaml:"axes,omitempty"`
	Where     []string `yaml:"where,omitempty"` // conditions that a point must meet
}

// Axis is a dimension of the grid: a path with values, several paths in lockstep, or sets of overrides.
type Axis struct {
	Path   string       `yaml:"path,omitempty"`
	Values []Value      `yaml:"values,omitempty"`
	Zip    []PathValues `yaml:"zip,omitempty"`
	Points [][]string   `yaml:"points,omitempty"` // each a list of path=value; an empty one changes nothing
}

// PathValues is a path with values.
type PathValues struct {
	Path   string  `yaml:"path" config:"required"`
	Values []Value `yaml:"values" config:"required"`
}

// Value is a value as an override has it: the text of a scalar.
type Value string

// UnmarshalText takes any scalar's text.
func (v *Value) UnmarshalText(b []byte) error {
	*v = Value(b)
	return nil
}

// MarshalText prints the text.
func (v Value) MarshalText() ([]byte, error) { return []byte(v), nil }

// Default is a sweep against the dense recipe.
func Default() File { return param.Defaults[File](Declared()) }

// Validate names every key that does not fit.
func (f File) Validate() error {
	errs := []error{param.Validate(f, Declared())}
	bad := func(key, problem, accepted string) { errs = append(errs, diag.Field(key, problem, accepted)) }
	for _, d := range []struct {
		key, path, accepted string
		given, needed       bool
	}{
		{"arch", "arch", "a shipped name or a file", f.Arch != "", true},
		{"board", "board", "a shipped name or a file", f.Board != "", false},
		{"energy", "energy", "a shipped name or a file", f.Energy != "", false},
		{"networks", "network", "shipped names or files", len(f.Networks) > 0, true},
		{"recipes", "recipe", "shipped names or files", len(f.Recipes) > 0, true},
		{"sparsity", "sparsity", "N:M ratios", len(f.Sparsity) > 0, false},
		{"batches", "batch", "whole numbers", len(f.Batches) > 0, false},
	} {
		switch axis := f.has(d.path); {
		case d.given && axis:
			bad(d.key, "an axis sets "+d.path+", too", "one of them")
		case d.needed && !d.given && !axis:
			bad(d.key, "it is missing", d.accepted+", or an axis with the path "+d.path)
		}
	}
	for i, a := range f.Axes {
		errs = append(errs, a.check(fmt.Sprintf("axes[%d]", i))...)
	}
	return errors.Join(errs...)
}

// check reports what the keys of an axis make of each other.
func (a Axis) check(key string) []error {
	forms := 0
	for _, given := range []bool{a.Path != "" || len(a.Values) > 0, len(a.Zip) > 0, len(a.Points) > 0} {
		if given {
			forms++
		}
	}
	if forms != 1 {
		return []error{diag.Field(key, "it has none or several of path with values, zip and points", "one of them")}
	}
	var errs []error
	if len(a.Zip) == 0 && len(a.Points) == 0 && (a.Path == "" || len(a.Values) == 0) {
		errs = append(errs, diag.Field(key, "path or values is missing", "both"))
	}
	if _, err := each(a.Values); err != nil {
		errs = append(errs, diag.Field(key+".values", err.Error(), acceptedRanges))
	}
	first, known := 0, false // values of the first path
	for i, l := range a.Zip {
		values, err := each(l.Values)
		if i == 0 {
			first, known = len(values), err == nil
		}
		switch at := fmt.Sprintf("%s.zip[%d].values", key, i); {
		case err != nil:
			errs = append(errs, diag.Field(at, err.Error(), acceptedRanges))
		case known && (len(values) != first || len(values) == 0):
			errs = append(errs, diag.Field(at, fmt.Sprintf("it has %d values, the first path has %d", len(values), first), "as many for each path, at least one"))
		}
	}
	return errs
}

// sets lists what the axis changes at each of its places.
func (a Axis) sets(origin string) ([][]config.Override, error) {
	if len(a.Points) > 0 {
		out := make([][]config.Override, len(a.Points))
		for i, set := range a.Points {
			for _, text := range set {
				o, err := config.ParseOverride(text, origin)
				if err != nil {
					return nil, err
				}
				out[i] = append(out[i], o)
			}
		}
		return out, nil
	}
	lines := a.Zip
	if len(lines) == 0 {
		lines = []PathValues{{a.Path, a.Values}}
	}
	var out [][]config.Override
	for k, l := range lines {
		values, err := each(l.Values)
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", origin, l.Path, err)
		}
		if k == 0 {
			out = make([][]config.Override, len(values))
		}
		for i, v := range values {
			out[i] = append(out[i], config.Override{Path: l.Path, Value: string(v), Origin: origin})
		}
	}
	return out, nil
}

// has reports whether an axis sets a path.
func (f *File) has(path string) bool {
	return slices.ContainsFunc(f.Axes, func(a Axis) bool {
		return a.Path == path || slices.ContainsFunc(a.Zip, func(l PathValues) bool { return l.Path == path }) ||
			slices.ContainsFunc(slices.Concat(a.Points...), func(text string) bool {
				o, err := config.ParseOverride(text, "")
				return err == nil && o.Path == path
			})
	})
}
