package cli

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/internal/nm"
	"satsim/workloads/onnx"
	"satsim/workloads/weights"
)

// pruneSchema names the form of prune.json.
const pruneSchema = "satsim.prune/1"

func (a *app) prune() *cobra.Command {
	p := &pruner{}
	var sparsity, layout, folder string
	cmd := &cobra.Command{
		Use:   "prune FILE...",
		Short: "Prune real weights at N:M: what stays in the FF and BP copies, how they overlap, and the packed copies",
		Long: `Reads the weights of an ONNX file, or of .npy files of one weight each (float16, float32 or float64), and prunes each along its
inputs (FF) and its outputs (BP). With --out, writes the packed copies and prune.json. Weights are read in panels: memory does
not grow with the file.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("prune takes at least one file that ends in .onnx or .npy")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			format := a.settings.GetString("format")
			if err := checkFormat(format); err != nil {
				return err
			}
			var err error
			if p.Ratio, err = nm.Parse(sparsity); err != nil {
				return usageError{fmt.Errorf("--sparsity: %w", err)}
			}
			p.layout, p.folder = weights.Layout(layout), folder
			defer p.close()
			if err := p.run(cmd.Context(), args); err != nil {
				return err
			}
			return p.print(a.out, format)
		},
	}
	f := cmd.Flags()
	f.StringVar(&sparsity, "sparsity", "2:8", "N:M")
	f.StringVar(&layout, "layout", string(weights.OutFirst), "axes of .npy files: oihw (outputs first, as PyTorch has them) or hwio (outputs last)")
	f.IntVar(&p.Burst, "burst", 64, "bytes that a tile of the packed copies is padded to (64: a burst of eight on a 64-bit DDR4 channel)")
	f.StringVar(&folder, "out", "", "folder for the packed copies and prune.json (default: nothing is written)")
	f.String("format", formatTable, "standard output: table, json or csv")
	return cmd
}

// pruner is one run of the command; what it exports is prune.json.
type pruner struct {
	Schema string            `json:"schema"`
	Ratio  nm.Ratio          `json:"sparsity"`
	Burst  int               `json:"burst_bytes"`
	Layers []*weights.Report `json:"layers"`
	Total  weights.Report    `json:"-"`

	layout weights.Layout
	folder string
	files  []*os.File
}

func (p *pruner) close() {
	for _, f := range p.files {
		f.Close()
	}
}

func (p *pruner) open(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, fmt.Errorf("reading weights: %w", err)
	}
	p.files = append(p.files, f)
	info, err := f.Stat()
	if err != nil {
		return nil, 0, fmt.Errorf("reading weights: %w", err)
	}
	return f, info.Size(), nil
}

func (p *pruner) run(ctx context.Context, paths []string) error {
	p.Schema = pruneSchema
	for _, path := range paths {
		list, err := p.matrices(path)
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
	if p.folder == "" {
		return nil
	}
	return atomicfile.Write(filepath.Join(p.folder, "prune.json"), p.json)
}

// matrices lists the weights in a file.
func (p *pruner) matrices(path string) ([]weights.Matrix, error) {
	ext := strings.ToLower(filepath.Ext(path))
	if ext != ".onnx" && ext != ".npy" {
		return nil, usageError{fmt.Errorf("%s: files that end in .onnx or .npy are accepted", path)}
	}
	f, size, err := p.open(path)
	if err != nil {
		return nil, err
	}
	if ext == ".npy" {
		m, err := weights.FromNPY(f, size, strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), p.layout)
		return []weights.Matrix{m}, err
	}
	m, err := onnx.Read(f, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	beside := map[string]*os.File{"": f}
	list, err := weights.FromONNX(m, func(name string) (io.ReaderAt, error) {
		if beside[name] != nil {
			return beside[name], nil
		}
		if !filepath.IsLocal(name) {
			return nil, fmt.Errorf("its weights lie in %q, which is not beside the model", name)
		}
		other, _, err := p.open(filepath.Join(filepath.Dir(path), name))
		beside[name] = other
		return other, err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}

// one prunes a weight, and writes its copies if there is a folder for them.
func (p *pruner) one(m *weights.Matrix) (*weights.Report, error) {
	if p.folder == "" {
		return weights.Prune(m, p.Ratio, p.Burst, nil, nil)
	}
	var r *weights.Report
	base := fmt.Sprintf("%03d_%s", len(p.Layers), fileName(m.Layer))
	err := atomicfile.Write(filepath.Join(p.folder, base+".ff.bin"), func(ff io.Writer) error {
		return atomicfile.Write(filepath.Join(p.folder, base+".bp.bin"), func(bp io.Writer) error {
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

func (p *pruner) json(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(p)
}

func (p *pruner) print(w io.Writer, format string) error {
	switch format {
	case formatJSON:
		return p.json(w)
	case formatCSV:
		return p.csv(w)
	}
	t := newTable(w, 2, "layer", "taps x in x out x groups", "FF N:M", "BP N:M", "FF magnitude %", "BP magnitude %", "kept in both %", "of FF's kept %",
		"dense kB", "FF kB", "BP kB")
	row := func(name, shape, ff, bp string, r *weights.Report) table.Row {
		return table.Row{
			name, shape, ff, bp, inPercent(r.FF.Magnitude), inPercent(r.BP.Magnitude), inPercent(float64(r.KeptInBoth) / float64(r.Elements)),
			inPercent(float64(r.KeptInBoth) / float64(r.FF.Kept)), kilo(2 * r.Elements), kilo(r.FF.Bytes), kilo(r.BP.Bytes),
		}
	}
	for _, r := range p.Layers {
		shape := fmt.Sprintf("%dx%dx%dx%d", r.Taps, r.Inputs, r.Outputs, r.Groups)
		t.AppendRow(row(r.Layer, shape, r.FF.Ratio.String(), r.BP.Ratio.String(), r))
	}
	t.AppendFooter(row("total", "", "", "", &p.Total))
	t.Render()
	if p.Total.Infinite > 0 {
		fmt.Fprintf(w, "%d elements are no numbers or too large for FP16\n", p.Total.Infinite)
	}
	return nil
}

func kilo(bytes int64) string { return fmt.Sprintf("%.1f", float64(bytes)/1e3) }

func (p *pruner) csv(w io.Writer) error {
	lines := [][]string{{
		"layer", "taps", "inputs", "outputs", "groups", "elements", "ff_sparsity", "bp_sparsity", "ff_kept_elements", "bp_kept_elements",
		"ff_kept_magnitude", "bp_kept_magnitude", "kept_in_both", "kept_in_ff_only", "kept_in_bp_only", "kept_in_none", "ff_packed_bytes",
		"bp_packed_bytes",
	}}
	for _, r := range p.Layers {
		line := []string{r.Layer}
		for _, v := range []int64{r.Taps, r.Inputs, r.Outputs, r.Groups, r.Elements} {
			line = append(line, strconv.FormatInt(v, 10))
		}
		line = append(line, r.FF.Ratio.String(), r.BP.Ratio.String(), strconv.FormatInt(r.FF.Kept, 10), strconv.FormatInt(r.BP.Kept, 10),
			strconv.FormatFloat(r.FF.Magnitude, 'g', -1, 64), strconv.FormatFloat(r.BP.Magnitude, 'g', -1, 64))
		for _, v := range []int64{r.KeptInBoth, r.KeptInFFOnly, r.KeptInBPOnly, r.KeptInNone, r.FF.Bytes, r.BP.Bytes} {
			line = append(line, strconv.FormatInt(v, 10))
		}
		lines = append(lines, line)
	}
	if err := csv.NewWriter(w).WriteAll(lines); err != nil {
		return fmt.Errorf("printing the layers: %w", err)
	}
	return nil
}

func inPercent(part float64) string { return fmt.Sprintf("%.1f", 100*part) }
