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

// resource of an objective.
func (o Objective) resource() fpga.Resource {
	for r := range fpga.Resource(fpga.Resources) {
		if r.String() == string(o) {
			return r
		}
	}
	return fpga.Resources
}
