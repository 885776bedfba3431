// Package explore finds the best designs of a space and proves that no other design of it is better.
//
// A space is a file of kind sweep: its axes span the designs, its networks and batches are the work that each design is judged by. Objectives are made as
// small as can be: time, energy, a resource of the FPGA, or the error of what is learned, 1 - accuracy. Over several works time and energy are their means, each relative
// to the base: the file's architecture without its axes, under the first recipe; an error is the plain mean. Or, with each, time, energy and error of each work are objectives of their own (Columns);
// then the front has that of each work alone in it (Alone). A design is on the front if no other one is as good in all objectives and better in one. Conditions (where) leave designs out that do not meet them at each of the works.
//
// # Accuracy
//
// What a recipe learns does not depend on the machine, so an error needs no bound. Recipes at their ratios are the first axis of a space if accuracy is an objective, and
// one only if it is not: nothing would say what it is worth to learn something else. An accuracy is the mean over the seeds of a training whose network and recipe have the
// hashes of those that are simulated, update included; a design without one is refused. That the mean of few seeds is doubtful is no part of the proof.
//
// # Three tiers
//
// A design is ruled out by a design that was simulated and is, in every objective, no worse than a lower bound of the first. Bounds are of three tiers, each
// dearer and closer than the one before:
//
//	closed form  what no schedule can beat, from shapes and parameters alone (package dataflow/least)
//	schedule     what the scheduler's words take at the least (package dataflow/predict), and do, network by network
//	simulated    exact
//
// Every bound is a bound of what satsim simulates, so a design that is ruled out can't turn out better. Resources are closed forms and exact at each tier; which end
// of their intervals counts is chosen once for all designs (the corner), since their errors are common to all designs: intervals of two designs that
// overlap say nothing about which is larger.
//
// The search takes the designs in the order of their bound of time and raises the bounds of the first few, until all are simulated, ruled out, refused, or too
// large for the board. That order does not depend on the number of workers, so neither does what comes out.
//
// # The gap
//
// The front is proven to within a gap g if no design left can be better than 1/(1+g) of a front's design in all objectives at once:
//
//	g = max over designs left of min over the front of max over objectives of (front / bound) - 1
//
// 0: proven. Above a bound of 0 everything is infinitely much. A search that is stopped says the gap it had reached.
//
// # The certificate
//
// It holds the space, the versions of models and bounds, the corner, the front, how many designs fell to what, and the accuracies that counted. Verify is a plain loop over all designs, without order, queue or
// memory, that asks of each: is it ruled out by the front at one of the tiers, or on it?
package explore
