// Package ddr4test is for tests of the command-level model: patterns of bursts, run on a channel as fast as it takes them, and a checker that holds
// every command against JESD79-4. The checker shares nothing with the controller but the names of commands.
//
// testdata has an established simulator's figures for such patterns.
package ddr4test
