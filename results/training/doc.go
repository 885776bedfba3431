// Package training holds what trainings gave: the record of one with its curves, and what runs over several seeds say together.
//
// # Summary
//
// Trainings are put together that differ in their seed only. Accuracy is that on the test set at the end of the last epoch, its
// mean and its sample standard deviation (n - 1) over seeds. The difference to dense is taken seed by seed, between trainings
// that differ in the recipe only (equal seeds begin with equal weights and see equal batches), and then averaged, so that what
// seeds have in common cancels. What trainings lose after so many images is that difference at the end of an epoch, with the 95 % interval of its mean
// (Student's t). Trainings of one name that differ in a setting are groups of their own, and tables and figures say in which.
//
// # Join
//
// A Joiner finds the training of a recipe on a network among rows of whatever file: by the hashes of both, never by names.
//
// # Masks
//
// Overlap is the share of weights that the FF copy keeps which the BP copy keeps too, over weights that have both; masks that
// had nothing to do with each other would overlap by N/M. Change per epoch is the share of mask bits that differ between the ends of
// two epochs, the first against the masks of the initial weights: the sparse architecture divergence of Zhou et al. ("Learning
// N:M Fine-grained Structured Sparse Neural Networks From Scratch", ICLR 2021), between epochs and over the number of weights.
package training
