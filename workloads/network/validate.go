package network

import (
	"fmt"
	"slices"
	"strings"

	"satsim/internal/diag"
)

// layers checks a list of layers: each is a known operator with its own keys, or a known block with its parameters.
func layers(key string, list []LayerSpec, names map[string]bool, blocks map[string]*Block) []error {
	var errs []error
	taken := map[string]bool{}
	if len(list) == 0 {
		errs = append(errs, diag.Field(key, "the list is empty", "at least one layer"))
	}
	for i, l := range list {
		at := fmt.Sprintf("%s[%d]", key, i)
		errs = append(errs, fresh(at, l.Name, taken)...)
		vars := names
		if l.Repeat != "" {
			errs = append(errs, known(at+".repeat", names, l.Repeat)...)
			vars = map[string]bool{indexName: true}
			for n := range names {
				vars[n] = true
			}
		}
		errs = append(errs, known(at+".when", vars, l.When)...)
		switch {
		case l.Op != "" && l.Block != "" || l.Op == "" && l.Block == "":
			errs = append(errs, diag.Field(at, "it has both an op and a block, or neither", "one of them"))
		case l.Op != "":
			errs = append(errs, l.checkOp(at, vars)...)
		default:
			errs = append(errs, l.checkBlock(at, vars, blocks)...)
		}
	}
	return errs
}

// attribute is one key of an operator.
type attribute struct {
	key  string
	list []Expr
	set  bool
}

func (l *LayerSpec) attributes() []attribute {
	one := func(key string, e Expr) attribute { return attribute{key, []Expr{e}, e != ""} }
	return []attribute{
		one("channels", l.Channels), one("rows", l.Rows),
		{"kernel", l.Kernel, l.Kernel != nil}, {"stride", l.Stride, l.Stride != nil},
		{"dilation", l.Dilation, l.Dilation != nil}, {"pads", l.Pads, l.Pads != nil},
		one("groups", l.Groups), {"bias", nil, l.Bias}, {"transpose_b", nil, l.TransposeB}, {"causal", nil, l.Causal},
		{"weight", nil, l.Weight != ""}, {"vector", nil, l.Vector != ""}, {"shape", l.Shape, l.Shape != nil}, {"axes", l.Axes, l.Axes != nil},
		one("axis", l.Axis), one("start", l.Start), one("size", l.Size),
	}
}

func (l *LayerSpec) checkOp(at string, vars map[string]bool) []error {
	var errs []error
	op, ok := operators[l.Op]
	if !ok {
		return nil // declared: a word that is none is reported
	}
	if len(l.Args) > 0 {
		errs = append(errs, diag.Field(at+".args", "an operator has no parameters", "its own keys"))
	}
	for _, a := range l.attributes() {
		if !a.set {
			continue
		}
		if !slices.Contains(op.fields, a.key) {
			errs = append(errs, diag.Field(at+"."+a.key, string(l.Op)+" has no such key", strings.Join(op.fields, ", ")))
		}
		errs = append(errs, known(at+"."+a.key, vars, a.list...)...)
	}
	return errs
}

func (l *LayerSpec) checkBlock(at string, vars map[string]bool, blocks map[string]*Block) []error {
	var errs []error
	for _, a := range l.attributes() {
		if a.set {
			errs = append(errs, diag.Field(at+"."+a.key, "a block has no such key", "args"))
		}
	}
	if len(l.Input) > 1 {
		errs = append(errs, diag.Field(at+".input", fmt.Sprintf("%d inputs", len(l.Input)), "one: a block has one input"))
	}
	b := blocks[l.Block]
	if b == nil {
		var all []string
		for n := range blocks {
			all = append(all, n)
		}
		slices.Sort(all)
		near := diag.Nearest(l.Block, all)
		if near != "" {
			near = "; nearest: " + near
		}
		return append(errs, diag.Field(at+".block", fmt.Sprintf("no earlier block is named %q", l.Block), strings.Join(all, ", ")+near))
	}
	given := map[string]bool{}
	for i, a := range l.Args {
		key := fmt.Sprintf("%s.args[%d]", at, i)
		var all []string
		for _, p := range b.Params {
			all = append(all, p.Name)
		}
		if !slices.Contains(all, a.Name) || given[a.Name] {
			errs = append(errs, diag.Field(key+".name", fmt.Sprintf("%q is no parameter of %s, or given twice", a.Name, b.Name),
				strings.Join(all, ", ")))
		}
		given[a.Name] = true
		errs = append(errs, known(key+".value", vars, a.Value)...)
	}
	for _, p := range b.Params {
		if p.Value == "" && !given[p.Name] {
			errs = append(errs, diag.Field(at+".args", fmt.Sprintf("block %s needs %s", b.Name, p.Name), ""))
		}
	}
	return errs
}
