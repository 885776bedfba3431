// Package report is the registry of everything that can be asked for by name: the tables and figures of a paper, each with the sweep whose points it is
// made of; those of a file that satsim wrote, such as a record; and what its commands print. It also says how satsim's results read.
//
// An entry is a function from its source (points, an architecture, a file, a command's answer) to a table or a figure, which the renderers of
// results/table and results/plot write; so it can be made anew by one command, in any form. The same source gives the same bytes.
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
