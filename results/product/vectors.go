package product

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"satsim/internal/atomicfile"
)

// vectors is a set of test vectors in a folder: whole with its manifest, which comes last, or without one.
type vectors struct {
	folder string
	made   []string
}

const manifest = "manifest.json"

// begin takes away the manifest of an earlier set, whose files are going to be replaced.
func (v *vectors) begin() error {
	path := filepath.Join(v.folder, manifest)
	if _, err := kindOf(path).Find(path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("writing test vectors: %w", err)
	}
	return nil
}

// create is a file of the set.
func (v *vectors) create(name string) (io.WriteCloser, error) {
	path := filepath.Join(v.folder, name)
	return &whole{path: path, done: func() { v.made = append(v.made, path) }}, nil
}

// remove takes away what there is of a set that did not become whole, and its folder if nothing else is in it.
func (v *vectors) remove() {
	for _, path := range v.made {
		os.Remove(path)
	}
	if len(v.made) > 0 {
		os.Remove(v.folder)
	}
}

// whole is a file that appears at once, when it is closed.
type whole struct {
	bytes.Buffer
	path string
	done func()
}

func (w *whole) Close() error {
	err := kindOf(w.path).Write(w.path, func(to io.Writer) error {
		_, err := w.WriteTo(to)
		return err
	})
	if err == nil {
		w.done()
	}
	return err
}

// kindOf says what of a path may be replaced.
func kindOf(path string) *atomicfile.FileKind {
	if filepath.Base(path) == manifest {
		return atomicfile.Schema("manifest of test vectors", "satsim.stce.vectors")
	}
	return &atomicfile.FileKind{Name: "file of hexadecimal words", Is: hexadecimal}
}

// hexadecimal reports whether a file begins as memory files of test vectors do.
func hexadecimal(head []byte) bool { return len(bytes.Trim(head, "0123456789abcdef_\n")) == 0 }
