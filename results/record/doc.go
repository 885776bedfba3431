// Package record is what a run leaves: the resolved configuration and every figure, as JSON, and a per-layer table as CSV. It owns its types and
// imports nothing of the simulator, so that whoever reads a record needs none either.
//
// # Schema satsim.record/2
//
// Keys are snake_case with the unit as suffix: _s seconds, _bytes, _bits, _cycles of the core clock, _j joules, _w watts, _gflops (1e9 operations
// a second, 1 MAC = 2 operations), _share of one. Counts are int64. What is of a unit of the machine is a row with the unit's name, never a field
// named after one, so a new unit is a new row. Lists are in the order of the network, of the step, or of the machine's units. There is no host,
// path, time or version control stamp: equal inputs give equal bytes. Fields are only added; a change of meaning raises the number.
//
//	schema, version              the layout, and the satsim that wrote it
//	arch, arch_name              resolved architecture with its board
//	network                      name, note, images (samples a step), parameters, description (resolved)
//	recipe, energy_table         resolved; the baseline takes the recipe's optimiser
//	board_energy_table           the board's own table, if another priced the runs
//	runs                         the baseline first
//	  recipe, sparsity           name, N:M
//	  total, stages, layers      figures (below) of the step, of FF, BP and WU, and of each layer and stage, with layer, op, stage, sparsity
//	  images_per_s               of the step
//	  stalls                     stage (or step), lanes (below): where the time of all lanes went
//	  groups                     the word groups: group, label, kind, layer, stage, word, cycles, predicted_cycles (a lower bound), busy lanes
//	  memory                     model, peak_bytes_per_s of the pins, channels over the step, stages
//	    channel                  and dram_read_bytes, dram_write_bytes, commands and shares (below)
//	    stage, cycles            and commands, shares, operands: operand, lane, dram_bytes, useful_share
//	  footprint_bytes            of the step in off-chip memory
//	  compulsory_bytes           that no machine avoids: each tensor of an item once, weights and optimiser state once each way; satsim.record/1 has 0
//	  simulation                 events, groups, groups_run (the others were equal to one that ran), instructions
//	  norms_on_read              not there if none: batch norms that are no passes, since what reads their result normalises it (norm.lanes)
//	  norms_saved                not there if unknown: cycles and bytes that these passes would take more, as the search predicts
//	  energy                     of the step: table, energy_j, units, average_power_w, images_per_j, dense_equivalent_gflops_per_w,
//	                             effective_gflops_per_w, energy_delay_js, flip_flops, actions (action, of, count, energy_j), actions_without_entry,
//	                             standing_energy_j (power and clock x time), bases (basis, energy_j: measured, published, derived, assumption)
//	comparison                   of the last run with the first
//	  speedup                    cycles of the baseline over those of the run; stages: the same by stage
//	  mac_only_bound             dense MACs over performed MACs
//	  overlap                    by unit: overlapped_speedup (it is never waited for), serial_speedup (nothing overlaps its work)
//	  sensitivity                override, speedup with it in both runs
//	  energy                     ratio, verdict, energy_delay_ratio, energy_delay_verdict; sensitivity: action, group, ratio_low, ratio_high
//	  dense_only                 dense-only arrays of the same resources: end of the estimates, rows, cols, own (no array is faster than the
//	                             machine itself), cycles, speedup; energy if they are the baseline
//	resources                    board, part, fit, notes; lines: resource, low, high, available, limit, fit
//	training                     of each run: recipe, epochs, steps_per_epoch, cycles, time_s; phases: name, steps, sparsity, step_cycles, step_time_s
//
// Figures of a part of a step:
//
//	cycles, time_s               of the groups whose product is the part's; those of layers add up to the step's
//	moved_cycles                 not there if 0: busy cycles of the part's passes that ran beside products of other parts, less those of other
//	                             parts' passes beside its own products. cycles + moved_cycles books every pass to its own part. Over the step they are 0
//	dense_macs, performed_macs   of the dense network, and after pruning
//	dense_equivalent_gflops, effective_gflops
//	mac_utilisation              performed MACs over processing elements x cycles
//	dram_read_bytes, dram_write_bytes
//	units                        unit, busy_cycles (it could take nothing else), counts: an object of the unit's counters, by their names
//	buffers                      buffer, read_bits, write_bits of those that were used
//	energy                       energy_j, units: unit, energy_j; if there is a table. Joules are value, low and high
//
// Lanes: lane, computing_cycles, filling_cycles, draining_cycles, waits (unit, cycles), no_word_cycles, reconfigure_cycles. They add up to the
// cycles of the stage or group.
//
// Commands of the memory: activates, precharges, precharge_alls, reads, writes, refreshes, row_hits, row_misses, row_conflicts, turn_arounds. Shares
// of the time of its pins: useful_share, padding_share, rows_share, turns_share, refresh_share, port_share, idle_share.
//
// # Older schemas
//
// Read and ReadRun turn satsim.record/1 into this schema. It had fields named after units (array_busy_cycles, wait_sore_cycles, ...), which become
// rows; it lacks counts of the step and of stages but for sorted elements and updated parameters, buffers, and joules of layers by unit.
//
// # The per-layer table
//
// layers.csv has a row a run, layer and stage. Its columns keep their names and order: array_busy_cycles is busy_cycles of unit stce,
// sorted_elements its elements of unit sore, updated_parameters the parameters of unit wuve, array_utilisation mac_utilisation. Every cell is one value.
// energy_UNIT_j are the joules by unit, of all units that there are: where a machine has not built one, its cells are empty. A unit that came later has its
// UNIT_busy_cycles and energy_UNIT_j behind all others. The last of those that every file has,
// own_cycles, is the other booking: cycles + moved_cycles. Both columns add up to the cycles of the step;
// of a record without moved_cycles, an older one, they are equal.
package record
