package network

import (
	"slices"

	"satsim/internal/param"
)

// Declared are the keys of a file of kind network, each once.
func Declared() []param.Param {
	const expr = "expressions over parameters"
	of := func(key, unit, accepted, meaning string) param.Param {
		return param.Of(key, nil, unit, param.Says(accepted), meaning, "the file")
	}
	parameters := func(prefix string) []param.Param {
		return []param.Param{
			of(prefix+"name", "name", "a word", "of a parameter, which expressions use"),
			of(prefix+"value", "whole number", expr+" before it", "of the parameter, unless overridden"),
			of(prefix+"choices", "names", "a list", "of its values, 0 for the first"),
			of(prefix+"note", "text", "any", "what it is"),
		}
	}
	layers := func(prefix string) []param.Param {
		return []param.Param{
			of(prefix+"name", "name", "1 to 200 characters without blanks", "of a layer"),
			of(prefix+"op", "word", "an operator", "what it computes; or block"),
			of(prefix+"block", "name", "a block of this file", "whose layers stand here; or op"),
			of(prefix+"args[].name", "name", "a parameter of the block", "which gets a value"),
			of(prefix+"args[].value", "whole number", expr, "that it gets"),
			of(prefix+"input", "names", "one, or a list", "of the tensors it is given; none: the layer before"),
			of(prefix+"repeat", "times", expr, "that the layer stands in a row"),
			of(prefix+"when", "switch", expr, "0: the layer hands on its first input"),
			of(prefix+"channels", "channels", expr, "that come out"),
			of(prefix+"rows", "rows", expr, "of an embedding's table"),
			of(prefix+"kernel", "elements", "one for both, or height, width", "of a window"),
			of(prefix+"stride", "elements", "one for both, or height, width", "between windows"),
			of(prefix+"dilation", "elements", "one for both, or height, width", "between the elements of a window"),
			of(prefix+"pads", "elements", "one, or height, width, or top, left, bottom, right", "of zeros around the input"),
			of(prefix+"groups", "groups", expr, "of channels that do not mix"),
			of(prefix+"bias", "switch", "true or false", "a bias is added"),
			of(prefix+"transpose_b", "switch", "true or false", "the second factor is transposed"),
			of(prefix+"weight", "name", "a layer with a weight of that shape", "whose weight is used"),
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
			of("samples", "samples", "0 or more; 0: it depends on the use", "of the training set, for the length of an epoch"),
			of("inputs[].name", "name", "a name of its own", "of a tensor that the network is given"),
			of("inputs[].shape", "elements", expr, "of that tensor"),
			of("inputs[].indices", "switch", "true or false", "it holds indices of rows, no numbers"),
			of("blocks[].name", "name", "a name of its own", "of layers that can be used as one"),
		},
		parameters("params[]."), parameters("blocks[].params[]."), layers("layers[]."), layers("blocks[].layers[]."),
	)
}
