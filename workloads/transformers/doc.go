// Package transformers makes networks of config.json, the file in which models of HuggingFace's library transformers state their sizes.
//
// A family (the file's model_type) has a network in the notation, networks/*.yaml, with the sizes as parameters. Import sets them from the file's
// keys; a key that is missing has the family's default in transformers, as it has there. The batch and, of language models, the sequence are
// parameters, too, which no file states. The head is that of the file's first architecture, with a loss on it; without an architecture it is
// the model alone, and the loss is put on what it ends with.
//
// Keys that change nothing of what is computed in a step (names of ids, initial values, dropouts, caches, scales of rotary angles, a sliding window, whose hidden scores
// are computed as those of any mask) are not read. A key that asks for layers which the network does not have is an error.
package transformers
