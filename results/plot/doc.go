// Package plot makes the figures of a paper from simulated points: as SVG, PDF and PNG.
//
// A definition has a name, the sweep whose points it needs, and a function from points to a figure. Figures are drawn for print: one size of
// sans-serif type, units on axes, names at the lines where there is room for them, else a legend; colours of Okabe and Ito, told apart by
// the colour-blind, with another shape or dash beside the colour. The same points give the same bytes: the date that the PDF writer puts
// into its files is replaced by a fixed one.
package plot
