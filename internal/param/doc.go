// Package param declares the parameters of a model as data, each once: key, default, unit, what is accepted and why, meaning, and where the default
// is from. A unit's table stands in its params.go; its defaults and its validation are made of the table, and so is what is printed about it. The
// type of a parameter is that of its field, which the key names by its yaml tag: west.capacity, layers[].kernel.
//
// A default that is an assumption has its Doubt beside it: what else the truth may be, with the reason, or that it is a choice of the design.
//
// What depends on two parameters (max_n on max_m) is no range; it stays in the unit's Validate, as what a type says of its own text (N:M) stays with
// the type.
package param
