package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// layers is the house from the ground up: a package may import those of lower layers, and within arch, dataflow, sim and results what
// the rules below allow. The first matching prefix counts.
var layers = []struct {
	prefix string
	level  int
}{
	{"internal/cli", 90},
	{"internal/config", 3},
	{"internal/schema", 4}, // of what config reads
	{"internal/", 1},
	{"configs", 0},
	{"arch/word", 10},
	{"arch/fpga", 15}, // resources of all units against a board; before arch/fp, whose name begins it
	{"arch/fp", 10},
	{"arch/unit", 11}, // what a unit is to everybody else
	{"arch/feed", 12}, // between units and buffers
	{"arch/link", 12},
	{"arch/spec", 14},
	{"arch/energy", 15},               // counts of all units times a table
	{"arch/memory/ddr4/ddr4test", 12}, // for tests
	{"arch/memory/ddr4", 11},
	{"arch/rtl/netlist", 10},   // of cells, whatever they are of
	{"arch/rtl/wave", 10},      // draws whatever signals
	{"arch/rtl/synthesis", 14}, // of the units' modules
	{"arch/rtl", 16},           // the bundle of all units
	{"arch/", 13},
	{"workloads/recipe", 22}, // prunes the products of a network's step
	{"workloads/onnx/internal/pb", 17},
	{"workloads/onnx/internal/file", 18},
	{"workloads/onnx/internal/symbolic", 19}, // shapes of a file's tensors: knows no network
	{"workloads/onnx", 22},
	{"workloads/scalesim", 23},
	{"workloads/transformers", 22},
	{"workloads/weights", 23},
	{"workloads/train", 23},
	{"workloads/network/networktest", 22}, // for tests
	{"workloads/network", 21},
	{"workloads", 20},
	{"dataflow/geometry", 27}, // of a product: loops, tiles, operands
	{"dataflow/route", 28},
	{"dataflow/predict", 29}, // needs words only
	{"dataflow/least", 31},   // bounds a plan before it has words
	{"dataflow/estimate", 31},
	{"dataflow/flow", 31}, // what ran, held against itself
	{"dataflow/schedule", 32},
	{"dataflow", 30},
	{"sim/skip", 40},
	{"sim", 41},
	{"results/table", 49},   // a leaf: whatever has rows builds it
	{"results/dataset", 49}, // as a table's, for programs: typed columns
	{"results/record", 50},
	{"results/collect", 51},
	{"results/experiment/models", 51}, // names and overrides to models
	{"results/experiment/machine", 52},
	{"results/experiment/compare", 53},
	{"results/experiment", 54}, // the way in: what run, sweeps and ablations share lies in its rooms
	{"results/explore", 56},    // of the points that sweeps store
	{"results/uncertainty", 56},
	{"results/kinds", 57}, // of files, as a whole: needs every package that reads one
	{"results/report", 58},
	{"results/page", 59}, // shows what the others say
	{"results/", 55},
}

func level(pkg string) int {
	for _, l := range layers {
		if strings.HasPrefix(pkg, l.prefix) {
			return l.level
		}
	}
	return -1
}

// akita lists who may name Akita's types: the engine's own packages and the controller.
func akita(pkg string) bool {
	return pkg == "sim" || pkg == "sim/trace" || pkg == "arch/link" || pkg == "arch/controller"
}

func TestImportsFollowTheLayout(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		if pkg == "." {
			return nil
		}
		from := level(pkg)
		if from < 0 {
			t.Errorf("%s: package %s is not in the layout", path, pkg)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range f.Imports {
			imp := strings.Trim(i.Path.Value, `"`)
			if strings.HasPrefix(imp, "github.com/sarchlab/akita") && !akita(pkg) {
				t.Errorf("%s imports Akita; only sim, arch/link and arch/controller may", path)
			}
			to, ours := strings.CutPrefix(imp, "satsim/")
			if !ours {
				continue
			}
			if err := allowed(pkg, to); err != "" {
				t.Errorf("%s imports %s: %s", path, to, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// rooms says who alone may draw, write rows, or write JSON, and why: everything else asks results/table and results/plot.
var rooms = []struct {
	what, why string
	call      string // of a package, as in json.Marshal; empty: any import of it counts
	of        map[string]string
}{
	{what: "gonum.org/v1/plot", why: "figures are drawn in one room", of: map[string]string{"results/plot": "figures"}},
	{what: "text/tabwriter", why: "tables are laid out in one room", of: nil},
	{what: "github.com/jedib0t/go-pretty/v6/table", why: "tables are laid out in one room", of: map[string]string{"results/table": "the terminal's renderer"}},
	{what: "github.com/parquet-go/parquet-go", why: "typed columns are written in one room", of: map[string]string{"results/dataset": "columns for programs that analyse"}},
	{what: "encoding/csv", why: "rows are written in one room", call: "NewWriter", of: map[string]string{
		"results/table": "the renderer of CSV", "sim/trace": "requests, which are streamed while a step runs",
	}},
	{what: "encoding/json", why: "what people and programs read of a result is written in one room; formats that are read back say themselves", call: "NewEncoder MarshalIndent", of: map[string]string{
		"results/table": "the renderer of JSON", "results/record": "the record",
		"arch/stce": "the manifest of test vectors", "arch/rtl": "the manifest of a bundle", "arch/rtl/wave": "a timing diagram", "results/explore": "a certificate, which is verified",
	}},
}

// What a user can ask for is rendered in one place: nothing else draws, lays tables out, or writes rows or JSON of results.
func TestThereIsOneWayOut(t *testing.T) {
	met := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, room := range rooms {
			name, imported := importOf(f, room.what)
			if !imported || room.call != "" && !calls(f, name, strings.Fields(room.call)) {
				continue
			}
			if _, ok := room.of[pkg]; !ok {
				t.Errorf("%s uses %s %s: %s; a table.Table, a plot.Figure or table.Indented is the way", path, room.what, room.call, room.why)
			}
			met[room.what+" "+pkg] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range rooms {
		for pkg := range room.of {
			if !met[room.what+" "+pkg] {
				t.Errorf("%s is said to use %s, and does not", pkg, room.what)
			}
		}
	}
}

// importOf is the name by which a file knows a package, or one below it.
func importOf(f *ast.File, what string) (name string, ok bool) {
	for _, i := range f.Imports {
		if path := strings.Trim(i.Path.Value, `"`); path == what || strings.HasPrefix(path, what+"/") {
			if i.Name != nil {
				return i.Name.Name, true
			}
			return path[strings.LastIndexByte(path, '/')+1:], true
		}
	}
	return "", false
}

// calls reports whether a file names one of a package's functions.
func calls(f *ast.File, pkg string, functions []string) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains(functions, s.Sel.Name) {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == pkg {
				found = true
			}
		}
		return !found
	})
	return found
}

// allowed says why a package may not import another, or nothing.
func allowed(from, to string) string {
	side := func(p string) string { s, _, _ := strings.Cut(p, "/"); return s }
	switch {
	case level(to) < 0:
		return "it is not in the layout"
	case side(from) == "arch" && side(to) == "workloads", side(from) == "workloads" && side(to) == "arch":
		return "arch and workloads never import each other"
	case to == "configs" && from != "results/experiment/models" && from != "internal/configtest":
		return "only whoever loads names imports the shipped files"
	case strings.HasSuffix(to, "test"):
		return "it is for tests"
	case from == "results/record" && to != "results/table" && !strings.HasPrefix(to, "internal/"):
		return "the record owns its types: whoever reads a file of it needs no simulator"
	case side(from) == "internal" && from != "internal/cli" && side(to) != "internal" && to != "configs":
		return "internal packages know nothing of the model"
	case level(to) > level(from):
		return "imports point down"
	case level(to) == level(from) && from != to && side(from) == "arch":
		return "a unit imports no other unit"
	}
	return ""
}

// quotient is one of two counts; clocks are never nothing, nor is what a loop has done or a list has.
var quotient = regexp.MustCompile(`float64\([^()]*\)\s*/\s*float64\(([^()]*)\)`)

// A figure over another one, which may be nothing, is a ratio.Of: a step without products has no speed-up, and JSON has no NaN.
func TestFiguresAreDividedInOnePlace(t *testing.T) {
	err := filepath.WalkDir("results", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, q := range quotient.FindAllSubmatch(text, -1) {
			below := string(q[1])
			if !strings.HasSuffix(strings.ToLower(below), "clock") && below != "done" && !strings.HasPrefix(below, "len(") && !bytes.Contains(text, []byte(below+" > 0")) {
				t.Errorf("%s: %s: ratio.Of and ratio.Percent divide figures", path, q[0])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
