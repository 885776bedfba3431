// Package models turns names and overrides into models: an architecture with its board, a network with its dense training step, a
// recipe, an energy table. It is the only room that reads the shipped files, that knows which file format a name means, and that says
// which model an override addresses.
//
// # Overrides
//
// The one form is path=value; the first part of the path says which model it addresses: network., recipe. and energy. their models,
// anything else the architecture and its board (stce.rows, board.memory.channels). An entry of an energy table is addressed by its
// action: energy.stce.add.value. A path that no model has is an error that names where the override came from and the nearest path.
//
// # Sharing
//
// A Loader reads and resolves each model once, however many points it is part of, and remembers it with its text as records and
// stores have it. What it gives is not changed any more and may be shared; Only and Use return changed copies.
package models
