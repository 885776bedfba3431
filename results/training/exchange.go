package training

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/workloads/weights"
)

// Weights are those that trainings begin with instead of random ones.
type Weights struct {
	Hash   string // of the file
	Arrays []weights.Array
}

// format is how a file of weights is written and read.
type format struct {
	write func(io.Writer, []weights.Array) error
	read  func(io.ReaderAt, int64) ([]weights.Array, error)
}

// formatOf a file's name.
func formatOf(path string) (format, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".safetensors":
		return format{weights.WriteSafetensors, weights.ReadSafetensors}, nil
	case ".npz":
		return format{weights.WriteNPZ, weights.ReadNPZ}, nil
	}
	return format{}, fmt.Errorf("%s: files that end in .safetensors or .npz are accepted", path)
}

// ReadWeights reads a .safetensors or .npz file.
func ReadWeights(path string) (*Weights, error) {
	form, err := formatOf(path)
	if err != nil {
		return nil, err
	}
	f, size, err := config.Open(path, config.Weights)
	if err != nil {
		return nil, fmt.Errorf("reading weights: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, fmt.Errorf("reading weights: %s: %w", path, err)
	}
	w := &Weights{Hash: hex.EncodeToString(h.Sum(nil))[:hashDigits]}
	if w.Arrays, err = form.read(f, size); err != nil {
		return nil, fmt.Errorf("reading weights: %s: %w", path, err)
	}
	return w, nil
}

// Writable says why weights cannot be written to a file of that name, if so.
func Writable(path string) error {
	_, err := formatOf(path)
	return err
}

// writeWeights writes a .safetensors or .npz file.
func writeWeights(path string, arrays []weights.Array) error {
	form, err := formatOf(path)
	if err != nil {
		return err
	}
	return atomicfile.Write(path, func(w io.Writer) error { return form.write(w, arrays) })
}
