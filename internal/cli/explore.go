package cli

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/results/explore"
	"satsim/results/report"
	"satsim/results/store"
	"satsim/results/sweep"
	"satsim/results/table"
)

// exploring is what explore and fit are told.
type exploring struct {
	app        *app
	objectives []string
	each       bool
	fit        string
	corner     string
	gap        float64
	limit      time.Duration
	store, out string
	trained    trainedFlags
}

func (a *app) explore() *cobra.Command {
	x := &exploring{app: a}
	var certificate string
	var sample int
	var seed uint64
	cmd := &cobra.Command{
		Use:   "explore SPACE",
		Short: "Find the best designs of a space, and prove that no other is better",
		Long: `Finds the designs of a space that no other one beats, and proves it. The space is a file of kind sweep, a shipped name or a file: its axes span
the designs, its networks are what they are judged by; with --objective time,accuracy its recipes and ratios are designs, too. A design is ruled out by a bound that is no better than what another design was simulated to take:
by closed form, then by what its schedule takes at the least, or it is simulated. With a store an interrupted search goes on where it was.
--out writes a certificate, which --verify checks by a plain loop over all designs.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if certificate != "" {
				return x.verify(cmd.Context(), certificate, sample, seed)
			}
			if len(args) != 1 {
				return usageError{fmt.Errorf("explore takes one argument, the space's file, not %d", len(args))}
			}
			f, err := sweep.Open(args[0])
			if err != nil {
				return err
			}
			return x.search(cmd, f, &modelFlags{})
		},
	}
	f := cmd.Flags()
	x.register(cmd)
	f.StringVar(&certificate, "verify", "", "check this certificate instead of searching")
	f.IntVar(&sample, "sample", 100, "with --verify: so many draws, with replacement, of all designs; those drawn that are not excluded are simulated")
	f.Uint64Var(&seed, "seed", 1, "with --verify: of the draw")
	f.Lookup("workers").Usage += "; with --verify: networks of the base, no more"
	combine(cmd, only(f, "verify", "sample", "seed", "store", "workers", "training"), argsNone("verify"), needs("sample", "verify"), needs("seed", "verify"), positive(f, "workers"))
	return cmd
}

// argsNone: beside a flag there are no arguments.
func argsNone(flag string) rule {
	return func(given func(string) bool, args []string) error {
		if given(flag) && len(args) > 0 {
			return fmt.Errorf("%s does nothing with --%s", args[0], flag)
		}
		return nil
	}
}

func (a *app) fit() *cobra.Command {
	x := &exploring{app: a}
	var m modelFlags
	var networks []string
	var space string
	cmd := &cobra.Command{
		Use:   "fit",
		Short: "Find the fastest design that fits a board, for a network",
		Long: `Finds the fastest design that fits a board for certain, for a network or the mean of several, in a space of sizes (the shipped one is configs/sweep/fit.yaml): rows,
columns, groups and links of the array, lanes of the other units. It is satsim explore in short.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := sweep.Open(space)
			if err != nil {
				return err
			}
			if len(networks) > 0 {
				f.Networks = networks
			}
			f.Arch, f.Board = m.arch, m.board
			return x.search(cmd, f, &m)
		},
	}
	f := cmd.Flags()
	x.register(cmd)
	m.registerArch(f)
	f.StringVar(&space, "space", "fit", "the space of sizes: a shipped name or a file")
	f.StringSliceVar(&networks, "network", nil, "networks, separated by commas (default: those of the space)")
	combine(cmd, positive(f, "workers"))
	return cmd
}

func (x *exploring) register(cmd *cobra.Command) {
	f := cmd.Flags()
	var others []string
	for _, o := range explore.Objectives()[1:] {
		others = append(others, string(o))
	}
	f.StringSliceVar(&x.objectives, "objective", []string{"time"}, "what is made small, separated by commas: time, then any of "+strings.Join(others, ", "))
	f.BoolVar(&x.each, "each", false, "judge designs by time, energy and accuracy of each network, not by their means: the front has that of each network in it")
	f.StringVar(&x.fit, "fit", string(explore.FitCertain), "designs that are let in: certain, possible or any")
	f.StringVar(&x.corner, "corner", string(explore.High), "the end of the intervals of resources and joules that counts as objective: low, middle or high")
	f.Float64Var(&x.gap, "gap", 0, "leave designs that can be better by no more than so many percent")
	f.DurationVar(&x.limit, "time", 0, "stop after this time, such as 10m, with the gap that is reached")
	f.StringVar(&x.store, "store", "", "file that simulated points are kept in; it is made if there is none")
	x.trained.register(f)
	f.StringVar(&x.out, "out", "", "file to write the certificate to")
	f.Int("workers", runtime.NumCPU(), "designs worked on side by side")
	registerFormat(f, table.FormTerminal, "")
}

// options of a search.
func (x *exploring) options() (o explore.Options, err error) {
	bad := func(flag string, err error) (explore.Options, error) {
		return o, usageError{fmt.Errorf("--%s: %w", flag, err)}
	}
	if o.Objectives, err = explore.ParseObjectives(x.objectives); err != nil {
		return bad("objective", err)
	}
	if o.Fit, err = explore.ParseFit(x.fit); err != nil {
		return bad("fit", err)
	}
	if o.Corner, err = explore.ParseCorner(x.corner); err != nil {
		return bad("corner", err)
	}
	if x.gap < 0 {
		return bad("gap", fmt.Errorf("%g; 0 or more percent are accepted", x.gap))
	}
	if x.limit < 0 {
		return bad("time", fmt.Errorf("%v; a time such as 10m is accepted", x.limit))
	}
	o.Each, o.Gap, o.Limit, o.Workers = x.each, x.gap/100, x.limit, x.app.settings.GetInt("workers")
	return o, nil
}

// tiers are those of a store, if one was named, which is to be closed.
func (x *exploring) tiers(ctx context.Context) (t explore.Tiers, by store.Origin, closing func() error, err error) {
	if by, err = store.This(); err != nil {
		return t, by, nil, err
	}
	if x.store == "" {
		return explore.NewTiers(nil, by), by, func() error { return nil }, nil
	}
	s, err := store.Open(ctx, x.store)
	if err != nil {
		return t, by, nil, err
	}
	return explore.NewTiers(s, by), by, s.Close, nil
}

func (x *exploring) search(cmd *cobra.Command, f *sweep.File, m *modelFlags) error {
	form, err := x.app.form()
	if err != nil {
		return err
	}
	o, err := x.options()
	if err != nil {
		return err
	}
	if x.out != "" {
		if _, err := certificates().Find(x.out); err != nil {
			return fmt.Errorf("writing %s: %w", x.out, err)
		}
	}
	before, err := m.overrides()
	if err != nil {
		return err
	}
	space, err := x.space(f, before, o.Objectives)
	if err != nil {
		return err
	}
	if x.each && len(space.Works) == 1 {
		return usageError{fmt.Errorf("--each does nothing: space %s has one network, at one batch", f.Name)}
	}
	ctx := cmd.Context()
	tiers, by, closing, err := x.tiers(ctx)
	if err != nil {
		return err
	}
	bar := newProgress(x.app.err)
	o.Progress = showing(bar)
	found, err := explore.Search(ctx, space, tiers, o)
	bar.stop()
	if err != nil {
		return errors.Join(err, closing())
	}
	c, err := explore.Certify(f, before, o, found, space, by)
	if err != nil {
		return errors.Join(err, closing())
	}
	e := &report.Explored{Certificate: c, Space: space, Objectives: o.Objectives, Rules: fmt.Sprintf("fit: %s, estimates at their %s end", o.Fit, o.Corner), Result: found}
	if err := errors.Join(x.conclude(ctx, e, tiers, o), closing()); err != nil {
		return err
	}
	a := x.app
	if err := a.print(cmd, "explored", e, form); err != nil {
		return err
	}
	return ctx.Err()
}

// certificates are what a certificate may replace.
func certificates() *atomicfile.FileKind {
	return atomicfile.Begins("certificate of satsim explore", "{\n \"schema\": \""+explore.Schema)
}

// conclude writes the certificate, and only then tries changes of the first design: what was proven is not lost if they are interrupted.
func (x *exploring) conclude(ctx context.Context, e *report.Explored, tiers explore.Tiers, o explore.Options) (err error) {
	if x.out != "" {
		if err := certificates().Write(x.out, e.Certificate.Write); err != nil {
			return err
		}
	}
	if len(e.Result.Front) == 0 {
		return nil
	}
	if ctx.Err() == nil {
		e.Next, err = explore.Neighbours(ctx, e.Space, tiers, o, &e.Result.Front[0], &e.Result.Base)
	}
	if e.Untried = ctx.Err() != nil && len(e.Next) == 0; e.Untried {
		return nil
	}
	return err
}

// space is that of a file, with what was learned if that is an objective.
func (x *exploring) space(f *sweep.File, before []config.Override, objectives []explore.Objective) (*explore.Space, error) {
	judged := slices.Contains(objectives, explore.Accuracy)
	if x.trained.given() && !judged {
		return nil, usageError{fmt.Errorf("--%s does nothing without accuracy among the objectives", x.trained.first())}
	}
	s, err := explore.NewSpace(f, before, objectives)
	if err != nil || !judged {
		return s, err
	}
	groups, err := x.trained.read()
	if err != nil {
		return nil, err
	}
	return s, s.Join(groups)
}

// showing shows how far a search is.
func showing(bar *progressBar) func(explore.Progress) {
	return func(p explore.Progress) {
		if p.Total > 0 {
			bar.update(p.What, p.Done, p.Total)
			return
		}
		gap := "no gap yet"
		if p.Gap >= 0 {
			gap = fmt.Sprintf("gap %.2f %%", 100*p.Gap)
		}
		bar.update(fmt.Sprintf("%s, %d open, %d simulated", gap, p.Open, p.Exact), p.Exact, p.Exact+p.Open+1)
	}
}

func (x *exploring) verify(ctx context.Context, path string, sample int, seed uint64) error {
	c, f, before, err := explore.Read(path)
	if err != nil {
		return err
	}
	space, err := x.certified(c, f, before)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	tiers, by, closing, err := x.tiers(ctx)
	if err != nil {
		return err
	}
	if by.String() != c.Model {
		fmt.Fprintf(x.app.err, "the certificate is of %s, this satsim is %v\n", c.Model, by)
	}
	bar := newProgress(x.app.err)
	v, err := explore.Verify(ctx, space, tiers, c, sample, seed, x.app.settings.GetInt("workers"), showing(bar))
	bar.stop()
	if err := errors.Join(err, closing()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	fmt.Fprintf(x.app.out, "%s %s: %d designs bounded anew, %d of them scheduled, %d simulated, %d of those drawn at random\n", path, report.Holds(c), v.Designs, v.Scheduled, v.Simulated, v.Sample)
	return nil
}

// certified is the space of a certificate, with its accuracies; they are held against trainings if some were named.
func (x *exploring) certified(c *explore.Certificate, f *sweep.File, before []config.Override) (*explore.Space, error) {
	if x.trained.given() {
		s, err := x.space(f, before, c.Objectives)
		if err != nil {
			return nil, err
		}
		if !slices.Equal(s.Trained(), c.Trained) {
			return nil, fmt.Errorf("its accuracies are not those of %s", x.trained.words())
		}
	}
	s, err := explore.NewSpace(f, before, c.Objectives)
	if err != nil {
		return nil, err
	}
	return s, s.Recall(c.Trained)
}
