package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/results/diff"
	"satsim/results/experiment"
	"satsim/results/experiment/models"
	"satsim/results/record"
	"satsim/results/table"
)

// diffFlags say what is compared.
type diffFlags struct {
	models      modelFlags
	run, output string
	layer       string
}

func (a *app) diff() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Say what differs between two runs, and which layers, stages and causes make up the difference",
		Long: `A and B are records of satsim run, or runs that are simulated now: names of shipped models, model files and overrides path=value, separated by
blanks, in place of what the flags say.
  satsim diff out/record.json other/record.json
  satsim diff sat-generous sat-vcu1525 --network resnet9
  satsim diff bdwp 'sr-ste stce.rows=16' --batch 64
Printed are the keys that differ, the figures, and for cycles, joules and resources the parts that make up the difference: of cycles those of every layer
and stage, by what the array's lane did or waited for. The parts add up to the difference exactly.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{fmt.Errorf("diff takes two runs, not %d", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			form, err := a.form()
			if err != nil {
				return err
			}
			var sides [2]diff.Side
			for i, text := range args {
				if sides[i], err = a.side(cmd.Context(), &f, text); err != nil {
					return err
				}
			}
			d, err := diff.Of(sides[0], sides[1])
			if err != nil {
				return err
			}
			if f.output != "" {
				page := atomicfile.FileKind{Name: "page of satsim diff", Is: diff.IsPage}
				if err := page.Write(f.output, d.HTML, args...); err != nil {
					return err
				}
			}
			return a.print(cmd, "diff", d, form)
		},
	}
	flags := cmd.Flags()
	f.models.register(flags)
	flags.StringVar(&f.run, "run", "", "recipe whose runs are compared (default: the last of each record)")
	flags.StringVar(&f.layer, "layer", "", "of runs that are simulated now: this layer's part of the step only; * stands for any characters")
	flags.StringVarP(&f.output, "output", "o", "", "file for the difference as a page (HTML), beside what is printed")
	registerFormat(flags, table.FormTerminal, "")
	combine(cmd, positive(flags, "batch"), f.models.pruned)
	return cmd
}

// side is a record, or what is simulated now.
func (a *app) side(ctx context.Context, f *diffFlags, text string) (diff.Side, error) {
	r, err := recordOf(text)
	if err == nil && r == nil {
		r, err = a.runNow(ctx, f, text)
	}
	if err != nil {
		return diff.Side{}, err
	}
	return diff.NewSide(text, f.run, r)
}

// recordOf reads a record; nil: the text names none.
func recordOf(text string) (*record.Record, error) {
	file, err := os.Open(text)
	switch {
	case err != nil && (config.IsPath(text) || models.Foreign(text)) && !strings.Contains(text, " "):
		return nil, fmt.Errorf("%w; a record or a model file that is there is accepted", err)
	case err != nil:
		return nil, nil // it may be the name of a model, or several
	}
	defer file.Close()
	head := make([]byte, 200)
	n, err := io.ReadFull(file, head)
	if n == 0 || err != nil && err != io.ErrUnexpectedEOF || !record.IsRecord(head[:n]) {
		return nil, nil
	}
	return readRecord(text)
}

// runNow simulates what the flags say with what the text changes in it.
func (a *app) runNow(ctx context.Context, f *diffFlags, text string) (*record.Record, error) {
	names := f.models.caseOf("dense")
	own := experiment.Overrides{Origin: text}
	for _, word := range strings.Fields(text) {
		if strings.Contains(word, "=") {
			own.Set = append(own.Set, word)
			continue
		}
		kind, err := kindOf(word)
		if err != nil {
			return nil, err
		}
		*map[string]*string{"arch": &names.Arch, "board": &names.Board, "energy": &names.Energy, "network": &names.Network, "recipe": &names.Recipe}[kind] = word
	}
	p := newProgress(a.err)
	defer p.stop()
	o := experiment.Options{Layer: f.layer, Progress: p.update}
	c, err := until(ctx, func() (*experiment.Case, error) {
		return experiment.LoadWith(names, o, append(f.models.given(), own)...)
	})
	if err != nil {
		return nil, err
	}
	return c.Run(ctx)
}

// sideKinds are of models that a run is made of.
func sideKinds() []string { return []string{"arch", "board", "energy", "network", "recipe"} }

// kindOf is the kind of model that a name or file is.
func kindOf(name string) (string, error) {
	if models.Foreign(name) {
		return "network", nil
	}
	if config.IsPath(name) {
		src, err := models.Source("model", name)
		if err != nil {
			return "", err
		}
		kind, err := config.KindOf(src)
		if err == nil && !slices.Contains(sideKinds(), kind) {
			err = fmt.Errorf("%s is of kind %s; a record or a file of kind %s is accepted", name, kind, strings.Join(sideKinds(), ", "))
		}
		return kind, err
	}
	for _, kind := range sideKinds() {
		shipped, err := models.Shipped(kind)
		if err != nil || slices.Contains(shipped, name) {
			return kind, err
		}
	}
	return "", usageError{fmt.Errorf("%q is no record, file, shipped model or override path=value", name)}
}
