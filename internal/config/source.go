package config

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"satsim/internal/diag"
)

// Source is the text of a model file and the name that errors give it.
type Source struct {
	Name string
	Data []byte
}

// Resolve finds a model file. A bare name (no slash, no .yaml or .yml) is the shipped file kind/name.yaml; everything
// else is the path of a file.
func Resolve(kind, nameOrPath string, shipped fs.FS) (Source, error) {
	if !bare(nameOrPath) {
		data, err := Read(nameOrPath, Model)
		if err != nil {
			return Source{}, fmt.Errorf("reading the %s file: %w", kind, err)
		}
		return Source{Name: nameOrPath, Data: data}, nil
	}
	names, err := Names(kind, shipped)
	if err != nil {
		return Source{}, err
	}
	for _, n := range names {
		if n != nameOrPath {
			continue
		}
		path := kind + "/" + n + ".yaml"
		data, err := fs.ReadFile(shipped, path)
		if err != nil {
			return Source{}, fmt.Errorf("reading the shipped %s %q: %w", kind, n, err)
		}
		return Source{Name: path, Data: data}, nil
	}
	return Source{}, &diag.Error{
		Problem:  fmt.Sprintf("no shipped %s is named %q", kind, nameOrPath),
		Accepted: strings.Join(append(names, "the path of a .yaml file"), ", "),
		Nearest:  diag.Nearest(nameOrPath, names),
	}
}

// Names lists the shipped files of a kind, sorted, without their extension.
func Names(kind string, shipped fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(shipped, kind)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing the shipped files of kind %s: %w", kind, err)
	}
	var names []string
	for _, e := range entries {
		if n, ok := strings.CutSuffix(e.Name(), ".yaml"); ok && !e.IsDir() {
			names = append(names, n)
		}
	}
	return names, nil
}

// IsPath reports whether a name of a model is the path of a file.
func IsPath(s string) bool { return s != "" && !bare(s) }

func bare(s string) bool {
	return s != "" && !strings.ContainsAny(s, `/\`) && !strings.HasSuffix(s, ".yaml") && !strings.HasSuffix(s, ".yml")
}
