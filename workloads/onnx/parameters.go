package onnx

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"satsim/workloads/onnx/internal/file"
)

// Parameter is an initialiser of floating-point numbers under the name that the network has for it.
type Parameter struct {
	Name  string
	Dims  []int64
	Alias bool // an Identity gives an initialiser this name as well: exporters store equal arrays once
	// Turned says that its layer takes it as [inputs, outputs], where others take [outputs, inputs].
	Turned bool
	Stored
}

// Parameters lists the initialisers of floating-point numbers that have an axis, and the names that Identity nodes give them, in alphabetical order. A weight
// that nodes change before its layer takes it is an error, as its elements alone do not say what the network computes.
func (m *Model) Parameters() ([]Parameter, error) {
	turned, err := m.turned()
	if err != nil {
		return nil, err
	}
	var out []Parameter
	for _, name := range slices.Sorted(maps.Keys(m.initializers)) {
		t := m.initializers[name].tensor
		if !file.IsFloat(t.GetDataType()) || len(t.GetDims()) == 0 {
			continue
		}
		p := Parameter{Name: name, Dims: t.GetDims(), Turned: turned[name]}
		if _, ok := rowMajor(p.Dims); !ok {
			return nil, fmt.Errorf("initialiser %q: shape %v has no elements or too many", name, p.Dims)
		}
		if p.Stored, err = m.locate(name); err != nil {
			return nil, fmt.Errorf("initialiser %q: %w", name, err)
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, errors.New("it has no initialisers of floating-point numbers: was it exported without weights, or with constants in their place?")
	}
	return m.withAliases(out), nil
}

// withAliases adds the names that Identity nodes give to parameters.
func (m *Model) withAliases(list []Parameter) []Parameter {
	at := map[string]int{}
	for i := range list {
		at[list[i].Name] = i
	}
	for _, n := range m.nodes { // makers come before readers
		i, ok := at[n.Input(0)]
		if n.Op != "Identity" || len(n.Out) != 1 || !ok {
			continue
		}
		p := list[i]
		p.Name, p.Alias = n.Output(), true
		at[p.Name] = len(list)
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Parameter) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// turned are the weights of linear layers that are [inputs, outputs].
func (m *Model) turned() (map[string]bool, error) {
	list, _, err := m.Weights()
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for i := range list {
		w := &list[i]
		dims := m.stored(w.Tensor).tensor.GetDims()
		// Where neighbours of [groups and outputs, inputs, taps] lie.
		want := [...]int64{w.Shape.Out * w.Shape.In * w.Shape.Taps, 1, w.Shape.Taps, w.Shape.In * w.Shape.Taps}
		have := [...]int64{w.Strides.Group, w.Strides.Tap, w.Strides.In, w.Strides.Out}
		extent := [...]int64{w.Shape.Groups, w.Shape.Taps, w.Shape.In, w.Shape.Out}
		straight := w.Strides.Width == 0
		for a := range extent {
			straight = straight && (extent[a] == 1 || have[a] == want[a])
		}
		switch {
		case len(w.Scales) > 0:
			return nil, fmt.Errorf("weight %q of %s: nodes multiply it before its layer; one that layers take as it is stored is accepted", w.Tensor, w.Layer)
		case straight:
		case len(dims) == 2 && slices.Equal(dims, []int64{w.Shape.In, w.Shape.Out}):
			out[w.Tensor] = true
		default:
			return nil, fmt.Errorf("weight %q of %s: nodes move or cut its axes %v before its layer; [outputs, inputs, taps] of a convolution, and [outputs, inputs] or [inputs, outputs], are accepted", w.Tensor, w.Layer, dims)
		}
	}
	return out, nil
}
