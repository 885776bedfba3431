package cli

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"satsim/internal/atomicfile"
	"satsim/internal/config"
	"satsim/workloads"
	"satsim/workloads/network"
	"satsim/workloads/onnx"
	"satsim/workloads/scalesim"
)

// importFlags say what a foreign file leaves open.
type importFlags struct {
	name, lossOn string
	batch        int64
	dims         []string
}

func (a *app) importer() *cobra.Command {
	var f importFlags
	var out string
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Turn an ONNX model or a SCALE-Sim topology into a network file",
		Long: `Reads FILE.onnx or FILE.csv and writes it in the notation of network files, with the batch as a parameter. Such files can also be given to
--network directly; a network file can be edited and shows what was understood. Weights are not read.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("import takes one file; there are %d", len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if !foreign(args[0]) {
				return usageError{fmt.Errorf("%s: files that end in .onnx or .csv are accepted", args[0])}
			}
			options, err := f.options()
			if err != nil {
				return err
			}
			d, _, err := readForeign(args[0], options, nil)
			if err != nil {
				return err
			}
			return a.writeNetwork(d, out, args[0])
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&out, "output", "o", "", "network file to write (default: standard output)")
	flags.StringVar(&f.name, "name", "", "name of the network (default: the file's)")
	flags.Int64Var(&f.batch, "batch", 0, "samples a step (default: the file's; 32 where an ONNX file leaves it open, 1 for a topology)")
	flags.StringArrayVar(&f.dims, "dim", nil, "value of an extent that an ONNX file leaves open, such as sequence=128; may be repeated")
	flags.StringVar(&f.lossOn, "loss-on", "", "tensor of an ONNX file that the loss is put on (default: the first output)")
	return cmd
}

func (f *importFlags) options() (onnx.Options, error) {
	o := onnx.Options{Name: f.name, Batch: f.batch, Output: f.lossOn, Dims: map[string]int64{}}
	if f.batch < 0 {
		return o, usageError{fmt.Errorf("--batch %d; at least 1 is accepted", f.batch)}
	}
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

// foreign reports whether a network is in a format of somebody else.
func foreign(name string) bool {
	return slices.Contains([]string{".onnx", ".csv"}, strings.ToLower(filepath.Ext(name)))
}

// readForeign imports a file. Overrides that name an extent which an ONNX file leaves open give its value; the others are handed back.
func readForeign(path string, o onnx.Options, set []config.Override) (*network.Description, []config.Override, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the network: %w", err)
	}
	defer f.Close()
	if o.Name == "" {
		o.Name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	read := readONNX
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		read = readTopology
	}
	d, rest, err := read(f, o, set)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, rest, nil
}

func readTopology(f *os.File, o onnx.Options, set []config.Override) (*network.Description, []config.Override, error) {
	t, err := scalesim.Read(f)
	if err != nil {
		return nil, nil, err
	}
	g, err := t.Graph(o.Name, max(o.Batch, 1))
	if err != nil {
		return nil, nil, err
	}
	d, err := network.Describe(g)
	return d, set, err
}

func readONNX(f *os.File, o onnx.Options, set []config.Override) (*network.Description, []config.Override, error) {
	m, err := openONNX(f)
	if err != nil {
		return nil, nil, err
	}
	dims := maps.Clone(o.Dims)
	if dims == nil {
		dims = map[string]int64{}
	}
	open := m.OpenExtents()
	var rest []config.Override
	for _, v := range set {
		if !slices.Contains(open, v.Path) {
			rest = append(rest, v)
			continue
		}
		if dims[v.Path], err = strconv.ParseInt(v.Value, 10, 64); err != nil || dims[v.Path] < 1 {
			return nil, nil, fmt.Errorf("%s: network.%s=%s: a whole number from 1 is accepted", v.Origin, v.Path, v.Value)
		}
	}
	o.Dims = dims
	i, err := m.Import(o)
	if err != nil {
		return nil, nil, err
	}
	return i.Description, rest, nil
}

func openONNX(f *os.File) (*onnx.Model, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return onnx.Read(f, info.Size())
}

// stepOf is the dense step of a network, or of a list of layers that no loss joins.
func stepOf(g *network.Graph) (workloads.Step, error) {
	if scalesim.IsList(g) {
		return scalesim.Step(g)
	}
	return g.Step()
}

// writeNetwork writes the notation of what was read from a file, and says what it is.
func (a *app) writeNetwork(d *network.Description, out, from string) error {
	text, err := config.Encode("network", d)
	if err != nil {
		return err
	}
	g, err := d.Graph()
	if err != nil {
		return err
	}
	step, err := stepOf(g)
	if err != nil {
		return fmt.Errorf("network %s: %w", d.Name, err)
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
	var forward int64
	for i := range step.Items {
		if step.Items[i].Stage == workloads.FF {
			for k := range step.Items[i].Products {
				forward += step.Items[i].Products[k].MACs()
			}
		}
	}
	fmt.Fprintf(to, "%s: %s\n%d layers, %.3f M parameters, %.3f GMACs forward a sample, batch %d\n", d.Name, step.Note, len(g.Nodes),
		float64(step.Parameters)/1e6, perSample(forward, step.Images), step.Images)
	return nil
}
