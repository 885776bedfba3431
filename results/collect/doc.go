// Package collect turns what ran into a record, and refuses to do so when it does not add up: useful MACs, elements sorted and
// parameters updated must equal those of the network's shapes, bytes must equal what the words planned and never be below the compulsory
// ones. An error names the layer and the stage.
//
// Cycles of a group belong to the layer and stage of its product; passes that run beside it bring their bytes and operations to their own
// layer and stage, but no cycles. So cycles of layers add up to those of the step.
package collect
