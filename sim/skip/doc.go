// Package skip finds periods in the states of a machine and says how many of them may be jumped over. It is pure: it sees states as
// words, loops as numbers of iterations that are left, counters as integers.
//
// A machine runs streams of nested loops. Let two observations have equal states (relative to their times; no trip counts in
// them), and for every stream let the remaining iterations be equal in all loops but at most one, l, which went down by d > 0
// between them; inside l, the remaining iterations are equal too. From equal states, equal words give equal futures, so
// the machine will do again what it did in between as long as every iteration met is neither the first nor the last of its
// loop. The first observation's was not the first (the state says so); the iteration under way after k periods is not the
// last if at least two remain. So
//
//	k = min over streams with d > 0 of floor((remaining - 2) / d)
//
// periods can be taken off. Nothing here reads a clock or an address, so the four conditions of exactness are: states equal in full
// (the table compares all words), words equal but for addresses (same loop, middle iterations), what was prefetched is part of
// the state, and no unit's timing reads absolute time (each unit's state is relative; its tests say so).
//
// An end that lies far ahead, of a long instruction, is not part of a state: until it comes, nothing depends on when it does. It is told beside the state. Between two
// equal states it is as far as before (it was met, and will be in every period), or nearer by the period (it was not): then no more periods are taken off than
// end before it does, k <= (ahead - 1) / period, and it comes nearer by what is taken off. Of anything else nothing is taken off.
//
// Time and counters of observations include what was skipped before, so that periods of outer loops may contain skipped
// inner ones.
package skip
