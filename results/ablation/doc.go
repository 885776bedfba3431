// Package ablation takes the dataflow's three optimisations apart: interleave mapping, pre-generation of pruned weights, offline
// scheduling. A step is simulated with none of them, with each alone, with all but each, and with all, under two recipes on one
// architecture; everything else stays as it is.
//
// A row says how long the step took, where the time of the array's lane went (its causes add up to the step's cycles), what the array's
// busy cycles were (they add up to its computing cycles), what moved off-chip, and how much SORE sorted.
package ablation
