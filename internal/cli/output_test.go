package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
)

// full is a disk with room for so many bytes.
type full struct {
	room int
	err  error
}

func (f *full) Write(p []byte) (int, error) {
	n := min(len(p), f.room)
	f.room -= n
	if n < len(p) {
		return n, f.err
	}
	return n, nil
}

// printing are command lines that print something, by command, in the order in which they can follow each other. DIR is a folder.
var printing = []string{
	"run --network DIR/tiny.yaml --out DIR/out",
	"schedule --network DIR/tiny.yaml",
	"ablation --network DIR/tiny.yaml",
	"resources",
	"train --network DIR/tiny.yaml --data generated --recipe bdwp --sparsity 2:4 --epochs 1 --train-images 32 --test-images 16 --out DIR/trained",
	"codesign --network DIR/tiny.yaml --recipe bdwp --sparsity 2:4 --out DIR/codesign",
	"array --m 4 --n 4 --k 4 --rows 2 --cols 2",
	"network DIR/tiny.yaml",
	"recipe bdwp",
	"memory --read 4KiB --requests 4",
	"sweep DIR/grid.yaml --store DIR/a.db",
	"explore DIR/space.yaml",
	"fit --space DIR/space.yaml --network DIR/tiny.yaml",
	"uncertainty --network DIR/tiny.yaml --samples 0",
	"results DIR/a.db",
	"merge DIR/b.db DIR/a.db",
	"import DIR/t.csv",
	"prune ../../workloads/weights/testdata/float32.npy",
	"params stce.rows",
	"init arch -",
	"check DIR/tiny.yaml",
	"completion bash",
	"explain --network DIR/tiny.yaml --all",
	"diff DIR/out/record.json DIR/out/record.json",
	"timeline --network DIR/tiny.yaml -o DIR/trace.json",
	"report DIR/out/record.json -o -",
	"table --list",
	"plot --list",
	"rtl --why 0",
	"version",
}

// Output that does not arrive is an error of every command, whether nothing arrives or only the last byte is missing.
func TestOutputThatFailed(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"tiny.yaml":  tinyNetwork,
		"grid.yaml":  "kind: sweep\nname: grid\narch: sat-vcu1525\nnetworks: [" + filepath.Join(dir, "tiny.yaml") + "]\nrecipes: [bdwp]\n",
		"space.yaml": "kind: sweep\nname: space\narch: sat-vcu1525\nnetworks: [tiny.yaml]\nrecipes: [bdwp]\nsparsity: [\"2:4\"]\naxes: [{path: stce.rows, values: [2, 4]}]\n",
		"t.csv":      "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\nConv1, 10, 10, 3, 3, 8, 16, 1,\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args []string, w io.Writer) (int, string) {
		var stderr bytes.Buffer
		code := execute(context.Background(), args, w, &stderr)
		return code, stderr.String()
	}
	try := func(t *testing.T, args []string) {
		var stdout bytes.Buffer
		if code, stderr := run(args, &stdout); code != 0 || stdout.Len() == 0 {
			t.Fatalf("exit code %d and %d bytes; want 0 and some; %s", code, stdout.Len(), stderr)
		}
		last := &full{err: errors.New("the disk is full")}
		if len(args) == 0 || args[0] != "sweep" { // which says how long it took
			last.room = stdout.Len() - 1
		}
		disks := []*full{last, {err: last.err}}
		if testing.Short() {
			disks = disks[:1]
		}
		for _, w := range disks {
			code, stderr := run(args, w)
			if code != 1 || !strings.HasSuffix(stderr, "satsim: writing standard output: the disk is full\n") || strings.Count(stderr, "disk is full") != 1 {
				t.Errorf("exit code %d and %q; want 1 and that the disk is full, once", code, stderr)
			}
		}
		if testing.Short() {
			return
		}
		if code, stderr := run(args, &full{err: &os.PathError{Op: "write", Err: syscall.EPIPE}}); code != 141 || strings.Contains(stderr, "pipe") {
			t.Errorf("nobody reads: exit code %d and %q; want 141 and no word of it", code, stderr)
		}
	}
	root := (&app{}).root()
	t.Run("help", func(t *testing.T) { try(t, []string{"--help"}) })
	t.Run("without arguments", func(t *testing.T) { try(t, nil) })
	prints := map[string]bool{}
	for _, line := range printing {
		args := strings.Fields(strings.ReplaceAll(line, "DIR", dir))
		prints[args[0]] = true
		t.Run(args[0], func(t *testing.T) { try(t, args) })
	}
	var walk func(c *cobra.Command, path []string)
	walk = func(c *cobra.Command, path []string) {
		for _, sub := range c.Commands() {
			if !sub.HasSubCommands() && !prints[sub.Name()] {
				t.Errorf("no line of the test has %s print", sub.Name())
			}
			p := append(path[:len(path):len(path)], sub.Name())
			t.Run(strings.Join(p, " ")+" --help", func(t *testing.T) { try(t, append(p, "--help")) })
			walk(sub, p)
		}
	}
	walk(root, nil)
}
