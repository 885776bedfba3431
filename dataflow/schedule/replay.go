package schedule

import (
	"errors"
	"fmt"
	"strings"

	"satsim/dataflow"
	"satsim/internal/config"
	"satsim/internal/diag"
)

// Decode reads a schedule file.
func Decode(src config.Source) (*File, error) {
	var f File
	return &f, config.Decode(src, kind, &f)
}

// Replay gives the products of a plan the words of a schedule file. A word that does not fit the hardware or the network is refused where it
// stands in the file. So is a file that was made for something else, unless anything goes.
func Replay(src config.Source, p *dataflow.Plan, made MadeFor, anything bool) error {
	f := File{check: func(f *File) error {
		if !anything {
			if err := f.madeFor(made); err != nil {
				return err
			}
		}
		return f.choose(p)
	}}
	return config.Decode(src, kind, &f)
}

// Validate implements what package config asks of a model.
func (f *File) Validate() error {
	var errs []error
	for i := range f.Groups {
		e := &f.Groups[i]
		switch e.Kind {
		case dataflow.ProductGroup:
			if e.Choice == nil {
				errs = append(errs, diag.Field(at(i, ""), "a product without a choice", "choice: {mode: ..., tile: ..., ...}"))
			}
		case dataflow.PassGroup, dataflow.UpdateGroup:
			if e.Choice != nil {
				errs = append(errs, diag.Field(at(i, "choice"), fmt.Sprintf("a choice for a group of kind %s", e.Kind), "choices of products"))
			}
		default:
			errs = append(errs, diag.Field(at(i, "kind"), fmt.Sprintf("%q is no kind of group", e.Kind), "product, pass, update"))
		}
	}
	if len(errs) == 0 && f.check != nil {
		errs = append(errs, f.check(f))
	}
	return errors.Join(errs...)
}

func at(group int, key string) string {
	return strings.TrimSuffix(fmt.Sprintf("groups[%d].%s", group, key), ".")
}

// madeFor compares hashes, and says which values differ if both sides list them.
func (f *File) madeFor(want MadeFor) error {
	got := f.MadeFor
	old, now := got.Values, want.Values
	if old == nil || now == nil {
		old, now = &Values{}, &Values{}
	}
	arch, r := standard()
	var errs []error
	for _, h := range []struct {
		key, what, got, want string
		old, now             []string
		standard             any
	}{
		{"arch", "architecture", got.Arch, want.Arch, old.Arch, now.Arch, arch},
		{"network", "network", got.Network, want.Network, old.Network, now.Network, struct{}{}},
		{"recipe", "recipe", got.Recipe, want.Recipe, old.Recipe, now.Recipe, r},
	} {
		if h.got == h.want {
			continue
		}
		usual, err := leaves(h.standard)
		if err != nil {
			return err
		}
		how, accepted := h.got, h.want
		if list := differences(h.old, h.now, usual); len(list) > 0 {
			how, accepted = strings.Join(list[:min(len(list), diag.Most)], ", "), ""
			if more := len(list) - diag.Most; more > 0 {
				how += fmt.Sprintf(" and %d more", more)
			}
		}
		errs = append(errs, diag.Field("made_for."+h.key, fmt.Sprintf("the schedule was made for another %s (%s)", h.what, how), accepted))
	}
	return errors.Join(errs...)
}

// choose gives every product of the plan its word.
func (f *File) choose(p *dataflow.Plan) error {
	if len(f.OnRead) > 0 {
		q, err := p.Fold(f.OnRead)
		if err != nil {
			return err
		}
		*p = *q
	}
	product := map[string]*dataflow.Group{}
	var labels []string
	for i := range p.Groups {
		if g := &p.Groups[i]; g.Kind == dataflow.ProductGroup {
			product[g.Label] = g
			labels = append(labels, g.Label)
		}
	}
	var errs []error
	given := map[string]bool{}
	for i := range f.Groups {
		e := &f.Groups[i]
		if e.Kind != dataflow.ProductGroup {
			continue
		}
		g := product[e.Label]
		switch {
		case g == nil:
			problem := fmt.Sprintf("the network has no product %q", e.Label)
			if near := diag.Nearest(e.Label, labels); near != "" {
				problem += "; nearest: " + near
			}
			errs = append(errs, diag.Field(at(i, "label"), problem, ""))
		case given[e.Label]:
			errs = append(errs, diag.Field(at(i, "label"), fmt.Sprintf("a second word for %s", e.Label), "one"))
		default:
			c, err := e.Choice.complete(g.Shape, &p.Spec)
			if err == nil {
				err = p.Choose(g, c)
			}
			if err != nil {
				errs = append(errs, misfit(i, err))
			}
		}
		given[e.Label] = true
	}
	for _, l := range labels {
		if !given[l] {
			errs = append(errs, diag.Field("groups", fmt.Sprintf("there is no word for %s", l), "a word for every product"))
		}
	}
	return errors.Join(errs...)
}

// misfit puts an error of a choice at its key.
func misfit(group int, err error) error {
	if f := (*diag.FieldError)(nil); errors.As(err, &f) && f.Key != "" {
		return diag.Field(at(group, "choice."+f.Key), f.Problem, f.Accepted)
	}
	return diag.Field(at(group, "choice"), err.Error(), "")
}
