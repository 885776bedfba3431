package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"satsim/internal/nm"
	"satsim/results/prune"
	"satsim/workloads/weights"
)

func (a *app) prune() *cobra.Command {
	var o prune.Options
	var sparsity, layout string
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
			if o.Ratio, err = nm.Parse(sparsity); err != nil {
				return usageError{fmt.Errorf("--sparsity: %w", err)}
			}
			o.Layout = weights.Layout(layout)
			for _, path := range args {
				if !prune.Readable(path) {
					return usageError{fmt.Errorf("%s: files that end in .onnx or .npy are accepted", path)}
				}
			}
			r, err := prune.Run(cmd.Context(), args, o)
			if err != nil {
				return err
			}
			return printPrune(a.out, r, format)
		},
	}
	f := cmd.Flags()
	f.StringVar(&sparsity, "sparsity", "2:8", "N:M")
	f.StringVar(&layout, "layout", string(weights.OutFirst), "axes of .npy files: oihw (outputs first, as PyTorch has them) or hwio (outputs last)")
	f.IntVar(&o.Burst, "burst", 64, "bytes that a tile of the packed copies is padded to (64: a burst of eight on a 64-bit DDR4 channel)")
	f.StringVar(&o.Folder, "out", "", "folder for the packed copies and prune.json (default: nothing is written)")
	f.String("format", formatTable, "standard output: table, json or csv")
	return cmd
}

func printPrune(w io.Writer, p *prune.Result, format string) error {
	switch format {
	case formatJSON:
		return p.Write(w)
	case formatCSV:
		return pruneCSV(w, p)
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

func pruneCSV(w io.Writer, p *prune.Result) error {
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
