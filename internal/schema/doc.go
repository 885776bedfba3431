// Package schema says what a kind of file holds, for people and for editors: the type of every key in words, and the JSON Schema (draft 2020-12) of the
// whole file. Both are made of the Go type that a file is read into and of the declarations of its keys, from which defaults and checks are made, too.
//
// A schema refuses keys that are unknown, missing or of another type, numbers out of their intervals, words that are none of the list, and texts that do not
// have the form of their type. It accepts every file that satsim does, and more: what depends on two keys, the size of a quantity and what an expression
// or a name leads to are checked by satsim alone (satsim check).
package schema
