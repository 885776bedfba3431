// Package report knows everything that can be asked for by name: the tables and figures of a paper, each with the sweep whose points it is
// made of, what it needs, and what makes it. It also says how satsim's results read: the tables of a run, of a network, of an array or of a memory.
//
// An entry is a function from points, or from an architecture, to a table or a figure; so it can be made anew by one command, or of anybody's
// points. The same points give the same bytes.
//
// # Words
//
// A speed-up is cycles of the baseline (dense, on the same accelerator, under the same optimiser) over cycles of the recipe. A mean is the
// arithmetic mean over the networks shown. The three companions of a speed-up say what it is made of:
//
//	MAC bound   dense MACs over performed MACs: what the array alone would gain if nothing else took time
//	overlapped  max(products alone, vector work alone) of the baseline over that of the recipe: vector work hidden as far as it can be
//	serial      products alone + vector work alone, likewise: nothing hidden
//
// where "products alone" is the step simulated without vector work and its traffic (dataflow.omit names every kind), and "vector work
// alone" is the unit's busy time in the whole step.
package report
