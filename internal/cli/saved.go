package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"satsim/internal/atomicfile"
	"satsim/results/record"
)

// saved is where a run leaves its record: two files in a folder.
type saved struct {
	folder, record, layers string
	inputs                 []string // what it is made of
}

func recordIn(folder string, inputs []string) *saved {
	return &saved{folder, filepath.Join(folder, "record.json"), filepath.Join(folder, "layers.csv"), inputs}
}

func records() *atomicfile.FileKind {
	return &atomicfile.FileKind{Name: "record of satsim", Is: record.IsRecord}
}

func layerTables() *atomicfile.FileKind {
	return &atomicfile.FileKind{Name: "per-layer table of satsim", Is: record.IsLayers}
}

// mayHold refuses, before anything is simulated, a folder of --out that is a file, or in which nothing can be made.
func mayHold(folder string) error {
	if info, err := os.Stat(folder); err == nil && !info.IsDir() {
		return fmt.Errorf("--out %s: it is a file; a folder is accepted", folder)
	}
	if err := atomicfile.Room(filepath.Join(folder, "any")); err != nil {
		return fmt.Errorf("--out %s: %w", folder, err)
	}
	return nil
}

// check refuses, before anything is simulated, what save would refuse.
func (s *saved) check() error {
	if err := mayHold(s.folder); err != nil {
		return err
	}
	if _, err := records().Find(s.record, s.inputs...); err != nil {
		return fmt.Errorf("writing %s: %w", s.record, err)
	}
	if _, err := layerTables().Find(s.layers, s.inputs...); err != nil {
		return fmt.Errorf("writing %s: %w", s.layers, err)
	}
	return nil
}

func (s *saved) save(r *record.Record) error {
	if err := records().Write(s.record, r.Write, s.inputs...); err != nil {
		return err
	}
	return layerTables().Write(s.layers, r.WriteLayers, s.inputs...)
}

func (s *saved) say(w io.Writer) { fmt.Fprintf(w, "wrote %s, %s\n", s.record, s.layers) }
