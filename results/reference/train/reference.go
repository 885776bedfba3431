// Package train is the shipped results of trainings, as satsim train wrote them. README.md says with which commands.
package train

import _ "embed"

// Runs is a row a training.
//
//go:embed runs.csv
var Runs []byte

// Methods is trainings with recipes of the literature, likewise.
//
//go:embed methods.csv
var Methods []byte
