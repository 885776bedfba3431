// Package stce models the systolic tensor engine: an array of processing elements for dense and N:M sparse matrix products,
// output stationary (OS) or weight stationary (WS).
package stce
