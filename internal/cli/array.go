package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"satsim/arch/stce"
	"satsim/internal/config"
	"satsim/internal/nm"
	"satsim/results/experiment/models"
	"satsim/results/product"
	"satsim/results/table"
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
			form, err := a.form()
			if err != nil {
				return err
			}
			bar := newProgress(a.err)
			defer bar.stop()
			r, err := f.run(cmd.Context(), cmd.Flags().Changed("timeline"), bar.update)
			bar.stop()
			if err != nil {
				return err
			}
			return a.print(cmd, "product", r, form)
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
	registerFormat(fl, table.FormTerminal, "")
	combine(cmd, positive(fl, "rows", "cols"), excludes("closed-form-only", "vectors", "seed"))
	return cmd
}

// run does what the flags say. forced: --timeline was given.
func (f *arrayFlags) run(ctx context.Context, forced bool, progress func(string, int, int)) (*product.Result, error) {
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
	if f.closedOnly && (f.vectors != "" || forced && f.timeline) {
		return nil, usageError{fmt.Errorf("--closed-form-only has neither --vectors nor --timeline: these come from the exact model")}
	}
	r, err := product.Run(ctx, name, params, t, product.Options{
		Seed: uint64(f.seed), ClosedOnly: f.closedOnly, Timeline: f.timeline, Small: !forced, Vectors: f.vectors, Progress: progress,
	})
	if large := (*product.TooLarge)(nil); errors.As(err, &large) {
		if large.Vectors {
			return nil, usageError{err}
		}
		return nil, usageError{fmt.Errorf("%w, or --closed-form-only", err)}
	}
	return r, err
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
