package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"satsim/arch/rtl"
	"satsim/arch/spec"
	"satsim/arch/stce"
	"satsim/internal/nm"
	"satsim/internal/verilog"
	"satsim/results/report"
	"satsim/results/store"
)

// rtlFlags say what is made of an architecture in Verilog.
type rtlFlags struct {
	modelFlags
	out         string
	check       bool
	synth       bool
	unit        string
	netlists    string
	waves       bool
	registers   string
	why         int
	tile        int
	seed        uint64
	tiles, side int
	read        int
	held        bool
}

func (a *app) rtl() *cobra.Command {
	var f rtlFlags
	cmd := &cobra.Command{
		Use:   "rtl",
		Short: "Write an accelerator's units in Verilog, and hold them to the exact models",
		Long: `Writes a folder with the units in Verilog, a header of parameters, a register map, a top level, self-checking benches with random vectors, a Makefile, a
FuseSoC core, a skeleton of constraints, the units' contracts and a README with timing diagrams, of an example or, with --waves, of its own benches. --check runs the benches in the simulators that are installed (Icarus Verilog,
Verilator) and prints equal, or the first cycle, port and bit that differ. --why says what the array, or with --unit another one, does in a cycle of its bench, and which rules of its
contract fix that (arch/{stce,sore,wuve,vector,norm}/doc.go; of feeders, arch/feed/doc.go). --synth has yosys make the modules of every unit, as large as the architecture has them, and prints its counts beside the estimates of satsim
resources, and the longest paths; with --netlists it goes on where it was stopped.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			why := cmd.Flags().Changed("why")
			if f.out == "" && !f.check && !f.synth && !why && f.registers == "" {
				return usageError{errors.New("nothing to do: --out, --check, --synth, --registers or --why is needed")}
			}
			if f.read < 1 || f.read > rtl.MostRead {
				return usageError{fmt.Errorf("--read-latency %d; 1 to %d are accepted", f.read, rtl.MostRead)}
			}
			if f.unit != "" && f.unit != "stce" && cmd.Flags().Changed("tile") {
				return usageError{fmt.Errorf("--tile does nothing with --unit %s: its bench runs all jobs in one go", f.unit)}
			}
			return f.run(cmd.Context(), a, why)
		},
	}
	fl := cmd.Flags()
	f.registerArch(fl)
	fl.StringVarP(&f.out, "out", "o", "", "folder to write: one that is free, or a bundle that nobody has changed")
	fl.BoolVar(&f.check, "check", false, "run the benches in the simulators that are installed")
	fl.BoolVar(&f.waves, "waves", false, "of --out: draw this architecture's own timing diagrams, from its benches in Icarus Verilog; else those of an example are in the folder")
	fl.StringVar(&f.registers, "registers", "", "print what the array, at its full size, is told of a tile: rows=N,cols=N,channels=N, and as needed mode=os|ws,over=f|t,interleave=N,ratio=N:M,taps=N,products=N,resume=true,spill=true,held=true")
	fl.BoolVar(&f.synth, "synth", false, "synthesize the units' modules with yosys, and print what they take")
	fl.StringVar(&f.unit, "unit", "", "of --synth and --why: only this unit: stce, sore, wuve, vector or norm; --why asks the array, unless another one is named")
	fl.StringVar(&f.netlists, "netlists", "", "of --synth: folder in which netlists stay; those of the same sources, parameters and yosys are not made again")
	fl.IntVar(&f.why, "why", 0, "say what a unit does in this cycle of its bench, and by which rules")
	fl.IntVar(&f.tile, "tile", 0, "of --why of the array: the tile of the bench")
	fl.Uint64Var(&f.seed, "seed", 1, "of the random vectors")
	fl.IntVar(&f.tiles, "tiles", 12, "tiles and jobs of each bench")
	fl.IntVar(&f.side, "side", 4, "rows, columns and lanes of the units in their benches, at most; all else is the architecture's")
	fl.IntVar(&f.read, "read-latency", 2, "cycles in which buffers of operands answer, the array's and those of the other units' feeders: 1 to 3")
	fl.BoolVar(&f.held, "held-places", false, "elements of the array have places that outputs may hold, which WU over kept weights alone runs on (slope); none have, else")
	combine(cmd, positive(fl, "tiles", "side"), needs("tile", "why"), needs("unit", "synth", "why"), needs("netlists", "synth"), needs("waves", "out"))
	return cmd
}

func (f *rtlFlags) run(ctx context.Context, a *app, why bool) error {
	s, err := f.loadSpec()
	if err != nil {
		return err
	}
	if f.unit != "" {
		if err := rtl.CheckUnit(&s, f.unit); err != nil {
			return usageError{fmt.Errorf("--unit: %w", err)}
		}
	}
	o := f.options()
	b, err := rtl.New(&s, o)
	if err != nil {
		return err
	}
	if f.registers != "" {
		t, err := registersTile(f.registers)
		if err != nil {
			return usageError{fmt.Errorf("--registers: %w", err)}
		}
		if t.Held && !f.held {
			return usageError{errors.New("--registers: held=true: elements have no places that outputs hold; --held-places is needed")}
		}
		text, err := rtl.Registers(s.STCE, t)
		if err != nil {
			return usageError{err}
		}
		fmt.Fprint(a.out, text)
	}
	if f.waves {
		if err := drawRTL(ctx, b); err != nil {
			return err
		}
	}
	if f.out != "" {
		if err := b.Write(f.out); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%d files are in %s\n", len(b.Files), f.out)
		for _, note := range rtl.Notes(&s) {
			fmt.Fprintln(a.out, note)
		}
	}
	if why {
		text, err := f.explain(&s, o)
		if err != nil {
			return usageError{fmt.Errorf("--why: %w", err)}
		}
		fmt.Fprint(a.out, text)
	}
	if f.check {
		if err := a.checkRTL(ctx, b); err != nil {
			return err
		}
	}
	if f.synth {
		return f.synthesize(ctx, a, &s)
	}
	return nil
}

// options are what a bundle has beside its architecture.
func (f *rtlFlags) options() rtl.Options {
	info, _ := debug.ReadBuildInfo()
	by := fmt.Sprintf("satsim %s, %s, model version %d", release(info), commit(info), store.ModelVersion)
	return rtl.Options{Seed: f.seed, Tiles: f.tiles, Side: f.side, Read: f.read, Held: f.held, By: by}
}

// explain says what a unit does in a cycle.
func (f *rtlFlags) explain(s *spec.Spec, o rtl.Options) (string, error) {
	if f.unit == "" || f.unit == "stce" {
		return rtl.Why(s.STCE, o, f.tile, f.why)
	}
	return rtl.WhyUnit(s, o, f.unit, f.why)
}

// synthesize prints what yosys makes of the modules of an architecture, beside their estimates.
func (f *rtlFlags) synthesize(ctx context.Context, a *app, s *spec.Spec) (err error) {
	all, err := rtl.Modules(s, f.unit, f.options())
	if err != nil {
		return usageError{err}
	}
	version, err := verilog.SynthesisVersion(ctx)
	if err != nil {
		return err
	}
	dir := f.netlists
	if dir == "" {
		if dir, err = os.MkdirTemp("", "satsim-rtl-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	bar := newProgress(a.err)
	defer bar.stop()
	made, err := rtl.Synthesize(ctx, dir, all, bar.update)
	if err != nil {
		return err
	}
	bar.stop()
	return report.SynthesisOf(s, version, made).Text(a.out)
}

// drawRTL draws a bundle's own diagrams.
func drawRTL(ctx context.Context, b *rtl.Bundle) (err error) {
	dir, err := os.MkdirTemp("", "satsim-rtl-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return b.Draw(ctx, dir)
}

// registersTile is a tile as it is given to --registers.
func registersTile(text string) (stce.Tile, error) {
	t := stce.Tile{Taps: 1, Products: 1}
	t.Interleave, t.Ratio = 1, nm.Ratio{N: 1, M: 1}
	whole := func(to *int64) func(string) error {
		return func(v string) (err error) {
			const most = 1 << 31 // far beyond any layer, and far from overflow
			if *to, err = strconv.ParseInt(v, 10, 64); err != nil || *to < 1 || *to > most {
				return fmt.Errorf("1 to %d are accepted", most)
			}
			return nil
		}
	}
	truth := func(to *bool) func(string) error {
		return func(v string) (err error) { *to, err = strconv.ParseBool(v); return err }
	}
	interleave := int64(1)
	read := map[string]func(string) error{
		"rows": whole(&t.Rows), "cols": whole(&t.Cols), "taps": whole(&t.Taps), "channels": whole(&t.Channels), "products": whole(&t.Products), "interleave": whole(&interleave),
		"mode": func(v string) error { return t.Mode.UnmarshalText([]byte(v)) }, "over": func(v string) error { return t.Over.UnmarshalText([]byte(v)) },
		"ratio": func(v string) (err error) { t.Ratio, err = nm.Parse(v); return err }, "resume": truth(&t.Resume), "spill": truth(&t.Spill), "held": truth(&t.Held),
	}
	given := map[string]bool{}
	for _, part := range strings.Split(text, ",") {
		key, v, _ := strings.Cut(part, "=")
		set, known := read[key]
		if !known || given[key] {
			return t, fmt.Errorf("%q; each of %s once, as key=value, is accepted", part, strings.Join(slices.Sorted(maps.Keys(read)), ", "))
		}
		given[key] = true
		if err := set(v); err != nil {
			return t, fmt.Errorf("%s: %w", part, err)
		}
	}
	for _, key := range []string{"rows", "cols", "channels"} {
		if !given[key] {
			return t, fmt.Errorf("%s is missing", key)
		}
	}
	t.Interleave = int(interleave)
	return t, nil
}

// checkRTL prints what every bench says in every simulator, as soon as it does. That all are missing is an error, as is a difference.
func (a *app) checkRTL(ctx context.Context, b *rtl.Bundle) (err error) {
	var simulators []verilog.Simulator
	for _, s := range verilog.Simulators() {
		if err := s.Missing(); err != nil {
			fmt.Fprintf(a.out, "%s not run: %s\n", s.Name, strings.ReplaceAll(err.Error(), "\n", "; "))
			continue
		}
		simulators = append(simulators, s)
	}
	if len(simulators) == 0 {
		return errors.New("no simulator is installed, so nothing was checked")
	}
	dir, err := os.MkdirTemp("", "satsim-rtl-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ran, differ := 0, 0
	err = b.Check(ctx, dir, simulators, func(o rtl.Outcome) {
		ran++
		if o.Differs != nil {
			differ++
			fmt.Fprintf(a.out, "%-6s %-9s differs: %v\n", o.Unit, o.Simulator, o.Differs)
			return
		}
		fmt.Fprintf(a.out, "%-6s %-9s equal: %d %s\n", o.Unit, o.Simulator, o.Equal, o.Jobs)
	})
	if err == nil && differ > 0 {
		err = fmt.Errorf("%d of %d runs differ from the exact models", differ, ran)
	}
	return err
}
