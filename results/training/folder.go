package training

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/results/plot"
	"satsim/results/table"
)

// SummariseFolder puts all trainings of a folder together, writes the tables and figures beside them, and hands back the summary.
func SummariseFolder(out string) (*table.Table, error) {
	names, err := filepath.Glob(filepath.Join(out, "*", "training.json"))
	if err != nil {
		return nil, fmt.Errorf("looking for trainings in %s: %w", out, err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no trainings in %s: no folder in it has a training.json", out)
	}
	var rows []Result
	var runs []*Run
	for _, name := range names {
		r, err := ReadFile(name)
		if err != nil {
			return nil, err
		}
		row, err := r.Result()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		rows, runs = append(rows, row), append(runs, r)
	}
	groups := Summarise(rows)
	summary := Table(groups)
	files := []output{
		{"runs.csv", begins("network,recipe,sparsity,seed,data,"), Results(rows).CSV},
		{"curves.csv", begins("network,recipe,sparsity,seed,epoch,"), func(w io.Writer) error { return writeCurves(w, runs...) }},
		{"summary.csv", begins("network,recipe,sparsity,seeds,"), summary.CSV},
		{"summary.md", func(head []byte) bool { return bytes.Contains(head, []byte(" epochs, batch ")) }, func(w io.Writer) error { return WriteMarkdown(w, groups) }},
	}
	if slices.ContainsFunc(groups, func(g SeedGroup) bool { return g.Seeds > 0 }) { // else all diverged, and there is nothing to draw
		f, err := Figure(groups)
		if err != nil {
			return nil, err
		}
		files = append(files, figure("summary", f)...)
	}
	epochs, err := epochResults(runs)
	if err != nil {
		return nil, err
	}
	if gaps := Gaps(epochs); len(gaps) > 0 { // else nothing is compared with dense
		f, err := GapFigure(gaps)
		if err != nil {
			return nil, err
		}
		files = append(files, output{"gap.csv", begins("network,recipe,sparsity,epoch,images_seen,"), GapTable(gaps).CSV})
		files = append(files, figure("gap", f)...)
	}
	return summary, write(out, files)
}

// output is a file whose name is satsim's choice, so that it replaces what begins likewise and nothing else.
type output struct {
	name  string
	known func(head []byte) bool
	write func(io.Writer) error
}

func begins(text string) func(head []byte) bool { return atomicfile.Begins("", text).Is }

// figure is a figure in every form.
func figure(name string, f *plot.Figure) (out []output) {
	for _, form := range plot.Forms() {
		out = append(out, output{name + "." + form.Name, form.Known, func(w io.Writer) error { return form.Write(f, w) }})
	}
	return out
}

func (o *output) kind() *atomicfile.FileKind {
	return &atomicfile.FileKind{Name: o.name + " of satsim train", Is: o.known}
}

// write writes files into a folder, in order.
func write(folder string, files []output) error {
	for i := range files {
		if err := files[i].kind().Write(filepath.Join(folder, files[i].name), files[i].write); err != nil {
			return err
		}
	}
	return nil
}

// mayWrite refuses what write would refuse.
func mayWrite(folder string, files []output) error {
	for i := range files {
		path := filepath.Join(folder, files[i].name)
		if _, err := files[i].kind().Find(path); err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
	}
	return nil
}

// ReadFile reads a record of a file.
func ReadFile(name string) (*Run, error) {
	text, err := config.Read(name, config.Output)
	if err != nil {
		return nil, fmt.Errorf("reading a training's record: %w", err)
	}
	r, err := Read(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}
