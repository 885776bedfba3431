// Package uncertainty says how far what satsim claims is in doubt, with all of its assumptions in doubt at once, and which of them decide it.
//
// # What is varied
//
// Every assumption has its range and the reason beside its default (param.Doubt): of the machine, its board and the recipe, and of prices between their low and their high ends, in the energy
// table. Entries of a table's group move together. Beside them stand three that are no key: the samples of a step, which is the network's; at which end of their estimates
// resources are equal; and how much faster than this machine the clock of the dense-only machine closes, that has no selectors and group registers in its paths.
//
// Nothing more is known than a range, so the default is the median: half of the odds on either side of it, and even there. Where the default is an end of the range, all of the range has even odds.
// Of values that are counted (words, shares), the default has half of the odds, those below and those above it a quarter each, and all the same odds if it is an end. Assumptions are independent. These odds are
// assumptions, too: what comes out are probabilities under them, not frequencies of machines.
//
// # How
//
// Points are those of a Latin hypercube (package internal/sensitivity). At each, every network is simulated three times: the recipe and dense training on the sampled machine, and dense training on the fastest
// dense-only array of the same resources at its own clock. Of them, for each network and for the mean over networks:
//
//	time        of a sample (step over batch), relative to that of the defaults
//	speedup     of the recipe over dense training on the same machine
//	resources   speed-up over the dense-only array: seconds over seconds, since their clocks differ
//	energy      joules of dense training over joules of the recipe, on the same machine; prices, schedules and clocks vary together
//
// A distribution is the sample itself: its quantiles, and the share at or above a figure with its binomial error. Effects are first-order and total of package internal/sensitivity; prices have none on what is no joule.
// A point that no machine can be made of is left out, counted, and its reason said.
//
// Beside that each assumption is varied alone, the others at their defaults: what the mean speed-up is at both ends of its range. That is what it is worth where the others hold.
//
// # Points
//
// They are those of a sweep, in a store: an interrupted study goes on where it was, and what comes out depends on the seed, not on the workers or on what the store had.
package uncertainty
