package energy

import (
	"slices"

	"satsim/internal/param"
)

// Declared are the keys of a file of kind energy, each once.
func Declared() []param.Param {
	return slices.Concat([]param.Param{
		param.Of("name", nil, "name", param.Range{}, "of the table", "the file"),
		param.Of("note", nil, "text", param.Range{}, "what reports say of it", "the file"),
		param.Of("memory", nil, "list of words", param.Says("technologies of off-chip memory, such as ddr4-2400"), "what the entries of the off-chip memory are for; another memory is refused; none: any", "the file"),
	}, param.Under("entries[]", declaredOfEntry()))
}

func declaredOfEntry() []param.Param {
	const file = "the file: every entry has its source"
	return []param.Param{
		param.Of("action", nil, "word", param.Says("an action of a unit, such as stce.multiply"), "what is priced", file),
		param.Of("value", nil, "joules or watts", param.Says("an energy such as 1.2pJ, or a power such as 3W where the action is time"), "what one takes", file),
		param.Of("low", nil, "joules or watts", param.Says("at most the value"), "the least that one may take", file),
		param.Of("high", nil, "joules or watts", param.Says("at least the value"), "the most that one may take", file),
		param.Of("unit", nil, "word", param.Says("what the action counts"), "what the amounts are for", file),
		param.Of("per", nil, "units", param.AtLeast(1, "").OrNone(), "of how many of the unit the amounts are, nothing for a power; none is one", file),
		param.Of("group", nil, "name", param.Range{}, "entries that move together between low and high; none moves alone", file),
		param.Of("technology", nil, "text", param.Text("a process and kind of chip"), "what the amounts hold for", file),
		param.Of("basis", nil, "word", param.OneOf("measured", "published", "derived", "assumption").OrNone(), "what the value rests on; none: not stated", file),
		param.Of("source", nil, "text", param.Text("a source, or the word assumption and why"), "where the amounts are from", file),
	}
}
