// Package golden compares what a test makes with the file of it that is kept, and writes the file anew on demand:
//
//	SATSIM_UPDATE=1 go test ./...
//
// A kept file is what was, not what must be: a difference says that something moved, and it is for its author to say why. So a failure names
// the file, its first line that differs, the packages and model files that changed since the last shared commit, and the command that writes it anew.
// A test that writes a file anew fails as well, once, with the same words: the output of tests that pass is not seen, and what moves a file is to be seen.
package golden

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Updating reports whether kept files are to be written anew.
func Updating() bool { return os.Getenv("SATSIM_UPDATE") == "1" }

// Check fails a test when a kept file does not hold what the test made, or writes the file when Updating.
func Check(t testing.TB, file string, made []byte) {
	t.Helper()
	kept, err := os.ReadFile(file)
	if err == nil && bytes.Equal(kept, made) {
		return
	}
	if Updating() {
		if err := write(file, made); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s is written anew: %s\n%sthe next run of the test passes", file, difference(kept, made), causesHere())
		return
	}
	if err != nil {
		t.Errorf("%v; %s", err, Advice(t.Name()))
		return
	}
	t.Errorf("%s is not what is made: %s\n%s", file, difference(kept, made), Advice(t.Name()))
}

func write(file string, made []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, made, 0o666)
}

// difference tells the first line that two texts do not share.
func difference(kept, made []byte) string {
	if kept == nil {
		return "it was not there"
	}
	a, b := strings.Split(string(kept), "\n"), strings.Split(string(made), "\n")
	for i := range max(len(a), len(b)) {
		x, y := "(end of file)", "(end of file)"
		if i < len(a) {
			x = fmt.Sprintf("%.200q", a[i])
		}
		if i < len(b) {
			y = fmt.Sprintf("%.200q", b[i])
		}
		if x != y {
			return fmt.Sprintf("line %d\n  kept %s\n  made %s", i+1, x, y)
		}
	}
	return "lines differ behind their 200th byte"
}

// Advice is what to do about kept files that moved: what may have moved them, and the command that writes them anew for a test.
func Advice(test string) string {
	test, _, _ = strings.Cut(test, "/")
	at := "."
	if dir, err := os.Getwd(); err == nil {
		if r, err := filepath.Rel(module(dir), dir); err == nil {
			at = "./" + filepath.ToSlash(r)
		}
	}
	return fmt.Sprintf("%sif that is right: SATSIM_UPDATE=1 go test %s -run '^%s$', and say why in the commit", causesHere(), at, test)
}

// causesHere is a line that names what may have moved a file of the module that the test is in; empty if nothing changed.
func causesHere() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	if c := changed(module(dir)); len(c) > 0 {
		return "changed since the last shared commit: " + strings.Join(c, ", ") + "\n"
	}
	return ""
}

// module is the folder of go.mod, at or above a folder.
func module(dir string) string {
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil || d == filepath.Dir(d) {
			return d
		}
	}
}

// changed lists what may move a figure, packages and model files, and differs from the last commit that upstream has too, or from HEAD without
// an upstream. Nothing where git is not.
func changed(root string) []string {
	git := func(args ...string) string {
		out, err := exec.Command("git", append([]string{"-C", root}, args...)...).Output()
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(out))
	}
	base := git("merge-base", "HEAD", "@{upstream}")
	if base == "" {
		base = "HEAD"
	}
	return causes(strings.Fields(git("diff", "--name-only", base)))
}

// causes are the packages and model files of changed files: tests, documents and kept files move nothing.
func causes(files []string) (out []string) {
	for _, f := range files {
		switch {
		case strings.HasSuffix(f, "_test.go"), strings.Contains(f, "testdata/"):
			continue
		case strings.HasSuffix(f, ".go"):
			f = path.Dir(f)
		case !strings.HasPrefix(f, "configs/") && f != "go.mod":
			continue
		}
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}
