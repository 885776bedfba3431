package training

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/workloads/onnx"
	"satsim/workloads/weights"
)

// Weights are those that trainings begin with instead of random ones.
type Weights struct {
	Hash   string // of the file, and of those beside it that hold its elements
	Arrays []weights.Array
	Advice string // to whom they do not fit; may be empty
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
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, fmt.Errorf("reading weights: %s: %w", path, err)
	}
	w := &Weights{}
	if model {
		w.Advice = advice
		w.Arrays, err = readONNX(path, f, size, h)
	} else {
		w.Arrays, err = form.read(f, size)
	}
	if err != nil {
		return nil, fmt.Errorf("reading weights: %s: %w", path, err)
	}
	w.Hash = hex.EncodeToString(h.Sum(nil))[:hashDigits]
	return w, nil
}

// readONNX reads the arrays of an opened ONNX file, and adds the files beside it that hold their elements to a hash.
func readONNX(path string, f io.ReaderAt, size int64, h io.Writer) ([]weights.Array, error) {
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
		if _, err := io.Copy(h, b); err != nil {
			return nil, 0, fmt.Errorf("reading %q beside the model: %w", name, err)
		}
		return b, size, nil
	})
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
