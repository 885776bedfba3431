// Package controller runs words: it expands the loop nests of a group into instructions and hands them to the workers' lanes,
// in program order within a stream, as far as the lanes' queues have room. It knows nothing about networks.
//
// Assumption: decoding is not a bottleneck; all instructions that fit are issued in one cycle. An instruction reaches its lane in the
// next cycle. Queues hold QueueDepth instructions a lane, which is how far loads run ahead of their use, together with the
// buffers' capacity.
//
// Reconfigure is charged once a group: the drained machine takes it to load the array's configuration (assumption: one cycle
// a row of the array, by a shifted configuration chain; a broadcast register write would be a few, words that a host writes thousands).
package controller
