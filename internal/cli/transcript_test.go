package cli_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTheTranscriptOfContributing does what CONTRIBUTING.md says in a copy of the module: blocks "diff FILE" are changes, of text that stands in the file once, and
// blocks of "$ go ..." are commands, with what each must print below it, and the line FAIL where it must fail.
func TestTheTranscriptOfContributing(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a copy of the module")
	}
	page, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := copyOfModule(t)
	changes, commands := 0, 0
	for _, b := range blocks(string(page)) {
		if file, ok := strings.CutPrefix(b.info, "diff "); ok {
			changes++
			patch(t, filepath.Join(dir, file), b.lines)
			continue
		}
		for i := 0; b.info == "" && i < len(b.lines); {
			line := b.lines[i]
			var below []string
			for i++; i < len(b.lines) && !strings.HasPrefix(b.lines[i], "$ "); i++ {
				below = append(below, b.lines[i])
			}
			if command, ok := strings.CutPrefix(line, "$ "); ok && strings.Contains(command, "go ") && !strings.HasPrefix(command, "satsim ") {
				commands++
				goes(t, dir, command, below)
			}
		}
	}
	if changes < 5 || commands < 10 {
		t.Errorf("only %d changes and %d commands were found", changes, commands)
	}
}

type block struct {
	info  string
	lines []string
}

// blocks are the fenced ones of a page.
func blocks(page string) (out []block) {
	inside := false
	for _, line := range strings.Split(page, "\n") {
		info, fence := strings.CutPrefix(line, "```")
		switch {
		case fence && !inside:
			out = append(out, block{info: info})
			inside = true
		case fence:
			inside = false
		case inside:
			out[len(out)-1].lines = append(out[len(out)-1].lines, line)
		}
	}
	return out
}

// patch changes a file: lines begin with a space, - or +, and a line @@ stands between two places.
func patch(t *testing.T, file string, lines []string) {
	t.Helper()
	if i := slices.Index(lines, "@@"); i >= 0 {
		patch(t, file, lines[:i])
		patch(t, file, lines[i+1:])
		return
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var before, after []string
	for _, l := range lines {
		if !strings.HasPrefix(l, "+") {
			before = append(before, l[1:])
		}
		if !strings.HasPrefix(l, "-") {
			after = append(after, l[1:])
		}
	}
	from, to := strings.Join(before, "\n"), strings.Join(after, "\n")
	if n := strings.Count(string(text), from); n != 1 {
		t.Fatalf("%q is %d times in %s, not once", from, n, file)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), from, to, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// goes runs a command of the go tool, which variables may stand before.
func goes(t *testing.T, dir, command string, below []string) {
	t.Helper()
	cmd := exec.Cmd{Dir: dir, Env: os.Environ()}
	args := words(command)
	for len(args) > 0 && strings.Contains(args[0], "=") {
		cmd.Env, args = append(cmd.Env, args[0]), args[1:]
	}
	path, err := exec.LookPath(args[0])
	if err != nil {
		t.Fatal(err)
	}
	cmd.Path, cmd.Args = path, args
	out, err := cmd.CombinedOutput()
	fails := false
	for _, l := range below {
		fails = fails || l == "FAIL"
		if !strings.Contains(string(out), l) {
			t.Errorf("%s does not print %q, but\n%s", command, l, out)
		}
	}
	if fails != (err != nil) {
		t.Errorf("%s: %v, and the page says FAIL: %t\n%s", command, err, fails, out)
	}
}

// copyOfModule has all files of the module.
func copyOfModule(t *testing.T) string {
	t.Helper()
	root, dir := os.DirFS("../.."), t.TempDir()
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (path != "." && strings.HasPrefix(d.Name(), ".") || path == "out" || path == "dist"):
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(dir, path), 0o755)
		case !d.Type().IsRegular():
			return nil
		}
		text, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, path), text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
