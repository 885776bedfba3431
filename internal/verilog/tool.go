package verilog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Missing is a tool that is not installed.
type Missing struct {
	Tool    string // as it is called
	Package string // of Debian
}

func (m *Missing) Error() string {
	return fmt.Sprintf("%s is not installed (on Debian: apt-get install %s)", m.Tool, m.Package)
}

// find names every tool that is not there.
func find(tools ...string) error {
	var errs []error
	for _, t := range tools {
		if _, err := exec.LookPath(t); err == nil {
			continue
		}
		m := &Missing{Tool: t, Package: t}
		if t == "vvp" {
			m.Package = "iverilog"
		}
		errs = append(errs, m)
	}
	return errors.Join(errs...)
}

// call runs a tool in a folder and returns what it prints. With the context end the tool and all that it has started.
func call(ctx context.Context, dir, tool string, args ...string) (string, error) {
	if err := find(tool); err != nil {
		return "", err
	}
	c := exec.CommandContext(ctx, tool, args...)
	return run(ctx, c, dir)
}

func run(ctx context.Context, c *exec.Cmd, dir string) (string, error) {
	var out bytes.Buffer
	c.Dir, c.Stdout, c.Stderr = dir, &out, &out
	c.WaitDelay = 5 * time.Second // for whoever holds the pipe of a tool that was ended
	alone(c)
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return out.String(), fmt.Errorf("%s: %w", c.Args[0], context.Cause(ctx))
		}
		return out.String(), fmt.Errorf("%s: %w: %s", c.Args[0], err, excerpt(out.String()))
	}
	return out.String(), nil
}

// excerpt is the first lines of what a tool printed: the first error is the one to mend.
func excerpt(s string) string {
	const lines = 20
	all := strings.Split(strings.TrimSpace(s), "\n")
	if len(all) > lines {
		all = append(all[:lines], fmt.Sprintf("... %d more lines", len(all)-lines))
	}
	return strings.Join(all, "\n")
}
