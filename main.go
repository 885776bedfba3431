// Command satsim simulates N:M sparse DNN training on a SAT-style FPGA accelerator.
package main

import (
	"os"

	"satsim/internal/cli"
)

func main() {
	os.Exit(cli.Execute(os.Args[1:], os.Stdout, os.Stderr))
}
