package train

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"satsim/workloads/weights"
)

// place is where an array of the training lies in the world's layout: PyTorch's names and axes, [out, in, taps] of a weight.
type place struct {
	name   string
	shape  []int64
	values []float32
	matrix *matrix     // its order is turned; nil: as it is
	array  *ParamArray // of parameters; nil: statistics
}

// places are all arrays that a trained network consists of: parameters, and the running statistics of batch norms.
func (t *Trainer) places() []place {
	var out []place
	for _, p := range t.model.params {
		if p.inner {
			continue
		}
		name, shape := p.Name, []int64{int64(len(p.Master))}
		for _, n := range [][2]string{{".scale", ".weight"}, {".shift", ".bias"}, {".table", ".weight"}} {
			if layer, ok := strings.CutSuffix(name, n[0]); ok {
				name = layer + n[1]
			}
		}
		if p.rows > 0 {
			shape = []int64{p.rows, shape[0] / p.rows}
		}
		if m := p.matrix; m != nil {
			shape = append([]int64{m.Out * m.Groups, m.In}, m.taps...)
		}
		out = append(out, place{name, shape, p.Master, p.matrix, p})
	}
	for _, n := range t.model.norms {
		layer := strings.TrimSuffix(n.scale.Name, ".scale")
		out = append(out,
			place{name: layer + ".running_mean", shape: []int64{int64(len(n.runningMean))}, values: n.runningMean},
			place{name: layer + ".running_var", shape: []int64{int64(len(n.runningVar))}, values: n.runningVar})
	}
	return out
}

// each visits the elements of a weight: where one lies in our order (taps, inputs, outputs fastest) and in theirs (outputs, inputs, taps fastest).
func (m *matrix) each(visit func(ours, theirs int)) {
	taps, in, out := int(m.Taps), int(m.In), int(m.Out)
	ours := 0
	for g := range int(m.Groups) {
		for tap := range taps {
			for i := range in {
				for o := range out {
					visit(ours, ((g*out+o)*in+i)*taps+tap)
					ours++
				}
			}
		}
	}
}

// Export is the network as it is trained: dense FP32 masters, times their factors where they have some, statistics, and the masks of the next step's pruned copies, flat in the order of their weight
// (NAME.mask_ff, NAME.mask_bp).
func (t *Trainer) Export() []weights.Array {
	var out []weights.Array
	for _, p := range t.places() {
		a := weights.Array{Name: p.name, Shape: p.shape, Values: slices.Clone(p.values)}
		if m := p.matrix; m != nil {
			values := p.array.folded()
			m.each(func(ours, theirs int) { a.Values[theirs] = values[ours] })
		}
		out = append(out, a)
		if p.matrix == nil {
			continue
		}
		for suffix, mask := range map[string][]bool{".mask_bp": p.matrix.maskBP, ".mask_ff": p.matrix.maskFF} {
			if mask == nil {
				continue
			}
			bits := make([]bool, len(mask))
			p.matrix.each(func(ours, theirs int) { bits[theirs] = mask[ours] })
			out = append(out, weights.Array{Name: p.name + suffix, Shape: []int64{int64(len(mask))}, Mask: bits})
		}
	}
	slices.SortFunc(out, func(a, b weights.Array) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Init begins a training that has no step yet with given weights, all of the network's and no others, but for second names of what the file has anyway; masks
// are searched on them.
func (t *Trainer) Init(arrays []weights.Array) error {
	if t.state.Step > 0 {
		return errors.New("a training that has begun takes no other weights")
	}
	given := map[string]*weights.Array{}
	for i := range arrays {
		if arrays[i].Mask == nil {
			given[arrays[i].Name] = &arrays[i]
		}
	}
	var errs []error
	places := t.places()
	for _, p := range places {
		a, ok := given[p.name]
		delete(given, p.name)
		switch {
		case !ok:
			errs = append(errs, fmt.Errorf("%s %v is missing", p.name, p.shape))
		case !slices.Equal(a.Shape, p.shape):
			errs = append(errs, fmt.Errorf("%s is %v; the network has %v", p.name, a.Shape, p.shape))
		}
	}
	for i := range arrays {
		if given[arrays[i].Name] != nil && !arrays[i].Alias {
			errs = append(errs, fmt.Errorf("%s %v is no array of the network", arrays[i].Name, arrays[i].Shape))
		}
	}
	if len(errs) > 0 {
		return fmt.Errorf("the weights are of another network: %w", errors.Join(errs...))
	}
	for i := range arrays {
		given[arrays[i].Name] = &arrays[i]
	}
	for _, p := range places {
		a := given[p.name]
		if p.matrix == nil {
			copy(p.values, a.Values)
			continue
		}
		p.matrix.each(func(ours, theirs int) { p.values[ours] = a.Values[theirs] })
		p.matrix.maskFF, p.matrix.maskBP = nil, nil
	}
	t.begin()
	return nil
}
