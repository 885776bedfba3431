package network

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"satsim/internal/diag"
	"satsim/internal/param"
)

// Description is a network as its file says it: a graph with parameters, repetition and blocks.
type Description struct {
	Name string `yaml:"name" config:"required"`
	Note string `yaml:"note,omitempty"` // what every report must state; {batch} stands for the parameter's value
	// Samples in the training set, for the length of an epoch; 0 if that depends on the use.
	Samples int64       `yaml:"samples,omitempty"`
	Params  []Param     `yaml:"params,omitempty"`
	Inputs  []InputSpec `yaml:"inputs" config:"required"`
	Blocks  []Block     `yaml:"blocks,omitempty"`
	Layers  []LayerSpec `yaml:"layers" config:"required"`
}

// Param is a named whole number. With Choices its values are named, 0 for the first; the names can be used in
// expressions.
type Param struct {
	Name    string   `yaml:"name" config:"required"`
	Value   Expr     `yaml:"value,omitempty"` // over earlier parameters; a block's parameter may have none
	Choices []string `yaml:"choices,omitempty"`
	Note    string   `yaml:"note,omitempty"`
}

// InputSpec is a graph input; its extents are expressions.
type InputSpec struct {
	Name    string `yaml:"name" config:"required"`
	Shape   []Expr `yaml:"shape" config:"required"`
	Indices bool   `yaml:"indices,omitempty"`
}

// Block is a list of layers that can be used as one, with parameters. Its layers see their own names, `in` (what the
// block is given), and the network's inputs and parameters; its output is that of its last layer.
type Block struct {
	Name   string      `yaml:"name" config:"required"`
	Params []Param     `yaml:"params,omitempty"`
	Layers []LayerSpec `yaml:"layers" config:"required"`
}

// Arg gives a block's parameter a value.
type Arg struct {
	Name  string `yaml:"name" config:"required"`
	Value Expr   `yaml:"value" config:"required"`
}

// LayerSpec is a layer: an operator or a block. Input defaults to the layer before. Repeat makes layers name.0, name.1,
// ..., each fed by the one before it; `index` counts them. A layer whose When is 0 hands on its first input.
type LayerSpec struct {
	Name   string      `yaml:"name" config:"required"`
	Op     Op          `yaml:"op,omitempty"`
	Block  string      `yaml:"block,omitempty"`
	Args   []Arg       `yaml:"args,omitempty"`
	Input  TensorNames `yaml:"input,omitempty"`
	Repeat Expr        `yaml:"repeat,omitempty"`
	When   Expr        `yaml:"when,omitempty"`

	Channels   Expr   `yaml:"channels,omitempty"`
	Rows       Expr   `yaml:"rows,omitempty"`
	Kernel     Exprs  `yaml:"kernel,omitempty"`   // one for both, or height, width
	Stride     Exprs  `yaml:"stride,omitempty"`   // likewise
	Dilation   Exprs  `yaml:"dilation,omitempty"` // likewise
	Pads       Exprs  `yaml:"pads,omitempty"`     // one for all, or height, width, or top, left, bottom, right
	Groups     Expr   `yaml:"groups,omitempty"`
	Bias       bool   `yaml:"bias,omitempty"`
	TransposeB bool   `yaml:"transpose_b,omitempty"`
	Causal     bool   `yaml:"causal,omitempty"`
	Weight     string `yaml:"weight,omitempty"`
	Vector     string `yaml:"vector,omitempty"`
	Shape      []Expr `yaml:"shape,omitempty"`
	Axes       []Expr `yaml:"axes,omitempty"`
	Axis       Expr   `yaml:"axis,omitempty"`
	Start      Expr   `yaml:"start,omitempty"`
	Size       Expr   `yaml:"size,omitempty"`
}

// Exprs are expressions, written as a list or, if there is one, alone.
type Exprs []Expr

// UnmarshalText reads one expression.
func (e *Exprs) UnmarshalText(b []byte) error {
	var one Expr
	if err := one.UnmarshalText(b); err != nil {
		return err
	}
	*e = Exprs{one}
	return nil
}

// TensorNames are tensors, written as a list or, if there is one, alone.
type TensorNames []string

// UnmarshalText reads one name.
func (n *TensorNames) UnmarshalText(b []byte) error {
	*n = TensorNames{string(b)}
	return nil
}

// indexName counts the instances of a repeated layer; inName is what a block is given.
const (
	indexName = "index"
	inName    = "in"
)

// SetParam gives a parameter another value.
func (d *Description) SetParam(name string, value int64) error {
	return d.Set(name, string(number(value)))
}

// Set gives a parameter another value from text: a whole number, an expression, or the name of a choice.
func (d *Description) Set(name, value string) error {
	var known []string
	for i := range d.Params {
		p := &d.Params[i]
		if p.Name != name {
			known = append(known, "network."+p.Name)
			continue
		}
		old := p.Value
		if err := p.Value.UnmarshalText([]byte(value)); err != nil {
			return fmt.Errorf("network.%s: %w", name, err)
		}
		if _, err := d.values(); err != nil {
			p.Value = old
			return fmt.Errorf("setting network.%s to %s: %w", name, value, err)
		}
		return nil
	}
	return &diag.Error{
		Path: "network." + name, Problem: "network " + d.Name + " has no such parameter",
		Accepted: strings.Join(known, ", "), Nearest: diag.Nearest("network."+name, known),
	}
}

// Value is a parameter's value.
func (d *Description) Value(name string) (int64, error) {
	vars, err := d.values()
	if err != nil {
		return 0, err
	}
	if v, ok := vars[name]; ok {
		return v, nil
	}
	return 0, fmt.Errorf("network %s has no parameter %s", d.Name, name)
}

// values evaluates the parameters in order; choices are constants.
func (d *Description) values() (map[string]int64, error) {
	vars := map[string]int64{}
	for _, p := range d.Params {
		for i, c := range p.Choices {
			vars[c] = int64(i)
		}
	}
	for _, p := range d.Params {
		v, err := p.Value.eval(lookup(vars))
		if err != nil {
			return nil, fmt.Errorf("params[%s].value: %w", p.Name, err)
		}
		if len(p.Choices) > 0 && (v < 0 || v >= int64(len(p.Choices))) {
			return nil, fmt.Errorf("params[%s].value: %d is none of %s", p.Name, v, strings.Join(p.Choices, ", "))
		}
		vars[p.Name] = v
	}
	return vars, nil
}

func lookup(vars map[string]int64) func(string) (int64, bool) {
	return func(name string) (int64, bool) {
		v, ok := vars[name]
		return v, ok
	}
}

// Validate checks what can be checked before expansion: names, operators and their keys, and that expressions use known
// parameters. That the shapes fit is found by Graph.
func (d *Description) Validate() error {
	errs := []error{param.Validate(d, Declared())}
	global := map[string]bool{}
	errs = append(errs, params("params", d.Params, global, true)...)
	if errors.Join(errs...) == nil {
		if _, err := d.values(); err != nil {
			errs = append(errs, diag.Field("params", err.Error(), ""))
		}
	}
	taken := map[string]bool{}
	if len(d.Inputs) == 0 {
		errs = append(errs, diag.Field("inputs", "the list is empty", "at least one input"))
	}
	for i, in := range d.Inputs {
		key := fmt.Sprintf("inputs[%d]", i)
		errs = append(errs, fresh(key, in.Name, taken)...)
		errs = append(errs, known(key+".shape", global, in.Shape...)...)
	}
	blocks := map[string]*Block{}
	for i := range d.Blocks {
		b := &d.Blocks[i]
		key := fmt.Sprintf("blocks[%d]", i)
		if blocks[b.Name] != nil {
			errs = append(errs, diag.Field(key+".name", fmt.Sprintf("%q is taken", b.Name), "a name of its own"))
		}
		names := map[string]bool{}
		for g := range global {
			names[g] = true
		}
		errs = append(errs, params(key+".params", b.Params, names, false)...)
		errs = append(errs, layers(key+".layers", b.Layers, names, blocks)...)
		blocks[b.Name] = b
	}
	errs = append(errs, layers("layers", d.Layers, global, blocks)...)
	return errors.Join(errs...)
}

// fresh reports a name that is taken.
func fresh(key, name string, taken map[string]bool) []error {
	defer func() { taken[name] = true }()
	if taken[name] || name == inName {
		return []error{diag.Field(key+".name", fmt.Sprintf("%q is taken", name), "a name of its own")}
	}
	return nil
}

// params checks a list of parameters and adds their names to those that are known.
func params(key string, list []Param, names map[string]bool, needValue bool) []error {
	var errs []error
	add := func(at, name string) {
		if names[name] || name == indexName {
			errs = append(errs, diag.Field(at, fmt.Sprintf("%q is taken", name), "a name of its own"))
		}
		names[name] = true
	}
	for i, p := range list {
		at := fmt.Sprintf("%s[%d]", key, i)
		for j, c := range p.Choices {
			add(fmt.Sprintf("%s.choices[%d]", at, j), c)
		}
		if p.Value == "" && needValue {
			errs = append(errs, diag.Field(at+".value", "it is missing", "a whole number or an expression"))
		}
		errs = append(errs, known(at+".value", names, p.Value)...)
		add(at+".name", p.Name)
	}
	return errs
}

// known reports names in expressions that are no parameters.
func known(key string, names map[string]bool, list ...Expr) []error {
	var errs []error
	for _, e := range list {
		if e == "" {
			continue
		}
		t, err := parseExpr(string(e))
		if err != nil {
			errs = append(errs, diag.Field(key, err.Error(), ""))
			continue
		}
		t.names(func(n string) {
			if !names[n] {
				var all []string
				for k := range names {
					all = append(all, k)
				}
				slices.Sort(all)
				near := diag.Nearest(n, all)
				if near != "" {
					near = "; nearest: " + near
				}
				errs = append(errs, diag.Field(key, fmt.Sprintf("%s is no parameter here", n), strings.Join(all, ", ")+near))
			}
		})
	}
	return errs
}
