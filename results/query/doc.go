// Package query gives simulated points names that users write: in the conditions of sweeps and in filters, columns, sort keys and Pareto
// fronts of results. There is one expression language for all, that of github.com/expr-lang/expr.
//
// # Names
//
//	arch, network, recipe, sparsity, baseline, error, key   text; sparsity is N:M, 1:1 if nothing is pruned
//	prices                                                  the energy table
//	batch, parameters, n, m                                 whole numbers; n and m are those of the sparsity
//	stce.rows, clock, board.memory.channels, ...            the architecture, by the paths of overrides
//	network.image, recipe.optimiser, energy.stce.add.value  parameters of the network, the recipe and the energy table, likewise
//	cycles, time_s, dram_read_bytes, images_per_s, ...      figures of the whole step, by their names in a record
//	ff.cycles, bp.time_s, wu.mac_utilisation, ...           figures of a stage
//	sore_busy_cycles, wu.vector_busy_cycles, ...            cycles for which a unit was busy, in the step or a stage
//	stce_folds, sore_elements, wuve_parameters, ...         what a unit did in the step, by the counts in a record
//	array_busy_cycles, array_utilisation, sorted_elements,
//	updated_parameters, simulation.folds                    older names of stce_busy_cycles, mac_utilisation, sore_elements, wuve_parameters, stce_folds
//	lut, lut_memory, ff, dsp, bram36, uram, fit             FPGA resources at the high end of their estimate, and whether they fit the board
//	lut_low, ff_low, ...                                    the low ends
//	energy, energy_low, energy_high                         joules of the step, and their bounds
//	energy.average_power_w.value, ...                       what follows from them, with .low and .high
//	speedup, ff.speedup, bp.speedup, wu.speedup             cycles of the baseline over those of the point
//
// A quantity is a number in its base unit (Hz, B, B/s, ps, J, W); q("200MHz") reads one in an expression. What a point does not have is
// NaN: every comparison with it is false.
package query
