package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/nm"
	"satsim/results/prune"
	"satsim/results/table"
	"satsim/workloads/weights"
)

func (a *app) prune() *cobra.Command {
	var o prune.Options
	var sparsity, layout string
	cmd := &cobra.Command{
		Use:   "prune FILE...",
		Short: "Prune real weights at N:M: what stays in the FF and BP copies, how they overlap, and the packed copies",
		Long: `Reads the weights of ONNX, .safetensors and .npz files, and of .npy files of one weight each, and prunes each along its inputs (FF) and
its outputs (BP). Numbers are FP64, FP32, FP16, BF16, FP8 or INT8. With --out, writes the packed copies and prune.json. Weights are read in panels: memory does
not grow with the file.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("prune takes at least one file that ends in .onnx, .safetensors, .npz or .npy")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			form, err := a.form()
			if err != nil {
				return err
			}
			if o.Ratio, err = nm.Parse(sparsity); err != nil {
				return usageError{fmt.Errorf("--sparsity: %w", err)}
			}
			o.Layout = weights.Layout(layout)
			for _, path := range args {
				if !prune.Readable(path) {
					return usageError{fmt.Errorf("%s: files that end in .onnx, .safetensors, .npz or .npy are accepted", path)}
				}
			}
			r, err := prune.Run(cmd.Context(), args, o)
			if err != nil {
				return err
			}
			return a.print(cmd, "weights", r, form)
		},
	}
	f := cmd.Flags()
	f.StringVar(&sparsity, "sparsity", "2:8", "N:M")
	f.StringVar(&layout, "layout", string(weights.OutFirst), "axes of .npy, .npz and .safetensors files: oihw (outputs first, as PyTorch has them) or hwio (outputs last)")
	f.IntVar(&o.Burst, "burst", 64, "bytes that a tile of the packed copies is padded to (64: a burst of eight on a 64-bit DDR4 channel)")
	f.StringVar(&o.Folder, "out", "", "folder for the packed copies and prune.json (default: nothing is written)")
	registerFormat(f, table.FormTerminal, "")
	npy := func(args []string) bool {
		return slices.ContainsFunc(args, func(path string) bool { return !strings.EqualFold(filepath.Ext(path), ".onnx") })
	}
	combine(cmd, positive(f, "burst"), when(npy, "with ONNX files alone", "layout"))
	return cmd
}
