package training

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/results/plot"
	"satsim/results/table"
)

// SummariseFolder puts all trainings of a folder together, writes the tables and figures beside them, and hands back the summary.
func SummariseFolder(out string) (*table.Table, error) {
	files, err := filepath.Glob(filepath.Join(out, "*", "training.json"))
	if err != nil {
		return nil, fmt.Errorf("looking for trainings in %s: %w", out, err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no trainings in %s: no folder in it has a training.json", out)
	}
	var rows []Result
	var runs []*Run
	for _, name := range files {
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
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"runs.csv", Results(rows).CSV},
		{"curves.csv", Curves(runs...).CSV},
		{"summary.csv", summary.CSV},
		{"summary.md", func(w io.Writer) error { return WriteMarkdown(w, groups) }},
	} {
		if err := atomicfile.Write(filepath.Join(out, f.name), f.write); err != nil {
			return nil, err
		}
	}
	f, err := Figure(groups)
	if err != nil {
		return nil, err
	}
	return summary, writeFigure(out, "summary", f)
}

// writeFigure writes a figure in every form.
func writeFigure(folder, name string, f *plot.Figure) error {
	for _, form := range plot.Forms() {
		if err := atomicfile.Write(filepath.Join(folder, name+"."+form.Name), func(w io.Writer) error { return form.Write(f, w) }); err != nil {
			return err
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
