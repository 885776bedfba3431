package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"satsim/arch/memory"
	"satsim/internal/quantity"
	"satsim/results/experiment/models"
	"satsim/results/table"
	"satsim/results/traffic"
	"satsim/workloads"
)

// memoryFlags describe requests and the models that serve them.
type memoryFlags struct {
	modelFlags
	model, file, layer, stage string
	reads, writes             []string
	requests                  int64
}

func (a *app) memory() *cobra.Command {
	var f memoryFlags
	cmd := &cobra.Command{
		Use:   "memory",
		Short: "Run streams of requests, or those of a layer, on the off-chip memory's models",
		Long: `Runs requests to the off-chip memory on the fast model, on the detailed one, or on both: bandwidth and what took the rest of it,
latencies, commands. Requests are streams that flags or a file describe:

  satsim memory --read 64KiB --read 64KiB,run=512B,pitch=4KiB --write 64KiB,window=1
  satsim memory --traffic FILE      (kind: traffic; requests: 1000; streams: [{bytes: 64KiB, run: 512B, pitch: 4KiB, window: 2, write: true}])

or those of a layer (and a stage of it) of a network under a recipe: as the machine asks for them, and back to back, in the same order
but without waiting for anything else.

  satsim memory --network resnet18-tiny --batch 16 --layer layer2.0.conv1 --stage BP`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			form, err := a.form()
			if err != nil {
				return err
			}
			bar := newProgress(a.err)
			defer bar.stop()
			r, err := f.run(cmd.Context(), bar.update)
			bar.stop()
			if err != nil {
				return err
			}
			return a.print(cmd, "traffic", r, form)
		},
	}
	fl := cmd.Flags()
	f.register(fl)
	fl.StringVar(&f.model, "model", "both", "fast, detailed (command by command) or both")
	fl.StringArrayVar(&f.reads, "read", nil, "a stream of reads: bytes of a request, and run=, pitch= (bytes), window= (requests in flight, 2); may be repeated")
	fl.StringArrayVar(&f.writes, "write", nil, "a stream of writes, likewise")
	fl.Int64Var(&f.requests, "requests", 1000, "requests of each stream")
	fl.StringVar(&f.file, "traffic", "", "file of kind traffic that describes the streams")
	fl.StringVar(&f.layer, "layer", "", "run the requests of this layer of the network; * stands for any characters")
	fl.StringVar(&f.stage, "stage", "", "FF, BP or WU (default: all of the layer's)")
	registerFormat(fl, table.FormTerminal, "")
	combine(cmd, excludes("layer", "read", "write", "traffic", "requests"), excludes("traffic", "requests"), needs("stage", "layer"), needs("network", "layer"),
		needs("recipe", "layer"), needs("sparsity", "layer"), needs("batch", "layer"), needs("energy", "layer"), positive(fl, "batch", "requests"), f.pruned)
	return cmd
}

func (f *memoryFlags) models() ([]memory.ModelKind, error) {
	switch m := memory.ModelKind(f.model); m {
	case "both":
		return []memory.ModelKind{memory.ModelFast, memory.ModelDetailed}, nil
	case memory.ModelFast, memory.ModelDetailed:
		return []memory.ModelKind{m}, nil
	}
	return nil, usageError{fmt.Errorf("--model %q; fast, detailed and both are accepted", f.model)}
}

func (f *memoryFlags) run(ctx context.Context, p traffic.Progress) (*traffic.Result, error) {
	names, err := f.models()
	if err != nil {
		return nil, err
	}
	if f.layer == "" {
		t, err := f.traffic()
		if err != nil {
			return nil, err
		}
		s, err := f.loadSpec()
		if err != nil {
			return nil, err
		}
		return traffic.Described(ctx, &s, t, names, p)
	}
	m, err := f.resolve(ctx)
	if err != nil {
		return nil, err
	}
	stage, err := f.stageOf()
	if err != nil {
		return nil, err
	}
	if m, err = m.Only(f.layer, stage); err != nil {
		return nil, err
	}
	return traffic.OfStep(ctx, m, strings.TrimSpace(f.layer+" "+f.stage), names, p)
}

func (f *memoryFlags) stageOf() (*workloads.Stage, error) {
	if f.stage == "" {
		return nil, nil
	}
	for _, s := range workloads.Stages() {
		if strings.EqualFold(s.String(), f.stage) {
			f.stage = s.String()
			return &s, nil
		}
	}
	return nil, usageError{fmt.Errorf("--stage %q; FF, BP and WU are accepted", f.stage)}
}

// traffic reads the streams of the file, then those of flags.
func (f *memoryFlags) traffic() (memory.Traffic, error) {
	t := memory.Traffic{Requests: f.requests}
	if f.file != "" {
		if err := models.Decode("traffic", f.file, &t); err != nil {
			return t, err
		}
	}
	for _, s := range []struct {
		flag  string
		texts []string
	}{{"--read", f.reads}, {"--write", f.writes}} {
		for _, text := range s.texts {
			d, err := parseStream(text)
			if err != nil {
				return t, usageError{fmt.Errorf("%s %s: %w", s.flag, text, err)}
			}
			d.Write = s.flag == "--write"
			t.Streams = append(t.Streams, d)
		}
	}
	if len(t.Streams) == 0 {
		return t, usageError{fmt.Errorf("nothing to run: --read, --write, --traffic or --layer is needed")}
	}
	if err := t.Validate(); err != nil {
		return t, usageError{err}
	}
	return t, nil
}

// parseStream reads 64KiB,run=512B,pitch=4KiB,window=2.
func parseStream(text string) (memory.TrafficStream, error) {
	s := memory.TrafficStream{Window: traffic.Depth}
	for i, part := range strings.Split(text, ",") {
		key, value, named := strings.Cut(part, "=")
		if i == 0 && !named {
			key, value = "bytes", part
		}
		var err error
		switch key {
		case "bytes":
			s.Bytes, err = quantity.ParseBytes(value)
		case "run":
			s.Run, err = quantity.ParseBytes(value)
		case "pitch":
			s.Pitch, err = quantity.ParseBytes(value)
		case "window":
			s.Window, err = strconv.Atoi(value)
		default:
			err = fmt.Errorf("%q; bytes, run, pitch and window are accepted", part)
		}
		if err != nil {
			return s, err
		}
	}
	return s, nil
}
