// Package recipes says in words what training recipes do: what each product prunes, what is stored from step to step, what is sorted when; and
// what a step of a network then asks of any machine, in operations and bytes counted from its shapes.
package recipes
