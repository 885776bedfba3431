// Package codesign puts what a recipe learns beside what it costs: accuracy from trainings, the time of a step from the simulator, an
// energy interval and FPGA resources, and which points nobody beats in everything.
//
// # Pareto front
//
// A point is on the front of its network when no other point is at least as good in every objective and better in one: accuracy (more
// is better), time of a step and energy of a step (less is better). A point without a training is compared with none and is on no
// front. The mark is by means and values. Beside it stands the probability that the point is on the front, since two points may differ by less than their seeds
// do: the mean accuracy of each training is Student's t about its mean, with the deviation of seeds pooled over all trainings of the table (assumption: it
// is one for all recipes) and independent of the others (equal seeds share weights and batches, which makes differences surer than this says); joules
// are those of one quantile of the energy table for all points at once, every quantile as likely, linear between its low end, its value and its high end.
// Not in it: that all accuracies are on one test set.
//
// # Join
//
// A training belongs to a point when the hashes of its network and of its recipe are those of what is simulated, batch and parameters of the
// network, masks and rules of the recipe included (training.Joiner). The update (optimiser, weight decay, clipping, loss scaling) may be the training's own: the step is simulated with it,
// unless an override says which update is asked for.
//
// # Time and energy
//
// Time and energy of a step of a recipe with phases are the means over the steps of its training, each phase at its share.
package codesign
