package models

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"satsim/internal/config"
	"satsim/workloads/network"
	"satsim/workloads/onnx"
	"satsim/workloads/recipe"
	"satsim/workloads/scalesim"
	"satsim/workloads/transformers"
)

// Foreign reports whether a network is in a format of somebody else: an ONNX model, a SCALE-Sim topology or a config.json of transformers.
func Foreign(name string) bool {
	return slices.Contains([]string{".onnx", ".csv", ".json"}, strings.ToLower(filepath.Ext(name)))
}

// Options are what such a file does not say.
type Options struct {
	onnx.Options
	Sequence int64 // tokens a sample of a config.json's language model; 0: its default
}

// Imported is what was understood of such a file.
type Imported struct {
	Description *network.Description
	Roles       []onnx.Role // of an ONNX file's initialisers that are no layer's weight
}

// Import reads such a file. Overrides that name an extent which an ONNX file leaves open, or a model's sequence, give its value; the others are
// handed back.
func Import(path string, o Options, set []config.Override) (*Imported, []config.Override, error) {
	if o.Name == "" {
		o.Name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	var i *Imported
	var err error
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		i, err = importTopology(path, o.Options)
	case ".json":
		i, set, err = importConfig(path, o, set)
	default:
		i, set, err = importONNX(path, o.Options, set)
	}
	if file := (*fs.PathError)(nil); errors.As(err, &file) && err == error(file) { // which names the file
		return nil, nil, fmt.Errorf("reading the network file: %w", err)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return i, set, nil
}

// topology reads a file of SCALE-Sim.
func topology(path string) (*scalesim.Topology, error) {
	text, err := config.Read(path, config.Model)
	if err != nil {
		return nil, err
	}
	return scalesim.Read(bytes.NewReader(text))
}

// HasRecipe reports whether a network's file says how it is pruned: a topology of SCALE-Sim with a sparsity column. What cannot be read is told by who loads it.
func HasRecipe(path string) bool {
	if !strings.EqualFold(filepath.Ext(path), ".csv") {
		return false
	}
	t, err := topology(path)
	return err == nil && slices.ContainsFunc(t.Sparsity(), func(r scalesim.RatioCount) bool { return !r.Ratio.IsDense() })
}

// topologyRecipe is the sparsity of a topology's rows.
func topologyRecipe(path string) (recipe.Recipe, error) {
	t, err := topology(path)
	if err != nil {
		return recipe.Recipe{}, fmt.Errorf("recipe %s: %w", path, err)
	}
	r, err := t.Recipe(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)))
	if err != nil {
		return r, fmt.Errorf("recipe %s: %w", path, err)
	}
	return r, nil
}

func importTopology(path string, o onnx.Options) (*Imported, error) {
	t, err := topology(path)
	if err != nil {
		return nil, err
	}
	g, err := t.Graph(o.Name, max(o.Batch, 1))
	if err != nil {
		return nil, err
	}
	d, err := network.Describe(g)
	return &Imported{Description: d}, err
}

func importConfig(path string, o Options, set []config.Override) (*Imported, []config.Override, error) {
	text, err := config.Read(path, config.Model)
	if err != nil {
		return nil, nil, err
	}
	var rest []config.Override
	for _, v := range set {
		n, err := strconv.ParseInt(v.Value, 10, 64)
		if v.Path != "sequence" || err != nil || n < 1 {
			rest = append(rest, v)
			continue
		}
		o.Sequence = n
	}
	d, err := transformers.Import(text, transformers.Options{Name: o.Name, Batch: o.Batch, Sequence: o.Sequence})
	return &Imported{Description: d}, rest, err
}

func importONNX(path string, o onnx.Options, set []config.Override) (*Imported, []config.Override, error) {
	f, size, err := config.Open(path, config.Weights)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	m, err := onnx.Read(f, size)
	if err != nil {
		return nil, nil, err
	}
	dims := maps.Clone(o.Dims)
	if dims == nil {
		dims = map[string]int64{}
	}
	open := m.OpenExtents()
	var rest []config.Override
	for _, v := range set {
		if !slices.Contains(open, v.Path) {
			rest = append(rest, v)
			continue
		}
		if dims[v.Path], err = strconv.ParseInt(v.Value, 10, 64); err != nil || dims[v.Path] < 1 {
			return nil, nil, fmt.Errorf("%s: network.%s=%s: a whole number from 1 is accepted", v.Origin, v.Path, v.Value)
		}
	}
	o.Dims = dims
	i, err := m.Import(o)
	if err != nil {
		return nil, nil, err
	}
	return &Imported{i.Description, i.Roles}, rest, nil
}
