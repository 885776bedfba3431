package verilog

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// Simulator is a program that simulates Verilog.
type Simulator struct {
	Name  string
	tools []string
	build func(ctx context.Context, b building) ([]string, error) // makes the command that runs
}

// Icarus is Icarus Verilog: it builds in no time and runs slowly. For many small cases.
func Icarus() Simulator {
	return Simulator{Name: "iverilog", tools: []string{"iverilog", "vvp"}, build: icarus}
}

// Verilator makes a C++ program: a long build, a short run. For few large cases, or many of one set of parameters.
func Verilator() Simulator {
	return Simulator{Name: "verilator", tools: []string{"verilator", "g++", "make"}, build: verilator}
}

// Simulators are all of them.
func Simulators() []Simulator { return []Simulator{Icarus(), Verilator()} }

// building is a design whose sources lie in a folder.
type building struct {
	Design
	dir     string
	sources []string
	objects string // folder where builds leave each other what is the same in all of them, or ""
}

// Missing names the tools of the simulator that are not installed, as errors of type Missing; nil: it can run.
func (s Simulator) Missing() error { return find(s.tools...) }

// Program is a built design.
type Program struct{ command []string }

// Build compiles a design in a folder, which it makes and which must stay while the program runs.
func (s Simulator) Build(ctx context.Context, dir string, d Design) (*Program, error) {
	return s.make(ctx, dir, "", d)
}

func (s Simulator) make(ctx context.Context, dir, objects string, d Design) (*Program, error) {
	if err := s.Missing(); err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	sources, err := d.write(dir)
	if err != nil {
		return nil, err
	}
	command, err := s.build(ctx, building{d, dir, sources, objects})
	if err != nil {
		return nil, fmt.Errorf("building %s: %w", d.Top, err)
	}
	return &Program{command}, nil
}

func icarus(ctx context.Context, b building) ([]string, error) {
	args := []string{"-g2005", "-Wall", "-Wno-timescale", "-s", b.Top, "-o", "program.vvp"}
	for _, p := range b.Parameters {
		args = append(args, fmt.Sprintf("-P%s.%s=%d", b.Top, p.Name, p.Value))
	}
	if _, err := call(ctx, b.dir, "iverilog", append(args, b.sources...)...); err != nil {
		return nil, err
	}
	program := filepath.Join(b.dir, "program.vvp")
	if err := whole(program); err != nil {
		return nil, err
	}
	return []string{"vvp", "-n", program}, nil
}

// fileIndex ends a program of Icarus Verilog: how many files it was made of, then as many names, a line each.
var fileIndex = regexp.MustCompile(`\n:file_names (\d+);\n((?: *".*";\n)*)$`)

// whole says that a program of Icarus Verilog has its end. The tool does not report what it could not write, and vvp takes what is cut off for a wrong program.
func whole(program string) error {
	text, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	if m := fileIndex.FindSubmatch(text); m == nil || strconv.Itoa(bytes.Count(m[2], []byte("\n"))) != string(m[1]) {
		return fmt.Errorf("%s is cut off after %d bytes: the disk is full, or a quota of it", program, len(text))
	}
	return nil
}

// Replay simulates in a folder, into which it puts files first.
func (p *Program) Replay(ctx context.Context, dir string, files map[string]string, args ...string) (string, error) {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return "", err
		}
	}
	return p.Run(ctx, dir, args...)
}

// Run simulates in a folder, where the design's files are read and written, and returns what it prints. Arguments are the design's own: +name or +name=value.
func (p *Program) Run(ctx context.Context, dir string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, p.command[0], append(p.command[1:len(p.command):len(p.command)], args...)...)
	return run(ctx, c, dir)
}
