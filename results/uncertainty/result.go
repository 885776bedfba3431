package uncertainty

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"satsim/internal/sensitivity"
	"satsim/results/store"
)

// Output is a figure that is in doubt.
type Output struct {
	Name, Means string
	Of          func(*Figures) float64
	joules      bool // prices matter
	rival       bool // the dense-only machine does
}

// Outputs lists all.
func Outputs() []Output {
	return []Output{
		{Name: "time", Means: "of a sample, relative to the defaults'", Of: func(f *Figures) float64 { return f.Time }},
		{Name: "speed-up", Means: "over dense training on the same machine", Of: func(f *Figures) float64 { return f.Speedup }},
		{Name: "same resources", Means: "speed-up over the best dense-only machine of the same resources", Of: func(f *Figures) float64 { return f.Resources }, rival: true},
		{Name: "energy", Means: "joules of dense training over the recipe's, same machine", Of: func(f *Figures) float64 { return f.Energy }, joules: true},
	}
}

// Distribution of an output.
type Distribution struct {
	Default          float64
	Low, Median, Top float64 // at 5, 50 and 95 %
	Reaches          float64 // share at or above the figure that was given
	ReachesError     float64
}

// Result of a study.
type Result struct {
	Study   *Study
	Figure  float64 // whose probability is asked for
	Names   []string
	Default []Figures               // a network each, then the mean
	Joint   [][]Figures             // of the points that could be simulated, likewise
	Drawn   []int                   // which points those are
	Left    int                     // points left out
	Reason  error                   // of the first
	Effects []*sensitivity.Analysis // of each output, over the networks' mean; nil: too few points
	Alone   []Ends[*Figures]        // of each assumption: the mean; nil where it could not be simulated
}

// Folds of an analysis, and what it fits.
const folds = 10

func fitted() sensitivity.Options {
	return sensitivity.Options{Degree: 3, Norm: 0.75, Together: 2, Folds: folds}
}

// Fewest points from which effects are told.
const Fewest = 4 * folds

// Read makes the result of a study of what the store has. All of its points have to be there.
func (s *Study) Read(ctx context.Context, kept *store.Store, by store.Origin, figure float64) (*Result, error) {
	list, err := kept.List(ctx, by)
	if err != nil {
		return nil, err
	}
	points := reader{}
	for i := range list {
		points[list[i].Key()] = &list[i]
	}
	seconds, err := points.all(&s.standard, nil)
	if err != nil {
		return nil, fmt.Errorf("with all assumptions at their defaults: %w", err)
	}
	r := &Result{Study: s, Figure: figure, Names: append(slices.Clone(s.Networks), "mean")}
	if r.Default, err = points.all(&s.standard, seconds); err != nil {
		return nil, err
	}
	for i := range s.joint {
		f, err := points.all(&s.joint[i], seconds)
		if errors.Is(err, errMissing) {
			return nil, err
		}
		if err != nil {
			if r.Left++; r.Reason == nil {
				r.Reason = err
			}
			continue
		}
		r.Joint, r.Drawn = append(r.Joint, f), append(r.Drawn, i)
	}
	for i := range s.alone {
		var e Ends[*Figures]
		for _, side := range []struct {
			row *row
			to  **Figures
		}{{&s.alone[i].Least, &e.Least}, {&s.alone[i].Most, &e.Most}} {
			f, err := points.all(side.row, seconds)
			if errors.Is(err, errMissing) {
				return nil, err
			}
			if err == nil {
				*side.to = &f[len(f)-1]
			}
		}
		r.Alone = append(r.Alone, e)
	}
	return r, r.analyse()
}

// analyse tells effects on the networks' mean.
func (r *Result) analyse() error {
	if len(r.Joint) < Fewest {
		return nil
	}
	mean := len(r.Names) - 1
	for _, o := range Outputs() {
		inputs := r.Study.inputs(&o)
		measures := make([]sensitivity.Measure, len(inputs))
		for k, i := range inputs {
			measures[k] = r.Study.Assumptions[i].measure()
		}
		var x [][]float64
		var y []float64
		for p, at := range r.Drawn {
			scores := make([]float64, len(inputs))
			for k, i := range inputs {
				scores[k] = r.Study.joint[at].values[i].score
			}
			v := o.Of(&r.Joint[p][mean])
			if math.IsNaN(v) {
				break
			}
			x, y = append(x, scores), append(y, v)
		}
		if len(y) < len(r.Drawn) { // nothing is priced
			r.Effects = append(r.Effects, nil)
			continue
		}
		a, err := sensitivity.Analyse(x, measures, y, fitted())
		if err != nil {
			return fmt.Errorf("effects on %s: %w", o.Name, err)
		}
		r.Effects = append(r.Effects, a)
	}
	return nil
}

// Sorted values of an output for a network, or the mean.
func (r *Result) Sorted(o Output, network int) []float64 {
	var out []float64
	for i := range r.Joint {
		out = append(out, o.Of(&r.Joint[i][network]))
	}
	slices.Sort(out)
	return out
}

// Distribution of an output for a network, or the mean.
func (r *Result) Distribution(o Output, network int) Distribution {
	d := Distribution{Default: o.Of(&r.Default[network]), Low: math.NaN(), Median: math.NaN(), Top: math.NaN(), Reaches: math.NaN(), ReachesError: math.NaN()}
	sorted := r.Sorted(o, network)
	if len(sorted) == 0 || math.IsNaN(sorted[0]) {
		return d
	}
	at := func(p float64) float64 { return stat.Quantile(p, stat.LinInterp, sorted, nil) }
	d.Low, d.Median, d.Top = at(0.05), at(0.5), at(0.95)
	n, reach := float64(len(sorted)), 0.0
	for _, x := range sorted {
		if x >= r.Figure {
			reach++
		}
	}
	d.Reaches = reach / n
	d.ReachesError = math.Sqrt(d.Reaches * (1 - d.Reaches) / n)
	return d
}

// Effect of an assumption on an output, and whether it is known.
func (r *Result) Effect(output, assumption int) (sensitivity.Index, bool) {
	if r.Effects == nil || r.Effects[output] == nil {
		return sensitivity.Index{}, false
	}
	k := slices.Index(r.Study.inputs(&Outputs()[output]), assumption)
	if k < 0 {
		return sensitivity.Index{}, false
	}
	return r.Effects[output].Inputs[k], true
}
