// Package codesign puts what a recipe learns beside what it costs: accuracy from trainings, the time of a step from the simulator, an
// energy interval and FPGA resources, and which points nobody beats in everything.
//
// # Pareto front
//
// A point is on the front of its network when no other point is at least as good in every objective and better in one: accuracy (more
// is better), time of a step and energy of a step (less is better). A point without a training is compared with none and is on no
// front. Means and values are compared; deviations and intervals stand beside them for the reader, who may find that two points differ
// by less than their seeds do.
//
// # Time and energy
//
// Time and energy of a step of a recipe with phases are the means over the steps of its training, each phase at its share.
package codesign
