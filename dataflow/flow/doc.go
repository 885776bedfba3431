// Package flow holds what ran of a step against itself: what a reader asks for of a tensor is what was written of it.
//
// Every transfer of every lane of the memory belongs to tensors, as the step has them: operands and results of products, what passes read and
// write, gradients that an update fetches, masters and state, copies of weights. Check adds up what ran, takes off what a rule says that a
// transfer moves more often or beside (a tile that is fetched again, rows that two bands share, padding), and walks the step in its order:
// what is left of a reading is what the writer left in memory, byte for byte, each in its own format. So a format that one side forgets, a
// mask that a pass does not write or does not read, and a size that is worked out twice in two ways are found, whatever the tensor holds.
//
// Where the bytes of the two sides may differ, a Rule says why, and by how much is worked out from the geometry: no tensor is left out
// altogether but those that an omitted pass makes. Coverage counts the tensors that need no rule and, by rule, those that do.
//
// The sum of a transfer that carries several tensors (a result and what is beside it) is all that runs: the part of each is that of its
// format, and what the sum has more or less is charged to the tensor that would explain it, or else to the first.
package flow
