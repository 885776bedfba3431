// Package memo remembers values of pure functions for whoever it is passed to: a search and a simulation of one machine, of all points of a sweep, of several
// goroutines. A key is a comparable value of all that the function reads, so a value that is dropped is made again, equal; nothing depends on what is remembered.
package memo
