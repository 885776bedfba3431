package cli

import (
	"bytes"
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"satsim/internal/config"
	"satsim/results/experiment/machine"
	"satsim/results/experiment/models"
	"satsim/results/query"
	"satsim/results/record"
	"satsim/results/report"
	"satsim/results/store"
	"satsim/results/sweep"
	"satsim/results/training"
)

// sources says what tables and figures are made of: records, a store, or a sweep that is run for them.
type sources struct {
	app   *app
	arch  string
	store string
	sweep string
	keep  string
	where []string
	of    []string // which trainings, of a file of them

	kept    *store.Store // what sweeps ran into
	by      store.Origin // who runs them
	records *query.Data
}

func (s *sources) register(f *pflag.FlagSet) {
	f.StringVar(&s.store, "store", "", "make it of the points of this store; nothing is simulated")
	f.StringArrayVar(&s.where, "where", nil, "with --store: condition that points must meet; may be repeated")
	f.StringArrayVar(&s.of, "training-where", nil, "of a file of trainings: only those with this value in a column, such as learning_rate=0.02; may be repeated")
	f.StringVar(&s.sweep, "sweep", "", "simulate this sweep instead of the one that belongs to the table or figure")
	f.StringVar(&s.keep, "keep", "", "file that simulated points are kept in, and taken from")
	f.StringVar(&s.arch, "arch", "sat-vcu1525", "for what is about an architecture: a shipped name or a file")
}

// open reads the records that were named and opens the store that sweeps run into.
func (s *sources) open(ctx context.Context, files []string) error {
	given := 0
	for _, g := range []bool{len(files) > 0, s.store != "", s.sweep != ""} {
		if g {
			given++
		}
	}
	if given > 1 {
		return usageError{fmt.Errorf("records, --store and --sweep exclude each other")}
	}
	if len(s.where) > 0 && s.store == "" {
		return usageError{fmt.Errorf("--where needs --store")}
	}
	if len(files) > 0 {
		var records []*record.Record
		for _, f := range files {
			r, err := readRecord(f)
			if err != nil {
				return err
			}
			records = append(records, r)
		}
		var err error
		s.records, err = query.FromRecords(records)
		return err
	}
	path := s.keep
	if path == "" {
		path = store.Memory
	}
	if s.store != "" {
		var err error
		s.kept, err = store.OpenExisting(ctx, s.store)
		return err
	}
	var err error
	if s.keep != "" { // else no row of another origin can be there
		if s.by, err = store.This(); err != nil {
			return err
		}
	}
	if s.kept, err = store.Open(ctx, path); err != nil {
		return err
	}
	return s.app.unused(ctx, s.kept, s.by)
}

// isStore knows a store by the first bytes of its file.
func isStore(head []byte) bool { return bytes.HasPrefix(head, []byte("SQLite format 3\x00")) }

func readRecord(path string) (*record.Record, error) {
	text, err := config.Read(path, config.Output)
	if err != nil {
		return nil, fmt.Errorf("reading a record: %w", err)
	}
	if isStore(text) {
		return nil, fmt.Errorf("%s: it is a store, and a record of satsim run is accepted here; commands that take points have --store", path)
	}
	r, err := record.Read(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

func (s *sources) close() {
	if s.kept != nil {
		s.kept.Close()
	}
}

// data for what is made of the points of a shipped sweep, or of those that meet a condition.
func (s *sources) data(ctx context.Context, shipped, where string) (*query.Data, error) {
	if s.records != nil {
		return s.records, nil
	}
	if s.store != "" {
		of, err := s.app.chosen(ctx, s.kept)
		if err != nil {
			return nil, err
		}
		d, err := query.FromStore(ctx, s.kept, of)
		if err != nil {
			return nil, err
		}
		bar := newProgress(s.app.err)
		defer bar.stop()
		if d.Rows, err = selectRows(d.Rows, s.where, "", "", asking(ctx, bar)); err != nil {
			return nil, usageError{err}
		}
		return d, nil
	}
	name := shipped
	if s.sweep != "" {
		name = s.sweep
	}
	plan, err := s.app.planSweep(ctx, name, s.by)
	if err != nil {
		return nil, err
	}
	report := newReport(s.app.err)
	_, err = sweep.Run(ctx, s.kept, plan.Jobs, sweep.Options{Workers: s.app.settings.GetInt("workers"), Progress: report.update})
	report.end()
	if err != nil {
		return nil, err
	}
	d, err := query.FromStore(ctx, s.kept, s.by)
	if err != nil {
		return nil, err
	}
	if d.Rows, err = inOrder(d.Rows, plan); err != nil || s.sweep != "" || where == "" {
		return d, err
	}
	d.Rows, err = query.Filter(d.Rows, []string{where}, nil)
	return d, err
}

// inOrder picks the rows of a sweep's points, in the sweep's order.
func inOrder(rows []query.NamedPoint, plan *sweep.Plan) ([]query.NamedPoint, error) {
	at := map[string]int{}
	for i := range rows {
		at[rows[i].Key] = i
	}
	out := make([]query.NamedPoint, len(plan.Jobs))
	for i, j := range plan.Jobs {
		k, ok := at[j.Key]
		if !ok {
			return nil, fmt.Errorf("%s is not in the store", j.Choice.String())
		}
		out[i] = rows[k]
	}
	return out, nil
}

// input is what an entry is made of.
func (s *sources) input(ctx context.Context, e *report.Entry, files []string) (in *report.Input, err error) {
	in = &report.Input{}
	if len(s.of) > 0 && e.From != report.FromTrainings && e.From != report.FromCurves {
		return nil, usageError{fmt.Errorf("--training-where does nothing with the %s %s, which is made of %s", e.Kind, e.Name, e.Of())}
	}
	switch e.From {
	case report.FromPoints:
		in.Data, err = s.data(ctx, e.Sweep, e.Where)
		return in, err
	case report.FromArchitecture:
		in.Spec, err = models.NewLoader().Spec(s.arch, "", nil)
		return in, err
	case report.FromRecord, report.FromSchedule, report.FromTrainings, report.FromCurves, report.FromTraining, report.FromTrace, report.FromCommand:
	}
	if s.store != "" || s.sweep != "" || s.keep != "" || len(s.where) > 0 {
		return nil, usageError{fmt.Errorf("--store, --where, --sweep and --keep do nothing with the %s %s, which is made of %s", e.Kind, e.Name, e.Of())}
	}
	if e.From == report.FromCommand {
		return nil, usageError{fmt.Errorf("the %s %s: %s", e.Kind, e.Name, e.How())}
	}
	if len(files) != 1 {
		return nil, usageError{fmt.Errorf("the %s %s takes one file, %s, not %d", e.Kind, e.Name, e.Of(), len(files))}
	}
	return in, readInto(in, e.From, files[0], s.of)
}

// readInto reads the file that an entry is made of, and of trainings those that are asked for.
func readInto(in *report.Input, from report.Source, path string, which []string) (err error) {
	switch from {
	case report.FromRecord:
		in.Record, err = readRecord(path)
	case report.FromSchedule:
		_, in.Schedule, err = machine.ReadSchedule(path)
	case report.FromTrainings:
		var rows []training.Result
		rows, err = readTrainings(path, which)
		in.Trainings = training.Summarise(rows)
	case report.FromCurves:
		in.Gaps, err = readGaps(path, which)
	case report.FromTraining:
		in.Training, err = training.ReadFile(path)
	case report.FromTrace:
		in.Trace, err = readTimeline(path)
	case report.FromPoints, report.FromArchitecture, report.FromCommand:
	}
	return err
}

// trainingsWhere are the trainings that are asked for.
func trainingsWhere(rows []training.Result, which []string) ([]training.Result, error) {
	out, err := training.Where(rows, func(r *training.Result) *training.Result { return r }, which)
	if err != nil {
		return nil, usageError{fmt.Errorf("--training-where: %w", err)}
	}
	return out, nil
}

// readTrainings reads what is known of accuracy: runs.csv of satsim train.
func readTrainings(path string, which []string) ([]training.Result, error) {
	text, err := config.Read(path, config.Output)
	if err != nil {
		return nil, fmt.Errorf("reading results of trainings: %w", err)
	}
	rows, err := training.ReadResults(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return trainingsWhere(rows, which)
}

// readGaps reads what trainings lose against dense ones, of curves.csv of satsim train.
func readGaps(path string, which []string) ([]training.Gap, error) {
	text, err := config.Read(path, config.Output)
	if err != nil {
		return nil, fmt.Errorf("reading curves of trainings: %w", err)
	}
	rows, err := training.ReadCurves(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	gaps, err := training.GapsWhere(rows, which)
	if err != nil {
		return nil, usageError{fmt.Errorf("--training-where: %w", err)}
	}
	if len(gaps) == 0 {
		return nil, fmt.Errorf("%s: no training has a dense one of the same settings and seed beside it", path)
	}
	return gaps, nil
}
