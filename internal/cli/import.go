package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/results/experiment/models"
	"satsim/results/layers"
	"satsim/results/table"
	"satsim/workloads/onnx"
)

// importFlags say what a foreign file leaves open.
type importFlags struct {
	name, batchAxis string
	lossOn          []string
	batch, sequence int64
	dims            []string
}

func (a *app) importer() *cobra.Command {
	var f importFlags
	var out string
	var list bool
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Turn an ONNX model, a SCALE-Sim topology or a config.json of transformers into a network file",
		Long: `Reads FILE.onnx, FILE.csv or FILE.json and writes it in the notation of network files, with the batch as a parameter. Such files can also be given to
--network directly; a network file can be edited and shows what was understood. Weights are not read, but
to tell masks and waves of positions from what is learned.`,
		Args: func(_ *cobra.Command, args []string) error {
			if list && len(args) == 0 {
				return nil
			}
			if len(args) != 1 || list {
				return usageError{fmt.Errorf("import takes one file, not %d", len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if list {
				return a.listOperators()
			}
			if !models.Foreign(args[0]) {
				return usageError{fmt.Errorf("%s: files that end in .onnx, .csv or .json are accepted", args[0])}
			}
			options, err := f.options()
			if err != nil {
				return err
			}
			i, _, err := models.Import(args[0], options, nil)
			if err != nil {
				return err
			}
			return a.writeNetwork(i, out, args[0])
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&list, "list-ops", false, "list the operators of ONNX that are understood, cut or refused with advice, and take no file")
	flags.StringVarP(&out, "output", "o", "", "network file to write (default: standard output)")
	flags.StringVar(&f.name, "name", "", "name of the network (default: the file's)")
	flags.Int64Var(&f.batch, "batch", 0, "samples a step (default: the file's; 32 where an ONNX file leaves it open, 1 for the others)")
	flags.Int64Var(&f.sequence, "sequence", 0, "tokens a sample of a config.json's language model (default: 512, or fewer where it has fewer positions)")
	flags.StringArrayVar(&f.dims, "dim", nil, "value of an extent that an ONNX file leaves open, such as sequence=128; may be repeated")
	flags.StringSliceVar(&f.lossOn, "loss-on", nil, "tensors of an ONNX file that a loss is put on, separated by commas (default: each output that ends a head)")
	flags.StringVar(&f.batchAxis, "batch-axis", "", "extent of an ONNX file that is the batch: its name, input.axis, or none: the file takes one sample without it (default: one that is called so, or the first input's first)")
	onnx := func(args []string) bool { return len(args) == 1 && strings.EqualFold(filepath.Ext(args[0]), ".onnx") }
	sequences := func(args []string) bool { return len(args) == 1 && strings.EqualFold(filepath.Ext(args[0]), ".json") }
	combine(cmd, only(flags, "list-ops"), positive(flags, "batch", "sequence"), when(sequences, "but for a config.json", "sequence"), when(onnx, "but for an ONNX file", "dim", "loss-on", "batch-axis"))
	return cmd
}

// listOperators prints what is understood of ONNX.
func (a *app) listOperators() error {
	first, last := onnx.OperatorSets()
	fmt.Fprintf(a.out, "operator sets %d to %d of ONNX, and operators of com.microsoft\n", first, last)
	type operator = onnx.Operator
	text := func(name string, of func(*operator) string) table.Field[operator] {
		return table.Field[operator]{Column: table.Column{Name: name, Left: true}, Of: func(o *operator) table.Cell { return table.Text(of(o)) }}
	}
	return table.Of([]table.Field[operator]{
		text("operator", func(o *operator) string { return o.Name }),
		text("sets", func(o *operator) string {
			if o.Since == 0 {
				return "1"
			}
			return fmt.Sprintf("%d to %d", o.Since, o.Last)
		}),
		text("on data", func(o *operator) string { return string(o.Use) }),
		text("what of it", func(o *operator) string { return o.Note }),
	}, onnx.Operators()).Terminal(a.out)
}

func (f *importFlags) options() (models.Options, error) {
	o := models.Options{Sequence: f.sequence, Options: onnx.Options{Name: f.name, Batch: f.batch, Losses: f.lossOn, BatchAxis: f.batchAxis, Dims: map[string]int64{}}}
	for _, d := range f.dims {
		name, text, ok := strings.Cut(d, "=")
		v, err := strconv.ParseInt(text, 10, 64)
		if !ok || err != nil || v < 1 {
			return o, usageError{fmt.Errorf("--dim %q; write it as sequence=128", d)}
		}
		o.Dims[name] = v
	}
	return o, nil
}

// writeNetwork writes the notation of what was read from a file, and says what it is.
func (a *app) writeNetwork(i *models.Imported, out, from string) error {
	d := i.Description
	text, err := config.Encode("network", d)
	if err != nil {
		return err
	}
	g, err := d.Graph()
	if err != nil {
		return fmt.Errorf("%s: the network made of it: %w", from, err)
	}
	step, err := models.StepOf(g)
	if err != nil {
		return fmt.Errorf("%s: the network made of it: %w", from, err)
	}
	write := func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
	to := a.err // the notation itself is on standard output
	if out == "" {
		err = write(a.out)
	} else {
		to = a.out
		err = atomicfile.Write(out, write, from)
	}
	if err != nil {
		return err
	}
	macs, parameters := layers.PerSample(layers.LineOf(d.Name, &step).Forward, step.Images), fmt.Sprintf("%.3f M", float64(step.Parameters)/1e6)
	forward := fmt.Sprintf("%.3f GMACs", macs)
	switch { // small ones, of which nothing would be left
	case macs < 1e-6:
		forward = fmt.Sprintf("%.0f MACs", macs*1e9)
	case macs < 1e-3:
		forward = fmt.Sprintf("%.3f MMACs", macs*1e3)
	}
	if step.Parameters < 1e3 {
		parameters = fmt.Sprint(step.Parameters)
	}
	fmt.Fprintf(to, "%s: %s\n%d layers, %s parameters, %s forward a sample, batch %d\n", d.Name, step.Note, len(g.Nodes), parameters, forward, step.Images)
	for _, r := range i.Roles {
		fmt.Fprintf(to, "  %s: %s\n", r.Tensor, r.Role)
	}
	return nil
}
