// Package collect turns what ran into a record, and refuses to do so when it does not add up: useful MACs, elements sorted and
// parameters updated must equal those of the network's shapes, bytes must equal what the words planned and never be below the compulsory
// ones. An error names the layer and the stage.
//
// Cycles of a group belong to the layer and stage of its product; passes that run beside it bring their bytes and operations to their own
// layer and stage, but no cycles. So cycles of layers add up to those of the step.
//
// Actions that cost energy follow the same rule: what a stream did belongs to its own layer and stage, what takes time (idle units, clock, power) to the
// layer and stage that has the cycles. The DRAM's bursts and activates of a group are divided among those whose bytes they moved.
package collect
