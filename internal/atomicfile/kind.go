package atomicfile

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// FileKind is files of which a command replaces its own and nothing else, because it chose their names and not the user.
type FileKind struct {
	Name string // as in "it is no ..."
	// Is knows one by its first bytes, headBytes at most.
	Is func(head []byte) bool
}

const headBytes = 512

// Begins is files that begin with a text, such as a schema or the first columns of a header.
func Begins(name, text string) *FileKind {
	return &FileKind{name, func(head []byte) bool { return bytes.HasPrefix(head, []byte(text)) }}
}

// Schema is JSON files of satsim whose first key says so, whatever the number of their schema.
func Schema(name, schema string) *FileKind { return Begins(name, "{\n  \"schema\": \""+schema+"/") }

// Find decides what a path names as output of the kind. An empty file is free.
func (k *FileKind) Find(path string, inputs ...string) (Target, error) {
	t, err := Find(path, inputs...)
	if err != nil || t.Info == nil || t.Stream || t.Info.Size() == 0 {
		return t, err
	}
	f, err := os.Open(t.Path)
	if err != nil {
		return Target{}, cause(err)
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, headBytes))
	if err != nil {
		return Target{}, cause(err)
	}
	if !k.Is(head) {
		return Target{}, fmt.Errorf("it is no %s, and is not replaced", k.Name)
	}
	return t, nil
}

// Write is Write for a kind.
func (k *FileKind) Write(path string, write func(io.Writer) error, inputs ...string) error {
	t, err := k.Find(path, inputs...)
	return t.write(path, write, err)
}
