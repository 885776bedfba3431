// Package diag holds errors about single fields of a configuration: where the field stands, what is wrong with it, what
// is accepted instead, and which name was perhaps meant.
//
// One error prints on one line:
//
//	file:line:col: path: problem; accepted: what; nearest: name
//
// Parts that are unknown are left out. Several errors are a List, sorted by position and joined by line breaks, so that
// all mistakes of a file show at once.
package diag
