package spec

import (
	"slices"

	"satsim/arch/buffer"
	"satsim/arch/controller"
	"satsim/arch/memory"
	"satsim/arch/norm"
	"satsim/arch/sore"
	"satsim/arch/stce"
	"satsim/arch/vector"
	"satsim/arch/word"
	"satsim/arch/wuve"
	"satsim/internal/param"
)

// Declared are the parameters of a file of kind arch, each once.
func Declared() []param.Param {
	return slices.Concat(
		[]param.Param{
			param.Of("name", nil, "name", param.Range{}, "of the architecture", "the file"),
			param.Of("note", nil, "text", param.Range{}, "what reports say of it", "the file"),
			param.Of("board", nil, "name", param.Says("a shipped name or a file"), "what the accelerator is put on", "the file"),
			param.Of("energy", nil, "name", param.Says("a shipped name or a file"), "energy table, where it is not to be the board's own", "the file"),
			param.Of("clock", "200MHz", "hertz", param.Between(1_000_000, 10_000_000_000, "what FPGAs and chips run at").In("1MHz", "10GHz"), "of the whole core",
				"assumption: what a floating-point array of this size closes on an XCVU9P").
				InDoubt(param.Times(0.75, 1.25, "paths take four fifths of a cycle by a walk over the netlist with a table of delays, and nothing was placed or routed: a tool may find a quarter more or less")),
		},
		param.Under("stce", stce.Declared()), param.Under("sore", sore.Declared()), param.Under("wuve", wuve.Declared()), param.Under("vector", vector.Declared()), param.Under("norm", norm.Declared()),
		param.Under("buffers", buffer.Declared()), param.Under("controller", controller.Declared()),
		[]param.Param{
			param.Of("dataflow.interleave_mapping", true, "switch", param.Range{}, "several outputs a processing element, so that additions of one do not wait for another", "paper: interleave mapping"),
			param.Of("dataflow.pregeneration", true, "switch", param.Range{}, "pruned copies are made once, after the update", "paper: pre-generation of N:M sparse weights"),
			param.Of("dataflow.prune_at", string(word.AtFetch), "word", param.OneOf(string(word.AtFetch), string(word.AtEdge)),
				"without pregeneration: between memory and the north buffer, once a fetch, or between that and the array, each time a fold reads", "assumption: once a fetch, since 32 lanes cannot feed 32 sparse columns at the array's edge").
				InDoubt(param.Choice("where the sorter stands; nothing with pregeneration")),
			param.Of("dataflow.offline_scheduling", true, "switch", param.Range{}, "words are searched for each layer and stage; without it one rule holds for all", "paper: offline scheduling"),
			param.Of("dataflow.overlap_passes", true, "switch", param.Range{}, "passes run beside a weight update that does not need them", "assumption: the vector unit is free then").
				InDoubt(param.UpTo("nothing known of SAT says that its vector unit, its buffers and its memory ports serve two things at a time", "false", "true")),
			param.Of("dataflow.join_groups", true, "switch", param.Range{}, "the search may join products of a grouped convolution: side by side in groups of M operands, of which each column keeps its own, and block by block, which a dense array can, too",
				"assumption: a scheduler that takes one product a time leaves the array a few percent of its work").
				InDoubt(param.Choice("what the schedule does; dense-only arrays join as well")),
			param.Of("dataflow.vector_updates", true, "switch", param.Range{}, "the search may give weight gradients of depthwise convolutions to the lanes of the vector unit, which take the operands that the array would",
				"assumption: a lane is a multiplier, an adder and accumulators, and stands beside the buffers; feeders to both units are wires and a selector").
				InDoubt(param.Choice("what the schedule does; dense-only arrays have the same lanes")),
			param.Of("dataflow.objective", string(ObjectiveLatency), "word",
				param.OneOf(string(ObjectiveLatency), string(ObjectiveBytes), string(ObjectiveEnergy), string(ObjectiveEDP)),
				"what the search makes small; edp is energy times delay", "what a speed-up is about"),
			param.Of("dataflow.omit", nil, "list of words", param.Says("all, or kinds of vector work"), "vector work that is left out, to compare with studies that do", "nothing is left out"),
			param.Of("fpga.group_storage", string(StorageLUTRAM), "word", param.OneOf(string(StorageLUTRAM), string(StorageSRL), string(StorageFF)),
				"what the operand and weight registers of a processing element are built of", "assumption: a hundred and more words of 16 bits, one read a cycle, are too many for flip-flops").
				InDoubt(param.Choice("what is built; no cycles depend on it")),
		},
	)
}

// DeclaredOfBoard are the parameters of a file of kind board, each once.
func DeclaredOfBoard() []param.Param {
	return slices.Concat(
		[]param.Param{
			param.Of("name", nil, "name", param.Range{}, "of the board", "the file"),
			param.Of("note", nil, "text", param.Range{}, "what reports say of it", "the file"),
			param.Of("energy", nil, "name", param.Says("a shipped name or a file"), "energy table that prices it; without one the shipped table of its memory's technology", "the file"),
		},
		param.Under("memory", memory.Declared()), param.Under("device", declaredOfDevice()),
	)
}

func declaredOfDevice() []param.Param {
	count := func(key, unit, meaning string) param.Param {
		return param.Param{Key: key, Default: 0, Unit: unit, Range: param.AtLeast(0, "0: the file does not say"), Meaning: meaning, Source: "the vendor's table of the part"}
	}
	return []param.Param{
		param.Of("part", nil, "name", param.Range{}, "of the FPGA", "the vendor"),
		count("luts", "LUTs", "of 6 inputs, whole part"),
		count("luts_as_memory", "LUTs", "of those, the ones that can be RAM or shift registers"),
		count("flip_flops", "flip-flops", "of the whole part"),
		count("dsps", "DSP slices", "of the whole part"),
		count("block_rams", "RAMs of 36 Kb", "of the whole part"),
		count("ultra_rams", "RAMs of 288 Kb", "of the whole part"),
		count("dies", "dies", "super logic regions"),
	}
}
