package synthesis

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"satsim/arch/rtl/netlist"
	"satsim/internal/atomicfile"
	"satsim/internal/verilog"
)

// Point is a module and its parameters.
type Point struct {
	Module     string
	Parameters []verilog.Parameter
}

// String is the point as the table names it.
func (p Point) String() string {
	var b strings.Builder
	for i, q := range p.Parameters {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%s=%d", q.Name, q.Value)
	}
	return b.String()
}

// Of is a point of parameters written as names and values in turn.
func Of(module string, parameters ...any) Point {
	p := Point{Module: module}
	for i := 0; i+1 < len(parameters); i += 2 {
		p.Parameters = append(p.Parameters, verilog.Parameter{Name: fmt.Sprint(parameters[i]), Value: int64(parameters[i+1].(int))})
	}
	return p
}

// Row is what a point takes.
type Row struct {
	Module     string
	Parameters string
	Cells      netlist.Counts
	// Longest paths, in picoseconds.
	Registers, FromPorts, ToPorts, Through int
}

// Longest is the longest path, every port being a register of a neighbour.
func (r *Row) Longest() int { return max(r.Registers, r.FromPorts, r.ToPorts, r.Through) }

// needed are the sources of a module: its own, and those of all that it names.
func needed(sources []verilog.Source, module string) (all []verilog.Source) {
	words := map[string]bool{module: true}
	for found := true; found; {
		found = false
		for _, s := range sources {
			name := strings.TrimSuffix(s.Name, path.Ext(s.Name))
			if !words[name] || slices.Contains(all, s) {
				continue
			}
			found = true
			all = append(all, s)
			for _, w := range word.FindAllString(comment.ReplaceAllString(s.Text, ""), -1) {
				words[w] = true
			}
		}
	}
	return all
}

var (
	word    = regexp.MustCompile(`\w+`)
	comment = regexp.MustCompile(`//.*`)
)

// design is what a netlist of a point is made of.
func (p Point) design(sources []verilog.Source) verilog.Design {
	return verilog.Design{Top: p.Module, Sources: needed(sources, p.Module), Parameters: p.Parameters}
}

// key names a point, by the sources that it is made of, the tool that makes it, and all that the tool is told, parameters among it: what is kept of it is not of others.
func (p Point) key(sources []verilog.Source, tool string) string {
	d := p.design(sources)
	return keyOf(d, tool, d.Script(p.Parts()...))
}

func keyOf(d verilog.Design, tool, script string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q", d.Sources, tool, script))
	return fmt.Sprintf("%s-%x", d.Top, sum[:8])
}

// Synthesize makes the netlist of a point of the sources, working in a folder.
func Synthesize(ctx context.Context, dir string, sources []verilog.Source, p Point) ([]byte, error) {
	work, err := os.MkdirTemp(dir, p.Module+"-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	return verilog.Synthesize(ctx, work, p.design(sources), p.Parts()...)
}

// Parts of a module are made by themselves, once for all that are alike, and put together: the operators of a lane of updates and of the normaliser, the multiplier of an element with places. yosys maps what it maps at once to the
// depth of what is deepest in it, and makes all else slower than it need be.
func (p Point) Parts() []string {
	switch p.Module {
	case "wuve_lane":
		return []string{"fp32_mul", "fp32_add", "fp32_div", "fp32_sqrt", "fp32_to_fp16"}
	case "norm_lane":
		return []string{"fp32_mul", "fp32_add", "fp32_to_fp16"}
	case "stce_held":
		return []string{"fp16_mul"}
	}
	return nil
}

// Kept is Synthesize, or what it made before: netlists stay in a folder, each under the point, the sources and the version of the tool that it is of.
func Kept(ctx context.Context, dir, tool string, sources []verilog.Source, p Point) ([]byte, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	kept := filepath.Join(dir, p.key(sources, tool)+".json")
	if text, err := os.ReadFile(kept); err == nil {
		return text, nil
	}
	text, err := Synthesize(ctx, dir, sources, p)
	if err != nil {
		return nil, err
	}
	return text, atomicfile.Write(kept, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// Measure counts and walks a point's netlist.
func Measure(p Point, text []byte) (Row, error) {
	r := Row{Module: p.Module, Parameters: p.String()}
	n, err := netlist.Parse(text)
	if err != nil {
		return r, fmt.Errorf("measuring %s: %w", p.Module, err)
	}
	if r.Cells, err = n.Count(); err != nil {
		return r, fmt.Errorf("measuring %s: %w", p.Module, err)
	}
	t, err := n.Walk(netlist.UltraScalePlus())
	if err != nil {
		return r, fmt.Errorf("measuring %s: %w", p.Module, err)
	}
	r.Registers, r.FromPorts, r.ToPorts, r.Through = t.Registers.Delay, t.FromPorts.Delay, t.ToPorts.Delay, t.Through.Delay
	return r, nil
}
