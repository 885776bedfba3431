package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/results/page"
	"satsim/results/record"
)

func (a *app) report() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "report RECORD...",
		Short: "Write one HTML file of results, for a browser, with charts and tables",
		Long: `Writes a page that needs no network and no other file. Of records of satsim run it shows the headline with its bounds, the roofline, where the time of each layer
went, traffic, energy, resources, schedules, every parameter with its source, and the configuration as files that give the record again.
  satsim report out/record.json -o report.html`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("report needs a record of satsim run")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var title []string
			var p page.Page
			for _, file := range args {
				name, err := addTo(&p, file)
				if err != nil {
					return err
				}
				title = append(title, name)
			}
			p.Title = strings.Join(title, ", ")
			kind := atomicfile.FileKind{Name: "page of satsim report", Is: page.IsPage}
			if err := kind.Write(output, p.HTML, args...); err != nil {
				return err
			}
			fmt.Fprintf(a.err, "wrote %s\n", output)
			return nil
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "report.html", "file to write")
	return cmd
}

// addTo puts a file on a page, and returns what it is about.
func addTo(p *page.Page, path string) (string, error) {
	head, err := headOf(path)
	if err != nil {
		return "", err
	}
	if record.IsRecord(head) {
		r, err := readRecord(path)
		if err != nil {
			return "", err
		}
		return r.Network.Name + " on " + r.ArchName, p.AddRecord(filepath.Base(path), r)
	}
	return "", fmt.Errorf("%s is no record of satsim run, which is accepted", path)
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
