// Package vector models the vector unit: lanes that do everything that is no product.
package vector
