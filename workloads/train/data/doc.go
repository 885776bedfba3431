// Package data reads labelled images, in the IDX format of the MNIST family or the binary format of CIFAR-10, and texts, byte by byte. It knows no
// folder: callers give it a file system.
//
// # IDX (Y. LeCun, C. Cortes, C. Burges, "The MNIST database", file formats)
//
// Big-endian. Two zero bytes, a byte for the element type (0x08: unsigned byte), a byte for the number of extents, one
// 32-bit number an extent, then the elements, the last extent fastest. Images have three extents (images x height x
// width), labels one. A file may be gzip-compressed; its first bytes say so, not its name.
//
// # CIFAR-10 binary (A. Krizhevsky, "The CIFAR-10 dataset", binary version)
//
// Records of 3073 bytes: the label, 0 to 9, then 1024 bytes of red, 1024 of green and 1024 of blue, rows of 32. Pixels are
// put into channels-last order. The first five files are the training set, test_batch.bin the test set.
//
// A file that is cut off, longer than it says, or something else is refused with an error that names it and says why.
package data
