package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"
	"github.com/x448/float16"

	"satsim/arch/stce"
	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/internal/nm"
	"satsim/results/experiment/models"
)

// What the exact model is asked for at most: PE-cycles of a run (a minute or so), and of a timeline, which is shown unasked only when it fits a
// terminal.
const (
	exactPECycles    = 4 << 30
	exactOperands    = 1 << 28
	timelinePECycles = 1 << 18
	smallArray       = 16
	smallCycles      = 120
)

// arrayFlags describe a product and the array that runs it.
type arrayFlags struct {
	arch, dataflow, over, sparsity, vectors string
	rows, cols, interleave                  int
	m, n, k, seed                           int64
	set                                     []string
	closedOnly, timeline                    bool
}

func (a *app) array() *cobra.Command {
	var f arrayFlags
	cmd := &cobra.Command{
		Use:   "array",
		Short: "Run one matrix product on the array, register by register and by the closed form",
		Long: `Runs one product of M x K times K x N on the tensor engine: on the exact model, which moves every register every cycle and computes
on random FP16 numbers, and by the closed form, which full simulations use. Shows cycles and every count of both side by side, and on a
small array what each element does in each cycle.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			format := a.settings.GetString("format")
			if err := checkFormat(format); err != nil {
				return err
			}
			r, err := f.run(cmd.Flags().Changed("timeline"))
			if err != nil {
				return err
			}
			return r.print(a.out, format)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.arch, "arch", "sat-vcu1525", "architecture: a shipped name (scalesim-ideal is one) or a file")
	fl.IntVar(&f.rows, "rows", 0, "rows of the array (default: the architecture's)")
	fl.IntVar(&f.cols, "cols", 0, "columns of the array (default: the architecture's)")
	fl.StringVar(&f.dataflow, "dataflow", "os", "os (outputs stay) or ws (weights stay)")
	fl.Int64Var(&f.m, "m", 32, "rows of the product")
	fl.Int64Var(&f.n, "n", 32, "columns of the product")
	fl.Int64Var(&f.k, "k", 32, "length of the reduction")
	fl.StringVar(&f.sparsity, "sparsity", "1:1", "N:M of the columns' operand, groups along the reduction")
	fl.IntVar(&f.interleave, "interleave", 1, "outputs that an element interleaves")
	fl.StringVar(&f.over, "interleave-over", "f", "f (neighbouring columns of the product) or t (neighbouring rows)")
	fl.BoolVar(&f.closedOnly, "closed-form-only", false, "do not run the exact model")
	fl.BoolVar(&f.timeline, "timeline", false, "show every cycle (default: if the array has at most 16 elements and the run at most 120 cycles)")
	fl.StringVar(&f.vectors, "vectors", "", "folder for test vectors: operands, what crosses the array's edges in each cycle, and results, as hex memory files with a manifest")
	fl.Int64Var(&f.seed, "seed", 1, "of the random operands")
	fl.StringArrayVar(&f.set, "set", nil, "override path=value, such as stce.add_latency=4; may be repeated")
	fl.String("format", formatTable, "standard output: table, json or csv")
	return cmd
}

// arrayResult is what the command shows.
type arrayResult struct {
	Arch       string         `json:"arch"`
	Params     stce.Params    `json:"stce"`
	Tile       stce.Tile      `json:"tile"`
	Folds      int64          `json:"folds"`
	Exact      *stce.Cost     `json:"exact,omitempty"`
	Closed     stce.Cost      `json:"closed_form"`
	Useful     float64        `json:"array_utilisation"` // MACs of kept weights over PE-cycles
	Interleave []depthCycles  `json:"interleave"`
	Timeline   *stce.Timeline `json:"timeline,omitempty"`
	Vectors    string         `json:"-"`
}

// depthCycles is the closed form at another interleave depth.
type depthCycles struct {
	Interleave int   `json:"interleave"`
	Cycles     int64 `json:"cycles"`
	Hazard     int64 `json:"hazard_cycles"`
}

// run does what the flags say. forced: --timeline was given.
func (f *arrayFlags) run(forced bool) (*arrayResult, error) {
	params, name, err := f.params()
	if err != nil {
		return nil, err
	}
	t, err := f.tile()
	if err != nil {
		return nil, usageError{err}
	}
	if err := params.Check(t.Config); err != nil {
		return nil, usageError{fmt.Errorf("the array of %s: %w", name, err)}
	}
	r := &arrayResult{Arch: name, Params: params, Tile: t, Folds: params.FoldCount(t), Closed: params.Tile(t)}
	elements := int64(params.Rows) * int64(params.Cols)
	r.Useful = float64(r.Closed.Counts[stce.MACs]) / float64(elements) / float64(r.Closed.Cycles)
	for depth := 1; depth <= params.MaxInterleave; depth *= 2 {
		other := t
		other.Interleave = depth
		c := params.Tile(other)
		r.Interleave = append(r.Interleave, depthCycles{depth, c.Cycles, c.Counts[stce.HazardCycles]})
	}
	if f.closedOnly {
		if f.vectors != "" || forced && f.timeline {
			return nil, usageError{fmt.Errorf("--closed-form-only has neither --vectors nor --timeline: these come from the exact model")}
		}
		return r, nil
	}
	if work := float64(r.Closed.Cycles) * float64(elements); work > exactPECycles || float64(t.Rows+t.Cols)*float64(t.Terms()) > exactOperands {
		return nil, usageError{fmt.Errorf("the exact model would move %.3g PE-cycles and hold %.3g operands; up to %.3g and %.3g are accepted: take a smaller product, or --closed-form-only",
			work, float64(t.Rows+t.Cols)*float64(t.Terms()), float64(exactPECycles), float64(exactOperands))}
	}
	if err := f.exact(params, t, r); err != nil {
		return nil, err
	}
	small := elements <= smallArray && r.Closed.Cycles <= smallCycles
	if f.timeline || small && !forced {
		tl, err := params.Trace(t, timelinePECycles)
		if err != nil {
			return nil, err
		}
		r.Timeline = &tl
	}
	if *r.Exact != r.Closed {
		return nil, fmt.Errorf("the closed form says %+v, the exact model %+v: this is an error in satsim", r.Closed, *r.Exact)
	}
	return r, nil
}

// exact runs the exact model, and writes its vectors if asked.
func (f *arrayFlags) exact(params stce.Params, t stce.Tile, r *arrayResult) error {
	in := randomOperands(t, uint64(f.seed))
	if f.vectors == "" {
		res, err := params.Exact(t, in)
		r.Exact = &res.Cost
		return err
	}
	res, err := params.Vectors(t, in, func(name string) (io.WriteCloser, error) {
		return &whole{path: filepath.Join(f.vectors, name)}, nil
	})
	r.Exact, r.Vectors = &res.Cost, f.vectors
	return err
}

// whole is a file that appears at once, when it is closed.
type whole struct {
	bytes.Buffer
	path string
}

func (w *whole) Close() error {
	return atomicfile.Write(w.path, func(to io.Writer) error {
		_, err := w.WriteTo(to)
		return err
	})
}

// params are the architecture's, with --set, --rows and --cols.
func (f *arrayFlags) params() (stce.Params, string, error) {
	m := modelFlags{set: f.set}
	all, err := m.overrides()
	if err != nil {
		return stce.Params{}, "", err
	}
	for _, side := range []struct {
		key string
		n   int
	}{{"rows", f.rows}, {"cols", f.cols}} {
		if side.n != 0 {
			all = append(all, config.Override{Path: "stce." + side.key, Value: strconv.Itoa(side.n), Origin: "--" + side.key})
		}
	}
	s, err := models.NewLoader().Spec(f.arch, "", all)
	return s.STCE, s.Name, err
}

// tile is the product.
func (f *arrayFlags) tile() (stce.Tile, error) {
	t := stce.Tile{Rows: f.m, Cols: f.n, Taps: 1, Channels: f.k}
	t.Interleave = f.interleave
	if err := t.Mode.UnmarshalText([]byte(f.dataflow)); err != nil {
		return t, fmt.Errorf("--dataflow: %w", err)
	}
	if err := t.Over.UnmarshalText([]byte(f.over)); err != nil {
		return t, fmt.Errorf("--interleave-over: %w", err)
	}
	var err error
	if t.Ratio, err = nm.Parse(f.sparsity); err != nil {
		return t, fmt.Errorf("--sparsity: %w", err)
	}
	const most = 1 << 31 // far beyond any layer, and far from overflow
	for _, d := range []struct {
		flag string
		v    int64
	}{{"m", f.m}, {"n", f.n}, {"k", f.k}} {
		if d.v < 1 || d.v > most {
			return t, fmt.Errorf("--%s %d; 1 to %d are accepted", d.flag, d.v, most)
		}
	}
	if macs := float64(f.m) * float64(f.n) * float64(f.k); macs > 1<<55 { // some counts are many times that
		return t, fmt.Errorf("a product of %.3g MACs; up to %.3g are accepted", macs, float64(1<<55))
	}
	return t, nil
}

// randomOperands are numbers of both signs between 1/32 and 4; of each group the N largest are kept.
func randomOperands(t stce.Tile, seed uint64) stce.Operands {
	r := rand.New(rand.NewPCG(seed, 0))
	draw := func() uint16 {
		bits := r.Uint32()
		return uint16(bits)&0x83ff | uint16(10+bits>>16%7)<<10
	}
	in := stce.Operands{
		West:  make([]float16.Float16, t.Rows*t.Terms()),
		North: make([]float16.Float16, 0, t.Cols*t.Kept()),
		Index: make([]uint8, 0, t.Cols*t.Kept()),
	}
	for i := range in.West {
		in.West[i] = float16.Frombits(draw())
	}
	group := make([]uint16, t.Ratio.M)
	for range t.Cols {
		for left := t.Channels; left > 0; left -= int64(len(group)) {
			g := group[:min(int64(len(group)), left)]
			for i := range g {
				g[i] = draw()
			}
			kept := t.Ratio.Keep(g)
			for i, v := range g {
				if kept>>i&1 == 1 {
					in.North = append(in.North, float16.Frombits(v))
					in.Index = append(in.Index, uint8(i))
				}
			}
		}
	}
	return in
}

func (r *arrayResult) print(w io.Writer, format string) error {
	switch format {
	case formatJSON:
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	case formatCSV:
		return r.csv(w)
	}
	t := &r.Tile
	fmt.Fprintf(w, "%dx%d array of %s, %s: %d x %d outputs over %d terms, %v, interleave %d over %v, %d folds\n\n",
		r.Params.Rows, r.Params.Cols, r.Arch, t.Mode, t.Rows, t.Cols, t.Channels, t.Ratio, t.Interleave, t.Over, r.Folds)
	tb := newTable(w, 1, "", "exact model", "closed form")
	for i, c := range r.rows() {
		if c.exact == "0" && c.closed == "0" || c.exact == "" && c.closed == "0" {
			continue
		}
		tb.AppendRow(table.Row{c.name, c.exact, c.closed})
		if i == 0 {
			tb.AppendSeparator()
		}
	}
	tb.Render()
	fmt.Fprintf(w, "\n%.1f %% of PE-cycles do a MAC\n", 100*r.Useful)
	if len(r.Interleave) > 1 {
		fmt.Fprintf(w, "interleaved over %v by:", t.Over)
		for _, d := range r.Interleave {
			fmt.Fprintf(w, "  %d: %d cycles (%d of hazards)", d.Interleave, d.Cycles, d.Hazard)
		}
		fmt.Fprintln(w)
	}
	if r.Vectors != "" {
		fmt.Fprintf(w, "test vectors are in %s; manifest.json describes them\n", r.Vectors)
	}
	if r.Timeline == nil {
		return nil
	}
	fmt.Fprintln(w, "\ncycle by cycle: what the first element's cycle goes to; then, element by element, row of elements by row, the output (row,column)\nand which of its kept weights; - stalls inside a fold, . has no fold")
	return r.Timeline.Write(w)
}

// metric is a line of the comparison.
type metric struct{ name, exact, closed string }

// rows are cycles, then every count by its name.
func (r *arrayResult) rows() []metric {
	exact := func(of func(*stce.Cost) int64) string {
		if r.Exact == nil {
			return ""
		}
		return strconv.FormatInt(of(r.Exact), 10)
	}
	cycles := func(c *stce.Cost) int64 { return c.Cycles }
	out := []metric{{"cycles", exact(cycles), strconv.FormatInt(r.Closed.Cycles, 10)}}
	for i, counter := range r.Params.Counters()[:stce.OfTile] {
		count := func(c *stce.Cost) int64 { return c.Counts[i] }
		out = append(out, metric{counter.Name, exact(count), strconv.FormatInt(count(&r.Closed), 10)})
	}
	return out
}

func (r *arrayResult) csv(w io.Writer) error {
	c := csv.NewWriter(w)
	lines := [][]string{{"metric", "exact", "closed_form"}}
	for _, m := range r.rows() {
		lines = append(lines, []string{m.name, m.exact, m.closed})
	}
	if err := c.WriteAll(lines); err != nil {
		return fmt.Errorf("printing the comparison: %w", err)
	}
	return nil
}

// checkFormat refuses what no command prints.
func checkFormat(format string) error {
	if format != formatTable && format != formatJSON && format != formatCSV {
		return usageError{fmt.Errorf("--format %q; table, json and csv are accepted", format)}
	}
	return nil
}
