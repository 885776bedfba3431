package prune

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads/weights"
)

// ending is a context that ends when it has been asked so often.
type ending struct {
	context.Context
	asked, most int
}

func (e *ending) Err() error {
	if e.asked++; e.asked > e.most {
		return context.Canceled
	}
	return nil
}

// One weight of 8 MiB is not read to its end when the context ends in the middle, and leaves no file.
func TestPruningStopsWithinAWeight(t *testing.T) {
	if testing.Short() {
		t.Skip("prunes two million weights")
	}
	dir := t.TempDir()
	const rows, cols = 1024, 2048
	head := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", rows, cols)
	head += strings.Repeat(" ", 117-len(head)) + "\n"
	var b bytes.Buffer
	b.WriteString("\x93NUMPY\x01\x00")
	if err := binary.Write(&b, binary.LittleEndian, uint16(len(head))); err != nil {
		t.Fatal(err)
	}
	b.WriteString(head)
	b.Write(make([]byte, 4*rows*cols))
	path, out := filepath.Join(dir, "w.npy"), filepath.Join(dir, "out")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	o := Options{Ratio: nm.Ratio{N: 2, M: 8}, Burst: 64, Layout: weights.OutFirst, Folder: out}
	whole := &ending{Context: context.Background(), most: 1 << 30}
	if _, err := Run(whole, []string{path}, o); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(out); err != nil {
		t.Fatal(err)
	}
	half := &ending{Context: context.Background(), most: whole.asked / 2}
	if _, err := Run(half, []string{path}, o); !errors.Is(err, context.Canceled) || whole.asked < 8 {
		t.Errorf("%v; the context is asked %d times", err, whole.asked)
	}
	if left, err := os.ReadDir(out); err == nil && len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}
