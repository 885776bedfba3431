// Package prune reads real weights from ONNX and NumPy files, prunes each along its inputs (FF) and its outputs (BP), and writes the packed
// copies with prune.json, which says what stayed. Weights are read in panels: memory does not grow with the files.
package prune

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/internal/nm"
	"satsim/workloads/onnx"
	"satsim/workloads/weights"
)

// Schema names the form of prune.json.
const Schema = "satsim.prune/1"

// Options say how weights are pruned.
type Options struct {
	Ratio  nm.Ratio
	Burst  int            // bytes that a tile of the packed copies is padded to
	Layout weights.Layout // axes of .npy files
	Folder string         // for the packed copies and prune.json; empty: nothing is written
}

// Result is what became of the weights in files; what it exports is prune.json.
type Result struct {
	Schema string            `json:"schema"`
	Ratio  nm.Ratio          `json:"sparsity"`
	Burst  int               `json:"burst_bytes"`
	Layers []*weights.Report `json:"layers"`
	Total  weights.Report    `json:"-"`

	// LeftOut are layers of ONNX files whose weights are made by nodes that are not followed, with why.
	LeftOut []string `json:"left_out,omitempty"`

	options Options
	files   []*os.File
	own     bool     // the folder has copies of satsim's
	made    []string // copies
}

func (p *Result) close() {
	for _, f := range p.files {
		f.Close()
	}
}

func (p *Result) open(path string) (*os.File, int64, error) {
	f, size, err := config.Open(path, config.Weights)
	if err != nil {
		return nil, 0, fmt.Errorf("reading weights: %w", err)
	}
	p.files = append(p.files, f)
	return f, size, nil
}

// stoppable ends reading with a context: weights are read panel by panel, and a large one takes minutes.
type stoppable struct {
	context.Context
	io.ReaderAt
}

// ReadAt implements io.ReaderAt.
func (s stoppable) ReadAt(b []byte, at int64) (int, error) {
	if err := s.Err(); err != nil {
		return 0, err
	}
	return s.ReaderAt.ReadAt(b, at)
}

// Run prunes the weights in files, and writes their packed copies and prune.json if there is a folder for them.
func Run(ctx context.Context, paths []string, o Options) (*Result, error) {
	p := &Result{Schema: Schema, Ratio: o.Ratio, Burst: o.Burst, options: o}
	defer p.close()
	return p, p.run(ctx, paths)
}

// Readable reports whether weights can be read from files of such a name.
func Readable(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return slices.Contains([]string{".onnx", ".npy", ".npz", ".safetensors"}, ext)
}

// recordKind is prune.json: a folder that has one has copies of satsim.
func recordKind() *atomicfile.FileKind {
	return atomicfile.Schema("record of satsim prune", "satsim.prune")
}

// claim decides whose the copies in the folder are, before any is written.
func (p *Result) claim() error {
	path := filepath.Join(p.options.Folder, "prune.json")
	t, err := recordKind().Find(path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	p.own = t.Info != nil
	return nil
}

func (p *Result) run(ctx context.Context, paths []string) (err error) {
	if p.options.Folder != "" {
		if err := p.claim(); err != nil {
			return err
		}
	}
	defer func() { // what prune.json does not tell of would be nobody's
		if err != nil && !p.own {
			for _, path := range p.made {
				err = errors.Join(err, os.Remove(path))
			}
		}
	}()
	for _, path := range paths {
		list, err := p.matrices(ctx, path)
		if err != nil {
			return err
		}
		for i := range list {
			if err := ctx.Err(); err != nil {
				return err
			}
			r, err := p.one(&list[i])
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			p.Layers = append(p.Layers, r)
		}
	}
	p.Total = weights.Summary(p.Layers)
	if p.options.Folder == "" {
		return nil
	}
	return recordKind().Write(filepath.Join(p.options.Folder, "prune.json"), p.JSON)
}

// matrices lists the weights in a file.
func (p *Result) matrices(ctx context.Context, path string) ([]weights.Matrix, error) {
	f, size, err := p.open(path)
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".npy":
		m, err := weights.FromNPY(stoppable{ctx, f}, size, strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), p.options.Layout)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return []weights.Matrix{m}, nil
	case ".npz":
		list, err := weights.FromNPZ(stoppable{ctx, f}, size, p.options.Layout)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return list, nil
	case ".safetensors":
		list, err := weights.FromSafetensors(stoppable{ctx, f}, size, p.options.Layout)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return list, nil
	}
	m, err := onnx.Read(f, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	list, left, err := weights.FromONNX(m, func(name string) (io.ReaderAt, int64, error) {
		if name == "" {
			return stoppable{ctx, f}, size, nil
		}
		beside, size, err := config.OpenBeside(path, name, config.Weights)
		if err != nil {
			return nil, 0, err
		}
		p.files = append(p.files, beside)
		return stoppable{ctx, beside}, size, nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, l := range left {
		p.LeftOut = append(p.LeftOut, fmt.Sprintf("%s: %s: %s", path, l.Layer, l.Why))
	}
	return list, nil
}

// one prunes a weight, and writes its copies if there is a folder for them.
func (p *Result) one(m *weights.Matrix) (*weights.Report, error) {
	if p.options.Folder == "" {
		return weights.Prune(m, p.Ratio, p.Burst, nil, nil)
	}
	var r *weights.Report
	base := fmt.Sprintf("%03d_%s", len(p.Layers), fileName(m.Layer))
	kind := atomicfile.FileKind{Name: "packed copy that a prune.json beside it tells of", Is: func([]byte) bool { return p.own }}
	names := [2]string{filepath.Join(p.options.Folder, base+".ff.bin"), filepath.Join(p.options.Folder, base+".bp.bin")}
	err := kind.Write(names[0], func(ff io.Writer) error {
		return kind.Write(names[1], func(bp io.Writer) error {
			f, b := bufio.NewWriter(ff), bufio.NewWriter(bp)
			var err error
			if r, err = weights.Prune(m, p.Ratio, p.Burst, f, b); err != nil {
				return err
			}
			return errors.Join(f.Flush(), b.Flush())
		})
	})
	if err == nil {
		r.FF.File, r.BP.File = base+".ff.bin", base+".bp.bin"
		p.made = append(p.made, names[:]...)
	}
	return r, err
}

// fileName keeps what is safe in a file's name.
func fileName(layer string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, layer[:min(len(layer), 100)])
}
