// Package exhaustive pins the linter of switches: a switch over a unit, lane, buffer or another of the hardware's kinds names every one of them,
// so that a new one is an error wherever it is forgotten and not somebody else's default.
package exhaustive
