package verilog

import (
	"fmt"
	"os"
	"path/filepath"
)

// Source is a file of Verilog.
type Source struct{ Name, Text string }

// Parameter is a value for a parameter of the top module.
type Parameter struct {
	Name  string
	Value int64
}

// Design is what a tool reads: sources in their order, the top module and its parameters.
type Design struct {
	Top        string
	Sources    []Source
	Parameters []Parameter
}

// compiled says that a tool is given a source by its name; a header is included by others.
func (d Design) compiled(s Source) bool { return filepath.Ext(s.Name) != ".vh" }

// write puts the sources into a folder and returns their names there. A name ending in .vh is a header: it is included, not compiled.
func (d Design) write(dir string) ([]string, error) {
	var names []string
	for _, s := range d.Sources {
		if !filepath.IsLocal(s.Name) || filepath.Base(s.Name) != s.Name {
			return nil, fmt.Errorf("source %q: a plain file name is accepted", s.Name)
		}
		if err := os.WriteFile(filepath.Join(dir, s.Name), []byte(s.Text), 0o666); err != nil {
			return nil, fmt.Errorf("writing the sources of %s: %w", d.Top, err)
		}
		if d.compiled(s) {
			names = append(names, s.Name)
		}
	}
	return names, nil
}
