package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"satsim/arch/memory"
	"satsim/arch/spec"
	"satsim/internal/quantity"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/workloads"
)

// dmaDepth is how many requests a lane of the machine has under way (arch/link, arch/memory).
const dmaDepth = 2

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
			format := a.settings.GetString("format")
			if err := checkFormat(format); err != nil {
				return err
			}
			r, err := f.run(cmd.Context())
			if err != nil {
				return err
			}
			return r.print(a.out, format)
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
	fl.String("format", formatTable, "standard output: table, json or csv")
	return cmd
}

// memoryResult is what the command shows.
type memoryResult struct {
	Arch       string          `json:"arch"`
	What       string          `json:"requests"`
	Technology string          `json:"technology"`
	Channels   int             `json:"channels"`
	Peak       float64         `json:"peak_bytes_per_s"`
	Port       float64         `json:"port_bytes_per_s"`
	Traffic    *memory.Traffic `json:"traffic,omitempty"`
	Results    []modelResult   `json:"results"`
}

// modelResult is what one model made of the requests.
type modelResult struct {
	Model string `json:"model"`
	Mode  string `json:"mode"` // described, as_asked, back_to_back
	memory.TrafficResult
	// Error is by how much the fast model takes longer than the detailed one in the same mode, as a share.
	Error *float64 `json:"error,omitempty"`
}

func (f *memoryFlags) models() ([]string, error) {
	switch f.model {
	case "both":
		return []string{memory.ModelFast, memory.ModelDetailed}, nil
	case memory.ModelFast, memory.ModelDetailed:
		return []string{f.model}, nil
	}
	return nil, usageError{fmt.Errorf("--model %q; fast, detailed and both are accepted", f.model)}
}

func (f *memoryFlags) run(ctx context.Context) (*memoryResult, error) {
	names, err := f.models()
	if err != nil {
		return nil, err
	}
	if f.layer == "" {
		return f.described(names)
	}
	if f.file != "" || len(f.reads)+len(f.writes) > 0 {
		return nil, usageError{fmt.Errorf("--layer has requests of its own: --read, --write and --traffic are not accepted with it")}
	}
	m, err := f.resolve()
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
	r := newMemoryResult(&m.Spec, fmt.Sprintf("%s at batch %d under %s; only %s", m.Network.Name, m.Step.Images, m.Recipe.Name, strings.TrimSpace(f.layer+" "+f.stage)))
	for _, name := range names {
		s := m.Spec
		s.Board.Memory.Model = name
		stream, err := machine.Traffic(ctx, s, m.Step, m.Recipe)
		if err != nil {
			return nil, err
		}
		alone, err := memory.New(s.Board.Memory, int64(s.Clock))
		if err != nil {
			return nil, err
		}
		r.Results = append(r.Results, modelResult{Model: name, Mode: "as_asked", TrafficResult: stream.Asked},
			modelResult{Model: name, Mode: "back_to_back", TrafficResult: memory.Replay(alone, int64(s.Clock), stream.Requests, dmaDepth)})
	}
	r.compare()
	return r, nil
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

// described runs the streams of flags or a file.
func (f *memoryFlags) described(names []string) (*memoryResult, error) {
	t, err := f.traffic()
	if err != nil {
		return nil, err
	}
	all, err := f.overrides()
	if err != nil {
		return nil, err
	}
	s, err := models.NewLoader().Spec(f.arch, "", all)
	if err != nil {
		return nil, err
	}
	r := newMemoryResult(&s, fmt.Sprintf("%d streams of %d requests", len(t.Streams), t.Requests))
	r.Traffic = &t
	for _, name := range names {
		p := s.Board.Memory
		p.Model = name
		model, err := memory.New(p, int64(s.Clock))
		if err != nil {
			return nil, err
		}
		res, err := memory.RunTraffic(model, int64(s.Clock), t)
		if err != nil {
			return nil, err
		}
		r.Results = append(r.Results, modelResult{Model: name, Mode: "described", TrafficResult: res})
	}
	r.compare()
	return r, nil
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
	s := memory.TrafficStream{Window: dmaDepth}
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

func newMemoryResult(s *spec.Spec, what string) *memoryResult {
	p := &s.Board.Memory
	return &memoryResult{
		Arch: s.Name, What: what, Technology: p.Technology, Channels: p.Channels,
		Peak: float64(p.PeakBandwidth()) * float64(p.Channels), Port: float64(p.PortBandwidth()) * float64(p.Channels),
	}
}

// compare sets the fast model's error where both models ran.
func (r *memoryResult) compare() {
	for i := range r.Results {
		for k := range r.Results {
			a, b := &r.Results[i], &r.Results[k]
			if a.Mode == b.Mode && a.Model == memory.ModelFast && b.Model == memory.ModelDetailed {
				e := float64(a.Cycles)/float64(b.Cycles) - 1
				a.Error = &e
			}
		}
	}
}

func (r *memoryResult) print(w io.Writer, format string) error {
	rows := r.rows()
	switch format {
	case formatJSON:
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	case formatCSV:
		lines := [][]string{append([]string{"metric"}, r.columns()...)}
		for _, row := range rows {
			if row.name != "" {
				lines = append(lines, append([]string{row.name}, row.values...))
			}
		}
		if err := csv.NewWriter(w).WriteAll(lines); err != nil {
			return fmt.Errorf("printing the results: %w", err)
		}
		return nil
	}
	fmt.Fprintf(w, "%s\n%d channels of %s: %.1f GB/s at the pins, %.1f GB/s through the ports of %s\n\n", r.What, r.Channels, r.Technology, r.Peak/1e9, r.Port/1e9, r.Arch)
	header := []any{""}
	for _, c := range r.columns() {
		header = append(header, strings.ReplaceAll(c, "_", " "))
	}
	t := newTable(w, 1, header...)
	for _, row := range rows {
		if row.name == "" {
			t.AppendSeparator()
			continue
		}
		line := table.Row{strings.ReplaceAll(row.name, "_", " ")}
		for _, v := range row.values {
			line = append(line, v)
		}
		t.AppendRow(line)
	}
	t.Render()
	for i := range r.Results {
		if e := r.Results[i].Error; e != nil {
			fmt.Fprintf(w, "%s: the fast model takes %+.2f %% of the detailed one's time\n", strings.ReplaceAll(r.Results[i].Mode, "_", " "), 100**e)
		}
	}
	return nil
}

func (r *memoryResult) columns() []string {
	var out []string
	for i := range r.Results {
		c := r.Results[i].Model
		if m := r.Results[i].Mode; m != "described" {
			c += "_" + m
		}
		out = append(out, c)
	}
	return out
}

// metricRow is a figure of all results; one without a name parts groups of them.
type metricRow struct {
	name   string
	values []string
}

func (r *memoryResult) rows() []metricRow {
	var out []metricRow
	add := func(name string, of func(*modelResult) string) {
		row := metricRow{name: name}
		for i := range r.Results {
			row.values = append(row.values, of(&r.Results[i]))
		}
		out = append(out, row)
	}
	count := func(name string, of func(*modelResult) int64) {
		add(name, func(m *modelResult) string { return strconv.FormatInt(of(m), 10) })
	}
	real := func(name, format string, of func(*modelResult) float64) {
		add(name, func(m *modelResult) string { return fmt.Sprintf(format, of(m)) })
	}
	count("cycles", func(m *modelResult) int64 { return m.Cycles })
	count("read_bytes", func(m *modelResult) int64 { return m.ReadBytes })
	count("write_bytes", func(m *modelResult) int64 { return m.WriteBytes })
	real("bandwidth_gb_per_s", "%.3f", func(m *modelResult) float64 { return m.Bandwidth / 1e9 })
	real("share_of_port_percent", "%.2f", func(m *modelResult) float64 { return 100 * m.ShareOfPort })
	for _, s := range []struct {
		name string
		of   func(*memory.Shares) float64
	}{
		{"useful", func(s *memory.Shares) float64 { return s.Useful }}, {"padding", func(s *memory.Shares) float64 { return s.Padding }},
		{"rows", func(s *memory.Shares) float64 { return s.Rows }}, {"turns", func(s *memory.Shares) float64 { return s.Turns }},
		{"refresh", func(s *memory.Shares) float64 { return s.Refresh }}, {"port", func(s *memory.Shares) float64 { return s.Port }},
		{"idle", func(s *memory.Shares) float64 { return s.Idle }},
	} {
		real("peak_"+s.name+"_percent", "%.2f", func(m *modelResult) float64 { return 100 * s.of(&m.Shares) })
	}
	for _, l := range []struct {
		name string
		of   func(*modelResult) *memory.Latency
	}{{"read", func(m *modelResult) *memory.Latency { return &m.Read }}, {"write", func(m *modelResult) *memory.Latency { return &m.Write }}} {
		out = append(out, metricRow{})
		count(l.name+"_requests", func(m *modelResult) int64 { return l.of(m).Requests })
		real(l.name+"_mean_cycles", "%.1f", func(m *modelResult) float64 { return l.of(m).Mean })
		count(l.name+"_median_cycles", func(m *modelResult) int64 { return l.of(m).Median })
		count(l.name+"_p95_cycles", func(m *modelResult) int64 { return l.of(m).P95 })
		count(l.name+"_p99_cycles", func(m *modelResult) int64 { return l.of(m).P99 })
		count(l.name+"_max_cycles", func(m *modelResult) int64 { return l.of(m).Max })
	}
	out = append(out, metricRow{})
	for _, c := range []struct {
		name string
		of   func(*memory.Mix) int64
	}{
		{"activates", func(m *memory.Mix) int64 { return m.Activates }}, {"precharges", func(m *memory.Mix) int64 { return m.Precharges }},
		{"reads", func(m *memory.Mix) int64 { return m.Reads }}, {"writes", func(m *memory.Mix) int64 { return m.Writes }},
		{"refreshes", func(m *memory.Mix) int64 { return m.Refreshes }}, {"row_hits", func(m *memory.Mix) int64 { return m.Hits }},
		{"row_misses", func(m *memory.Mix) int64 { return m.Misses }}, {"row_conflicts", func(m *memory.Mix) int64 { return m.Conflicts }},
		{"turn_arounds", func(m *memory.Mix) int64 { return m.TurnArounds }},
	} {
		count(c.name, func(m *modelResult) int64 { return c.of(&m.Mix) })
	}
	return out
}
