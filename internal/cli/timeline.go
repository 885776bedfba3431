package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/results/timeline"
)

func (a *app) timeline() *cobra.Command {
	var m modelFlags
	var o timeline.Options
	var stage, file string
	cmd := &cobra.Command{
		Use:   "timeline -o trace.json.gz",
		Short: "Write what the machine does in a step, cycle by cycle, for a trace viewer",
		Long: `Simulates a training step and writes a slice for each instruction of each unit, with the filling of buffers, the memory's bandwidth, and arrows from
what fills a tile to what uses it: a file for ui.perfetto.dev or chrome://tracing, compressed if its name ends in .gz. A microsecond in the viewer is a cycle. What repeats is one
slice that says how often; --expand has all of it.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if file == "" {
				return usageError{errors.New("timeline needs -o FILE")}
			}
			if stage != "" {
				s, err := stageOf(stage)
				if err != nil {
					return err
				}
				o.Stage = &s
			}
			of, err := m.resolve(cmd.Context())
			if err != nil {
				return err
			}
			p := newProgress(a.err)
			defer p.stop()
			o.Progress = func(done, total int) { p.update("simulating word groups", done, total) }
			var s timeline.Summary
			kind := atomicfile.FileKind{Name: "timeline of satsim", Is: timeline.IsTimeline}
			err = kind.Write(file, func(w io.Writer) (err error) {
				if !strings.HasSuffix(file, ".gz") {
					s, err = timeline.Write(cmd.Context(), w, of, o)
					return err
				}
				s, err = timeline.WriteZipped(cmd.Context(), w, of, o)
				return err
			})
			p.stop()
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "%s: %d slices of %d tracks in %d word groups; the step takes %d cycles\n", file, s.Slices, s.Tracks, s.Groups, s.Cycles)
			return nil
		},
	}
	f := cmd.Flags()
	m.register(f)
	f.StringVar(&o.Layer, "layer", "", "only the word groups of this layer; * stands for any characters")
	f.StringVar(&stage, "stage", "", "only those of FF, BP or WU")
	f.BoolVar(&o.Expand, "expand", false, "simulate every event, so that no periods are one slice")
	f.StringVarP(&file, "output", "o", "", "file: .json, or .json.gz")
	combine(cmd, positive(f, "batch"), m.pruned)
	return cmd
}
