package verilog

import (
	"context"
	"fmt"
)

// Lint is what verilator has to warn of, with all warnings on: nothing for clean sources. A waiver stands in the source, with its reason.
func Lint(ctx context.Context, dir string, d Design) (string, error) {
	sources, err := d.write(dir)
	if err != nil {
		return "", err
	}
	args := []string{"--lint-only", "-Wall", "-Wno-fatal", "--top-module", d.Top}
	for _, p := range d.Parameters {
		args = append(args, fmt.Sprintf("-G%s=%d", p.Name, p.Value))
	}
	return call(ctx, dir, "verilator", append(args, sources...)...)
}
