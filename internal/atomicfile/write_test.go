package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func put(t *testing.T, path, content string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v; want %q", path, got, err, want)
	}
}

// alone checks that a folder has these names and no others.
func alone(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%s has %q, want %q", folder, got, want)
	}
}

func TestFilesAreMadeAndReplaced(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a", "b", "record.json")
	for _, content := range []string{"first, and longer", "second"} {
		if err := Write(path, text(content)); err != nil {
			t.Fatal(err)
		}
		holds(t, path, content)
	}
	alone(t, filepath.Dir(path), "record.json")
}

func TestFailureLeavesWhatWasThere(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "record.json")
	full := errors.New("no room")
	half := func(w io.Writer) error { return errors.Join(text("half")(w), full) }
	if err := Write(path, half); !errors.Is(err, full) || !strings.HasPrefix(err.Error(), "writing "+path+": ") {
		t.Errorf("error %v", err)
	}
	alone(t, dir)
	put(t, path, "whole", 0o644)
	if err := Write(path, half); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	holds(t, path, "whole")
	alone(t, dir, "record.json")
}

func TestWhatIsNoOutputIsRefused(t *testing.T) {
	dir := t.TempDir()
	in, same, locked := filepath.Join(dir, "in"), filepath.Join(dir, "same"), filepath.Join(dir, "locked")
	put(t, in, "input", 0o644)
	put(t, locked, "kept", 0o444)
	if err := os.Link(in, same); err != nil {
		t.Skipf("no links here: %v", err)
	}
	for _, c := range []struct{ path, says string }{
		{dir, "it is a folder"}, {locked, "it is read-only"}, {in, "which is read"}, {same, "which is read"}, {filepath.Join(in, "x"), "not a directory"},
	} {
		err := Write(c.path, func(io.Writer) error { t.Errorf("%s: was written to", c.path); return nil }, "no file", in)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want %q", c.path, err, c.says)
		}
	}
	holds(t, in, "input")
	holds(t, locked, "kept")
	alone(t, dir, "in", "locked", "same")
}

func TestLinksAreWrittenThrough(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	link := func(to, name string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.Symlink(to, path); err != nil {
			t.Skipf("no links here: %v", err)
		}
		return path
	}
	file := filepath.Join(out, "file")
	put(t, file, "old", 0o640)
	for _, path := range []string{link(file, "direct"), link("direct", "chain"), link(filepath.Join(out, "new"), "dangling")} {
		if err := Write(path, text("by "+filepath.Base(path))); err != nil {
			t.Fatal(err)
		}
		holds(t, path, "by "+filepath.Base(path))
		if info, err := os.Lstat(path); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more: %v", path, err)
		}
	}
	holds(t, file, "by chain")
	holds(t, filepath.Join(out, "new"), "by dangling")
	alone(t, out, "file", "new")
	link("ring", "back")
	if err := Write(link("back", "ring"), text("x")); err == nil {
		t.Error("a ring of links was written to")
	}
}

// Folders that were made for a file that was not written go with it; those that were there, and those that hold something by now, stay.
func TestFoldersOfWhatFailedGo(t *testing.T) {
	dir := t.TempDir()
	fails := errors.New("no")
	for _, c := range []struct {
		path   string
		beside string // written meanwhile
		stays  string
		goes   string
	}{
		{"a/b/f", "", ".", "a"},
		{"c/d/f", "c/other", "c/other", "c/d"},
	} {
		err := Write(filepath.Join(dir, c.path), func(io.Writer) error {
			if c.beside != "" {
				if err := os.WriteFile(filepath.Join(dir, c.beside), nil, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			return fails
		})
		if !errors.Is(err, fails) {
			t.Errorf("%s: %v", c.path, err)
		}
		if _, err := os.Stat(filepath.Join(dir, c.stays)); err != nil {
			t.Errorf("%s: %v", c.path, err)
		}
		if _, err := os.Stat(filepath.Join(dir, c.goes)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %s is still there: %v", c.path, c.goes, err)
		}
	}
}
