// Package product runs one matrix product on the tensor engine twice: on the exact model, which moves every register every cycle and
// computes on random FP16 numbers, and by the closed form, which full simulations use. The two must agree in cycles and in every count; that
// they do is checked at each run.
package product
