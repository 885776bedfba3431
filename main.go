// Command satsim simulates N:M sparse DNN training on a SAT-style FPGA accelerator.
package main

import (
	"os"
	"runtime/debug"

	"satsim/internal/cli"
)

func main() {
	// Simulations live for milliseconds in a few MiB: collecting less often makes sweeps a fifth faster.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	os.Exit(cli.Execute(os.Args[1:], os.Stdout, os.Stderr))
}
