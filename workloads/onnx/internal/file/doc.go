// Package file reads an ONNX file without the elements of its weights. A file is walked, not loaded: the generated types of package pb say
// which fields matter, protowire steps over the others and over the data of every tensor larger than KeepBytes. Memory goes with the number
// of nodes and tensors, and is bounded. A Node is one operator of it, with its attributes by name.
package file
