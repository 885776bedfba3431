package explore

import (
	"errors"
	"fmt"
	"slices"

	"satsim/arch/energy"
	"satsim/arch/fpga"
)

// Corner is which end of intervals counts, of resources and of joules.
type Corner string

// The corners.
const (
	Low    Corner = "low"
	Middle Corner = "middle"
	High   Corner = "high"
)

// joules of an interval.
func (c Corner) joules(i energy.Interval) float64 {
	switch c {
	case Low:
		return i.Low
	case Middle:
		return i.Value
	case High:
	}
	return i.High
}

// of a range.
func (c Corner) of(r fpga.Range) int64 {
	switch c {
	case Low:
		return r.Low
	case Middle:
		return r.Mid()
	case High:
	}
	return r.High
}

// ParseCorner reads one.
func ParseCorner(text string) (Corner, error) {
	switch c := Corner(text); c {
	case Low, Middle, High:
		return c, nil
	}
	return "", fmt.Errorf("corner %q; low, middle and high are accepted", text)
}

// Objective is what is made small.
type Objective string

// Those that are no resource: seconds, and joules, of a step, and the error of what is learned, 1 - accuracy.
const (
	Time     Objective = "time"
	Energy   Objective = "energy"
	Accuracy Objective = "accuracy"
)

// Objectives lists all.
func Objectives() []Objective {
	out := []Objective{Time, Energy, Accuracy}
	for r := range fpga.Resource(fpga.Resources) {
		out = append(out, Objective(r.String()))
	}
	return out
}

// ParseObjectives reads a list; the first one is what the search goes by.
func ParseObjectives(texts []string) ([]Objective, error) {
	var out []Objective
	for _, t := range texts {
		o := Objective(t)
		switch {
		case !slices.Contains(Objectives(), o):
			return nil, fmt.Errorf("objective %q; %v are accepted", t, Objectives())
		case slices.Contains(out, o):
			return nil, fmt.Errorf("objective %s is given twice", t)
		}
		out = append(out, o)
	}
	if len(out) == 0 || out[0] != Time {
		return nil, errors.New("the first objective is not time; that of others no design is needed to know")
	}
	return out, nil
}

// All is the work of a Column that is of all works: their mean.
const All = -1

// Column is a value that is made small: an objective, of one work or of all. Designs have their values in the order of Columns.
type Column struct {
	Objective
	Work int // or All
}

// Columns of objectives over so many works. With each, time, energy and accuracy are columns of each work, else their means are.
func Columns(objectives []Objective, works int, each bool) (out []Column) {
	for _, o := range objectives {
		if o.resource() != fpga.Resources || works == 1 || !each {
			out = append(out, Column{o, All})
			continue
		}
		for w := range works {
			out = append(out, Column{o, w})
		}
	}
	return out
}

// Alone says which designs of a proven front are on the front that a work has by itself: by its columns and those of all works. Each value of that front is here: a design that is not has one
// here that is as good in every column. Designs that are alike there are on it together.
func Alone(front []Best, columns []Column, work int) []bool {
	own := make([][]float64, len(front))
	for i := range front {
		for k, c := range columns {
			if c.Work == work || c.Work == All {
				own[i] = append(own[i], front[i].Values[k])
			}
		}
	}
	out := make([]bool, len(front))
	for i, v := range own {
		out[i] = !slices.ContainsFunc(own, func(u []float64) bool { return within(u, v, 0) && !slices.Equal(u, v) })
	}
	return out
}

// resource of an objective.
func (o Objective) resource() fpga.Resource {
	for r := range fpga.Resource(fpga.Resources) {
		if r.String() == string(o) {
			return r
		}
	}
	return fpga.Resources
}
