// Package sweep expands a file of kind sweep into points, and simulates those that a store does not have.
//
// # From a file to points
//
// The axes are crossed with one another, with the networks, batches, recipes and ratios; the first axis changes slowest. An axis is a path
// with values, several paths in lockstep (zip), or a list of sets of overrides (points). A path is that of an override, or one of arch,
// board, energy, network, recipe, sparsity and batch. Conditions (where) leave points out; they see the models as they are after the overrides, by the
// names of package query, and before they are validated: a condition can leave out what would be refused. Conditions are a type of their own, since searches of
// designs ask them as well.
//
// Every point is compared with the baseline recipe (against) on the same architecture and network, under the same optimiser. Baselines are
// points themselves. Points of equal content are one.
//
// With trainings, a recipe whose training has several kinds of steps (phases, steps that find masks and steps that keep them) brings a point of each, compared with
// nothing: recipe.Shares names them, and Training of package query adds them up.
//
// # Running
//
// A worker is a goroutine with a machine of its own; no state is shared but the store. Points that differ in their recipe only are
// neighbours and run on one machine, which remembers word groups. What a point's own simulation took (events, groups that had to be run)
// depends on what the machine ran before, so it is not stored: a point's row is the same whoever computed it.
//
// A point that fails is stored with its error, and so is one whose models are refused, unless none can be resolved. A panic is a bug of
// satsim; it is caught here, and in package sim, so that it costs a sweep one point and not the night.
//
// # Shards
//
// Points are cut into runs of neighbours, which are dealt, the heaviest first, to the shard that has the least; ties go to the lower number.
// The weight of a point is the number of items of its step. That depends on the file and on I/N alone, not on what a store has.
package sweep
