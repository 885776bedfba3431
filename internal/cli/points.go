package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/results/plot"
	"satsim/results/query"
)

// pointsFlags are what a figure of a user's own columns shows.
type pointsFlags struct {
	x, y, by, low, high string
	columns             int
}

// pointsName is the figure of satsim plot that is none of the registry's: it has no columns of its own.
const pointsName = "points"

func (f *pointsFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.x, "x", "", "of points: expression along the x axis, such as vector.lanes")
	fl.StringVar(&f.y, "y", "", "of points: expression along the y axis, such as 'speedup' or 'time_s * 1000'")
	fl.StringVar(&f.by, "by", "", "of points: expression that tells lines apart, such as network")
	fl.StringVar(&f.low, "low", "", "of points: expression of the low end of y, such as energy_low")
	fl.StringVar(&f.high, "high", "", "of points: expression of its high end")
	fl.IntVar(&f.columns, "paper-columns", 1, "of points: 1 or 2 columns of a paper, 3.5 or 7.16 inches")
}

// draw draws the points of the sources.
func (f *pointsFlags) draw(cmd *cobra.Command, s *sources, files []string) error {
	if f.x == "" || f.y == "" {
		return usageError{fmt.Errorf("plot %s needs --x and --y", pointsName)}
	}
	if (f.low == "") != (f.high == "") {
		return usageError{fmt.Errorf("--low and --high are the two ends of y; one does nothing without the other")}
	}
	if f.columns != 1 && f.columns != 2 {
		return usageError{fmt.Errorf("--paper-columns %d; 1 and 2 are accepted", f.columns)}
	}
	if len(files) == 0 && s.store == "" && s.sweep == "" {
		return usageError{fmt.Errorf("plot %s needs records, --store or --sweep", pointsName)}
	}
	ctx := cmd.Context()
	if err := s.open(ctx, files); err != nil {
		return err
	}
	defer s.close()
	d, err := s.data(ctx, "", "")
	if err != nil {
		return err
	}
	rows := slices.DeleteFunc(slices.Clone(d.Rows), func(r query.NamedPoint) bool { return r.Point.Failed() })
	bar := newProgress(s.app.err)
	defer bar.stop()
	var columns []*query.Column
	for _, e := range []string{f.x, f.y, f.by, f.low, f.high} {
		if e == "" {
			columns = append(columns, nil)
			continue
		}
		c, err := query.ColumnOf(rows, e, asking(ctx, bar))
		if err != nil {
			return usageError{err}
		}
		columns = append(columns, &c)
	}
	bar.stop()
	figure, left, err := plot.Columns(rows, columns[0], columns[1], columns[2], [2]*query.Column{columns[3], columns[4]}, f.columns == 2)
	if err != nil {
		return err
	}
	out := s.app.settings.GetString("out")
	var endings []string
	for _, form := range plot.Forms() {
		kind := atomicfile.FileKind{Name: "figure " + pointsName + " of satsim", Is: form.Known}
		if err := kind.Write(filepath.Join(out, pointsName+"."+form.Name), figure.As(form), files...); err != nil {
			return err
		}
		endings = append(endings, form.Name)
	}
	fmt.Fprintf(s.app.out, "%s.{%s}: %s over %s of %d points", filepath.Join(out, pointsName), strings.Join(endings, ","), f.y, f.x, len(rows)-left)
	if left > 0 {
		fmt.Fprintf(s.app.out, "; %d lack one of them", left)
	}
	fmt.Fprintln(s.app.out)
	return nil
}
