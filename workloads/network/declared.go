package network

import (
	"fmt"
	"slices"
	"strings"

	"satsim/internal/param"
)

// Declared are the keys of a file of kind network, each once.
func Declared() []param.Param {
	const expr = "expressions over parameters"
	in := func(key, unit string, accepted param.Range, meaning string) param.Param {
		return param.Of(key, nil, unit, accepted, meaning, "the file")
	}
	of := func(key, unit, accepted, meaning string) param.Param {
		return in(key, unit, param.Says(accepted), meaning)
	}
	name, word := param.Checked("1 to 200 characters without blanks", isName), param.Checked("letters, digits and _", isParam)
	pair := param.Sizes("one for both, or height, width", 1, 2)
	var ops []string
	for _, op := range Ops() {
		ops = append(ops, string(op))
	}
	parameters := func(prefix string) []param.Param {
		return []param.Param{
			in(prefix+"name", "name", word, "of a parameter, which expressions use"),
			of(prefix+"value", "whole number", expr+" before it", "of the parameter, unless overridden"),
			in(prefix+"choices", "names", word, "of its values, 0 for the first"),
			of(prefix+"note", "text", "any", "what it is"),
		}
	}
	layers := func(prefix string) []param.Param {
		return []param.Param{
			in(prefix+"name", "name", name, "of a layer"),
			in(prefix+"op", "word", param.OneOf(ops...).OrNone(), "what it computes; or block"),
			of(prefix+"block", "name", "a block of this file", "whose layers stand here; or op"),
			of(prefix+"args[].name", "name", "a parameter of the block", "which gets a value"),
			of(prefix+"args[].value", "whole number", expr, "that it gets"),
			of(prefix+"input", "names", "one, or a list", "of the tensors it is given; none: the layer before"),
			of(prefix+"repeat", "times", expr, "that the layer stands in a row"),
			of(prefix+"when", "switch", expr, "0: the layer hands on its first input"),
			of(prefix+"channels", "channels", expr, "that come out; of a group_norm: its scales, where they are one a group"),
			of(prefix+"rows", "rows", expr, "of an embedding's table"),
			in(prefix+"kernel", "elements", pair, "of a window"),
			in(prefix+"stride", "elements", pair, "between windows"),
			in(prefix+"dilation", "elements", pair, "between the elements of a window"),
			in(prefix+"pads", "elements", param.Sizes("one, or height, width, or top, left, bottom, right", 1, 2, 4), "of zeros around the input"),
			of(prefix+"groups", "groups", expr, "of channels that do not mix"),
			of(prefix+"bias", "switch", "true or false", "a bias is added"),
			of(prefix+"transpose_b", "switch", "true or false", "the second factor is transposed"),
			of(prefix+"causal", "switch", "true or false", "of a softmax: row i has its first i+1 columns alone; for training, the cost is the same"),
			of(prefix+"weight", "name", "a layer with a weight of that shape", "whose weight is used"),
			of(prefix+"vector", "name", "a layer with a bias, scale and shift, or slope of that size", "whose is used"),
			of(prefix+"shape", "elements", expr, "that the tensor is viewed as"),
			of(prefix+"axes", "axes", expr, "in their new order, or worked on"),
			of(prefix+"axis", "axis", expr, "worked on"),
			of(prefix+"start", "elements", expr, "where a slice begins"),
			of(prefix+"size", "elements", expr, "of a slice"),
		}
	}
	return slices.Concat(
		[]param.Param{
			of("name", "name", "any", "of the network"),
			of("note", "text", "any; {batch} stands for the parameter's value", "what every report must state"),
			in("samples", "samples", param.AtLeast(0, ""), "of the training set, for the length of an epoch; 0: it depends on the use"),
			in("inputs[].name", "name", name, "of a tensor that the network is given"),
			of("inputs[].shape", "elements", expr, "of that tensor"),
			of("inputs[].indices", "switch", "true or false", "it holds indices of rows, no numbers"),
			in("blocks[].name", "name", param.Text("a name of its own"), "of layers that can be used as one"),
		},
		parameters("params[]."), parameters("blocks[].params[]."), layers("layers[]."), layers("blocks[].layers[]."),
	)
}

// isName accepts names of layers and tensors.
func isName(text string) error {
	if text == "" || len(text) > maxExpr || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 127 }) {
		return fmt.Errorf("%q is no name", text)
	}
	return nil
}

// isParam accepts names that expressions can have.
func isParam(text string) error {
	ok := text != "" && (text[0] < '0' || text[0] > '9')
	for i := range len(text) {
		ok = ok && isWord(text[i])
	}
	if !ok {
		return fmt.Errorf("%q is no name", text)
	}
	return nil
}
