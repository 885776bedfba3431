// Package table is a table: columns that say what they hold, rows of values, notes; and one renderer each for a terminal, Markdown, LaTeX
// with booktabs, CSV and JSON. It knows nothing of what stands in it.
//
// # Values, not strings
//
// A cell holds a value: a text, a truth, a whole number, a real, a real with bounds, bounds alone, or a list. How people read it is its column's
// Format, or a Format of its own where the rows of a table differ in kind. Programs read all of the number, or as many digits as the table says.
//
// # People and programs
//
// A terminal, Markdown and LaTeX are for people, CSV and JSON for programs. A column has a name for people, with its unit, and may have a
// key for programs: then they read the value as it is held, such as step_time_s in seconds, where people read "step ms". Without a key
// programs read what people do, unrounded: "time (ms)". A column or a row can be for one kind of reader only. Texts are left of their columns,
// numbers right, and width is what a terminal shows, not bytes.
//
// The same table gives the same bytes.
package table
