package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/results/page"
	"satsim/results/record"
	"satsim/results/timeline"
	"satsim/results/training"
)

func (a *app) report() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "report RECORD|STORE|TRAINING...",
		Short: "Write one HTML file of results, for a browser, with charts and tables",
		Long: `Writes a page that needs no network and no other file. Of records of satsim run it shows the headline with its bounds, the roofline, where the time of each layer
went, traffic, energy, resources, schedules, every parameter with its source, and the configuration as files that give the record again.
Of a store it shows the points, with filters, parallel axes and a scatter with its front, in which points are chosen.
Of training.json of satsim train it shows the curves; of runs.csv accuracy over seeds, beside the cost of a step by the records before it. Of traces of satsim timeline
it shows the word groups that take longest, to zoom in.
  satsim report out/record.json points.db -o report.html`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("report needs a record of satsim run, a store, or a training")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var title []string
			var p page.Page
			var records []*record.Record // so far
			for _, file := range args {
				name, err := a.addTo(cmd.Context(), &p, &records, file)
				if err != nil {
					return err
				}
				title = append(title, name)
			}
			p.Title = strings.Join(title, ", ")
			if output == "-" {
				return p.HTML(a.out)
			}
			kind := atomicfile.FileKind{Name: "page of satsim report", Is: page.IsPage}
			if err := kind.Write(output, p.HTML, args...); err != nil {
				return err
			}
			fmt.Fprintf(a.err, "wrote %s\n", output)
			return nil
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "report.html", "file to write; - is standard output")
	return cmd
}

// addTo puts a file on a page, and returns what it is about.
func (a *app) addTo(ctx context.Context, p *page.Page, records *[]*record.Record, path string) (string, error) {
	head, err := headOf(path)
	if err != nil {
		return "", err
	}
	if record.IsRecord(head) {
		r, err := readRecord(path)
		if err != nil {
			return "", err
		}
		*records = append(*records, r)
		return r.Network.Name + " on " + r.ArchName, p.AddRecord(filepath.Base(path), r)
	}
	if isStore(head) {
		rows, err := a.loadRows(ctx, path)
		if err != nil {
			return "", err
		}
		q := pointQuery{}
		if len(rows) > 0 {
			q.columns = defaultColumns(rows) + ",lut,dsp,bram36,uram"
		}
		columns, n, err := a.columns(ctx, rows, &q)
		if err != nil {
			return "", fmt.Errorf("%s: %w", path, err)
		}
		name := filepath.Base(path)
		p.AddPoints(name, columns, n)
		return "points of " + name, nil
	}
	if opened := atomicfile.Schema("training", "satsim.training"); opened.Is(head) {
		r, err := training.ReadFile(path)
		if err != nil {
			return "", err
		}
		return "training of " + r.Network, p.AddTraining(r)
	}
	if bytes.HasPrefix(head, []byte("network,recipe,sparsity,seed,")) {
		rows, err := readTrainings(path, nil)
		if err != nil {
			return "", err
		}
		return "trainings", p.AddTrainings(training.Summarise(rows), *records)
	}
	if timeline.IsTimeline(head) {
		t, err := readTimeline(path)
		if err != nil {
			return "", err
		}
		return "timeline of " + t.Network, p.AddTimeline(t)
	}
	return "", fmt.Errorf("%s is none of what is accepted: a record of satsim run, a store of satsim sweep, training.json or runs.csv of satsim train, a trace of satsim timeline", path)
}

func readTimeline(path string) (*timeline.Trace, error) {
	f, _, err := config.Open(path, config.Output)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, err := timeline.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// headOf is how a file begins.
func headOf(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading what is to be shown: %w", err)
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 512))
	if err != nil {
		return nil, fmt.Errorf("reading what is to be shown: %w", err)
	}
	return bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), nil
}
