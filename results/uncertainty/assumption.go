package uncertainty

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"satsim/internal/config"
	"satsim/internal/param"
	"satsim/internal/sensitivity"
)

// Assumption is an input that may be other than its default.
type Assumption struct {
	Name    string // the path of an override, or what it is
	Default string
	May     string // be in words
	Why     string
	Prices  bool // of energy: nothing else depends on it
	Rival   bool // of the dense-only machine: nothing else depends on it

	values []value // that are counted, worst or least first; none: all of a range
	home   int     // place of the default among them
	low    float64 // of a range around 1
	high   float64
	at     func(x float64) value // of a range
	apply  func(*draw, value)
}

// value that an assumption takes.
type value struct {
	text  string
	score float64 // as a number, for fits
}

// draw is what a point assumes.
type draw struct {
	set       []config.Override
	batch     float64 // times the network's own
	denseOnly float64 // clock of the dense-only machine over this one's
	end       string  // of estimates, at which resources are equal
}

// origin of overrides in errors.
const origin = "uncertainty"

// value at a place between 0 and 1 of the odds.
func (a *Assumption) value(u float64) value {
	if n := len(a.values); n > 0 {
		switch {
		case a.home == 0 || a.home == n-1:
			return a.values[min(int(u*float64(n)), n-1)]
		case u < 0.25:
			return a.values[min(int(4*u*float64(a.home)), a.home-1)]
		case u < 0.75:
			return a.values[a.home]
		}
		return a.values[min(a.home+1+int((4*u-3)*float64(n-1-a.home)), n-1)]
	}
	return a.at(spread(a.low, a.high, u))
}

// spread is a number between low and high with 1 as its median, if that is inside.
func spread(low, high, u float64) float64 {
	switch {
	case low >= 1 || high <= 1:
		return low + (high-low)*u
	case u < 0.5:
		return low + (1-low)*2*u
	}
	return 1 + (high-1)*(2*u-1)
}

// standard is the default.
func (a *Assumption) standard() value {
	if len(a.values) > 0 {
		return a.values[a.home]
	}
	return a.at(1)
}

// grid is how many quantiles stand for a distribution.
const grid = 1000

// measure is the distribution of its scores.
func (a *Assumption) measure() sensitivity.Measure {
	m := make(sensitivity.Measure, grid)
	for i := range m {
		m[i] = a.value((float64(i) + 0.5) / grid).score
	}
	return m
}

// leaf is a parameter of a model: its value and its declaration, under the path of an override.
type leaf struct {
	path string
	of   reflect.Value
	param.Param
}

// leaves of a model that are in doubt. Keys of lists have none.
func leaves(prefix string, model any, declared []param.Param) (out []leaf) {
	v := reflect.ValueOf(model)
	for _, p := range declared {
		if !p.Doubt.Ranges() {
			continue
		}
		index, ok := config.Leaf(v.Type(), p.Key)
		if !ok {
			continue
		}
		out = append(out, leaf{prefix + p.Key, v.FieldByIndex(index), p})
	}
	return out
}

// assumption of a leaf, or none if its value leaves nothing open.
func (l *leaf) assumption() (a Assumption, ok bool) {
	a = Assumption{Name: l.path, Default: l.text(l.of), Why: l.Doubt.Why}
	a.apply = func(d *draw, v value) {
		d.set = append(d.set, config.Override{Path: l.path, Value: v.text, Origin: origin})
	}
	if d := &l.Doubt; len(d.Words) > 0 {
		a.home = slices.Index(d.Words, a.Default)
		for i := range a.home + 1 {
			a.values = append(a.values, value{d.Words[i], float64(i)})
		}
		a.May = "be " + join(d.Words[:max(0, a.home)])
		return a, a.home > 0
	}
	number := float64(l.of.Int())
	if number == 0 {
		return a, false
	}
	if d := &l.Doubt; len(d.Shares) > 0 {
		var texts []string
		for _, s := range d.Shares {
			x := number * s
			if x < 1 || x != math.Trunc(x) {
				continue
			}
			if s == 1 {
				a.home = len(a.values)
			}
			v := value{l.number(x), s}
			if a.values = append(a.values, v); s != 1 {
				texts = append(texts, v.text)
			}
		}
		a.May = "be " + join(texts)
		return a, len(a.values) > 1
	}
	// Whole megahertz, cycles as they are: nothing is known to a thousandth.
	unit := max(1, math.Pow(10, math.Floor(math.Log10(number))-2))
	round := func(x float64) float64 { return math.Round(number*x/unit) * unit }
	a.low, a.high = l.Doubt.Low, l.Doubt.High
	a.at = func(x float64) value { return value{l.number(round(x)), round(x) / number} }
	a.May = "be " + a.at(a.low).text + " to " + a.at(a.high).text
	return a, a.at(a.low) != a.at(a.high)
}

// text of a value as a file has it.
func (l *leaf) text(v reflect.Value) string {
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		if t, err := m.MarshalText(); err == nil {
			return string(t)
		}
	}
	return fmt.Sprint(v.Interface())
}

// number of the leaf's type as a file has it.
func (l *leaf) number(x float64) string {
	v := reflect.New(l.of.Type()).Elem()
	v.SetInt(int64(x))
	return l.text(v)
}

func join(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
	return strings.Join(words, "")
}

func times(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }
