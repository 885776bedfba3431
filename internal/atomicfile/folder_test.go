package atomicfile

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree is the files below a folder, with their content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAFolderIsWholeOrAsItWas(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "a", "bundle")
	mine := func(string) error { return nil }
	other := errors.New("it is somebody's")
	first := map[string][]byte{"x": []byte("1"), "sub/y": []byte("2")}
	if err := Folder(dir, first, func(string) error { return other }); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"x": "1", "sub/y": "2"}
	if got := tree(t, dir); !maps.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if err := Folder(dir, map[string][]byte{"z": []byte("3")}, func(string) error { return other }); !errors.Is(err, other) {
		t.Errorf("replaced: %v", err)
	}
	if err := Folder(dir, map[string][]byte{"z": []byte("3"), "../out": nil}, mine); err == nil {
		t.Error("a file outside was written")
	}
	if got := tree(t, dir); !maps.Equal(got, want) {
		t.Errorf("after two refusals: %v", got)
	}
	link := filepath.Join(top, "link")
	if err := os.Symlink(dir, link); err == nil {
		if err := Folder(link, map[string][]byte{"z": []byte("3")}, mine); err != nil {
			t.Fatal(err)
		}
		if got := tree(t, dir); !maps.Equal(got, map[string]string{"z": "3"}) {
			t.Errorf("through a link: %v", got)
		}
	}
	names := []string{}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, []string{"bundle"}) {
		t.Errorf("beside it: %v", names)
	}
	if err := Folder(filepath.Join(dir, "z"), first, mine); err == nil {
		t.Error("a file was taken for a folder")
	}
}

// A shell that stands in a folder which another replaces would stand in one that is no more: neither it nor one above it is taken, and what is there stays.
func TestTheWorkingFolderIsNotReplaced(t *testing.T) {
	top := t.TempDir()
	if err := os.MkdirAll(filepath.Join(top, "a", "b"), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(top, "a", "b"))
	mine := func(string) error { return nil }
	for _, path := range []string{".", "..", filepath.Join(top, "a")} {
		if err := Folder(path, map[string][]byte{"x": nil}, mine); err == nil || !strings.Contains(err.Error(), "the command works in it") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if got := tree(t, top); len(got) > 0 {
		t.Errorf("%v", got)
	}
	if err := Folder("c", map[string][]byte{"x": nil}, mine); err != nil {
		t.Errorf("one inside: %v", err)
	}
}
