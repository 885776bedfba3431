// Package spec composes the parameters of the units and the board into one accelerator, and checks what only the whole can
// show: that the units agree with each other.
package spec
