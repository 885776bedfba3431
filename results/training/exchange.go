package training

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/workloads/onnx"
	"satsim/workloads/weights"
)

// Weights are those that trainings begin with instead of random ones.
type Weights struct {
	File   string   // its path
	Hash   string   // of names, shapes and values; not of masks, nor of how a file holds it all
	Before *Lineage // how they were trained; nil: the file does not say it
	Arrays []weights.Array
	Advice string // to whom they do not fit; may be empty
}

// format is how a file of weights is written and read.
type format struct {
	write func(w io.Writer, arrays []weights.Array, note string) error
	read  func(r io.ReaderAt, size int64) (arrays []weights.Array, note string, err error)
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

// advice is for those whose exporter folded or renamed weights.
const advice = "torch.onnx.export keeps the names of weights with do_constant_folding=False, and batch norms apart from their convolutions with " +
	"training=torch.onnx.TrainingMode.PRESERVE"

// ReadWeights reads a .safetensors, .npz or .onnx file.
func ReadWeights(path string) (*Weights, error) {
	form, err := formatOf(path)
	model := strings.EqualFold(filepath.Ext(path), ".onnx")
	if err != nil && !model {
		return nil, fmt.Errorf("%s: files that end in .safetensors, .npz or .onnx are accepted", path)
	}
	f, size, err := config.Open(path, config.Weights)
	if err != nil {
		return nil, fmt.Errorf("reading weights: %w", err)
	}
	defer f.Close()
	w := &Weights{File: path}
	note := ""
	if model {
		w.Advice = advice
		w.Arrays, err = readONNX(path, f, size)
	} else {
		w.Arrays, note, err = form.read(f, size)
	}
	if err == nil {
		w.Before, err = parseLineage(note)
	}
	if err != nil {
		return nil, fmt.Errorf("reading weights: %s: %w", path, err)
	}
	if err := finite(w.Arrays); err != nil {
		return nil, fmt.Errorf("reading weights: %s: %w", path, err)
	}
	w.Hash = hashArrays(w.Arrays)
	return w, nil
}

// finite refuses arrays that no training can begin with.
func finite(arrays []weights.Array) error {
	var errs []error
	for i := range arrays {
		a := &arrays[i]
		at := slices.IndexFunc(a.Values, func(v float32) bool { return math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) })
		if at >= 0 {
			errs = append(errs, fmt.Errorf("%s %v: element %d is %g; numbers are accepted", a.Name, a.Shape, at, a.Values[at]))
		}
	}
	return errors.Join(errs...)
}

// hashArrays is of what trainings take of arrays, in whatever order they are.
func hashArrays(arrays []weights.Array) string {
	order := make([]*weights.Array, 0, len(arrays))
	for i := range arrays {
		if arrays[i].Mask == nil {
			order = append(order, &arrays[i])
		}
	}
	slices.SortFunc(order, func(a, b *weights.Array) int { return strings.Compare(a.Name, b.Name) })
	h := sha256.New()
	for _, a := range order {
		fmt.Fprintf(h, "%q %d\n", a.Name, a.Shape)
		binary.Write(h, binary.LittleEndian, a.Values)
	}
	return hex.EncodeToString(h.Sum(nil))[:hashDigits]
}

// readONNX reads the arrays of an opened ONNX file.
func readONNX(path string, f io.ReaderAt, size int64) ([]weights.Array, error) {
	m, err := onnx.Read(f, size)
	if err != nil {
		return nil, err
	}
	var beside []*os.File
	defer func() {
		for _, b := range beside {
			b.Close()
		}
	}()
	return weights.ReadONNX(m, func(name string) (io.ReaderAt, int64, error) {
		if name == "" {
			return f, size, nil
		}
		b, size, err := config.OpenBeside(path, name, config.Weights)
		if err != nil {
			return nil, 0, err
		}
		beside = append(beside, b)
		return b, size, nil
	})
}

// Writable says why weights cannot be written to a file of that name, if so.
func Writable(path string) error {
	_, err := formatOf(path)
	return err
}

// writeWeights writes a .safetensors or .npz file, with how the weights were trained.
func writeWeights(path string, arrays []weights.Array, l *Lineage) error {
	form, err := formatOf(path)
	if err != nil {
		return err
	}
	note, err := l.note()
	if err != nil {
		return err
	}
	return atomicfile.Write(path, func(w io.Writer) error { return form.write(w, arrays, note) })
}
