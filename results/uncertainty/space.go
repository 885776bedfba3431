package uncertainty

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"satsim/arch/energy"
	"satsim/arch/fpga"
	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/internal/param"
	"satsim/results/experiment/models"
	"satsim/results/sweep"
	"satsim/workloads/recipe"
)

// Question is what is asked.
type Question struct {
	Names    models.Names // without a network
	Networks []string
	Against  string // a recipe
	Before   []config.Override
}

// Space is the assumptions of a question.
type Space struct {
	Question
	Assumptions []Assumption

	resolve sweep.Resolver
}

// Names of the assumptions that are no key of a file.
const (
	batch     = "batch"
	denseOnly = "clock of the dense-only machine"
	equal     = "end of the estimates"
)

// NewSpace lists what is in doubt.
func NewSpace(q Question) (*Space, error) {
	if len(q.Networks) == 0 {
		return nil, errors.New("networks are missing; one or more are accepted")
	}
	s := &Space{Question: q, resolve: sweep.Load(q.Before)}
	m, err := s.resolve(s.selection(q.Networks[0], nil))
	if err != nil {
		return nil, err
	}
	if m.Baseline == nil {
		return nil, fmt.Errorf("recipe %s is its own baseline; a recipe to compare with another is accepted", m.Recipe.Name)
	}
	all := leaves("", m.Spec, spec.Declared())
	all = append(all, leaves("", m.Spec, param.Under("board", spec.DeclaredOfBoard()))...)
	all = append(all, leaves("recipe.", m.Recipe, recipe.Declared())...)
	for i := range all {
		if unbuilt(&m.Spec, all[i].path) {
			continue
		}
		if a, ok := all[i].assumption(); ok {
			s.Assumptions = append(s.Assumptions, a)
		}
	}
	s.Assumptions = append(append(s.Assumptions, beside()...), prices(m.Energy)...)
	return s, nil
}

// unbuilt reports whether a path is of a unit that the machine has not.
func unbuilt(s *spec.Spec, path string) bool {
	return s.Norm.Lanes == 0 && strings.HasPrefix(path, "norm.") || s.SORE.Lanes == 0 && strings.HasPrefix(path, "sore.")
}

// beside lists what is assumed and no key of a file.
func beside() []Assumption {
	shares := []float64{1. / 16, 1. / 8, 1. / 4, 1. / 2, 1}
	b := Assumption{
		Name: batch, Default: "the network's own", May: "be 1/16, 1/8, 1/4 or 1/2 of it", home: len(shares) - 1,
		Why:   "the paper's abstract names no batch; large ones hide the update",
		apply: func(d *draw, v value) { d.batch = v.score },
	}
	for _, x := range shares {
		b.values = append(b.values, value{times(x) + " times", x})
	}
	c := Assumption{
		Name: denseOnly, Rival: true, Default: "this machine's", May: "be up to 1.2 times as fast", low: 1, high: 1.2,
		Why:   "selectors and group registers lie in the paths of this machine and not in those of that one; neither was placed",
		at:    func(x float64) value { return value{times(x) + " times", x} },
		apply: func(d *draw, v value) { d.denseOnly = v.score },
	}
	e := Assumption{
		Name: equal, Rival: true, May: "be low, middle or high",
		Why:   "what an array takes of its FPGA is an interval, and so is what the same resources hold",
		apply: func(d *draw, v value) { d.end = v.text },
	}
	for i, end := range fpga.Ends() {
		if end == fpga.Middle {
			e.home, e.Default = i, end.String()
		}
		e.values = append(e.values, value{end.String(), float64(i)})
	}
	return []Assumption{b, c, e}
}

// prices of a table between their ends; entries of a group move together.
func prices(t *energy.Table) (out []Assumption) {
	at := map[string]int{}
	for _, e := range t.Entries {
		if e.Low == e.High {
			continue
		}
		name := "energy." + e.Group
		if e.Group == "" {
			name = "energy." + e.Action.String()
		}
		k, known := at[name]
		if !known {
			k = len(out)
			at[name] = k
			out = append(out, Assumption{
				Name: name, Default: "the table's", May: "be between the table's low and high", Prices: true, low: 0, high: 2,
				Why: "every entry of the table has its source, or its reason",
				at:  func(x float64) value { return value{times(x-1) + " of the way", x} },
			})
		}
		before := out[k].apply
		out[k].apply = func(d *draw, v value) {
			if before != nil {
				before(d, v)
			}
			d.set = append(d.set, config.Override{Path: "energy." + e.Action.String() + ".value", Value: price(&e, v.score).String(), Origin: origin})
		}
	}
	return out
}

// price at 0 is the low end, at 1 the value, at 2 the high end.
func price(e *energy.Entry, x float64) energy.Amount {
	a := e.Value
	if x < 1 {
		a.Joules = e.Low.Joules + (e.Value.Joules-e.Low.Joules)*x
	} else {
		a.Joules += (e.High.Joules - e.Value.Joules) * (x - 1)
	}
	if a.Joules > 0 { // four digits, within the entry's own ends
		unit := math.Pow(10, math.Floor(math.Log10(a.Joules))-3)
		a.Joules = math.Round(a.Joules/unit) * unit
	}
	a.Joules = min(max(a.Joules, e.Low.Joules), e.High.Joules)
	return a
}

// selection of a network under some assumptions.
func (s *Space) selection(network string, set []config.Override) sweep.Selection {
	c := sweep.Selection{Names: s.Names, Against: s.Against, Set: set}
	c.Network = network
	return c
}

// named values of a point, in the order of the assumptions.
func (s *Space) draw(values []value) draw {
	d := draw{batch: 1, denseOnly: 1}
	for i := range s.Assumptions {
		if a := &s.Assumptions[i]; values[i] != a.standard() || a.Name == equal {
			a.apply(&d, values[i])
		}
	}
	return d
}

// standards are the values of all defaults.
func (s *Space) standards() []value {
	out := make([]value, len(s.Assumptions))
	for i := range out {
		out[i] = s.Assumptions[i].standard()
	}
	return out
}

// inputs are the places of assumptions that an output may depend on.
func (s *Space) inputs(o *Output) (out []int) {
	for i := range s.Assumptions {
		if a := &s.Assumptions[i]; (!a.Prices || o.joules) && (!a.Rival || o.rival) {
			out = append(out, i)
		}
	}
	return out
}

// with is values with one other.
func with(values []value, at int, v value) []value {
	out := slices.Clone(values)
	out[at] = v
	return out
}
