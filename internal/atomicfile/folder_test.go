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

// What killed writers of folders left goes with the next write; of a living one, whose file is locked, it stays. A folder that had stepped aside when its writer was killed comes back, before it is
// decided whether it may be replaced; one whose place was taken goes.
func TestFoldersOfKilledWriters(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "bundle")
	left := func(name, file string) {
		t.Helper()
		if err := os.Mkdir(filepath.Join(top, name), 0o777); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(top, name, file), "kept", 0o644)
	}
	left(".bundle.1.satsim-tmp.new", "half")
	put(t, filepath.Join(top, ".bundle.1.satsim-tmp"), "", 0o644) // no lock on it
	left(".bundle.2.satsim-tmp.old", "whole")
	left(".bundle.bak", "a user's")
	living, err := beside(filepath.Join(top, "other"))
	if err != nil {
		t.Fatal(err)
	}
	defer living.Close()
	left(filepath.Base(living.Name())+".new", "half")
	theirs := errors.New("it was changed")
	err = Folder(dir, map[string][]byte{"x": []byte("1")}, func(path string) error {
		if got := tree(t, path); !maps.Equal(got, map[string]string{"whole": "kept"}) {
			t.Errorf("what came back: %v", got)
		}
		return theirs
	})
	if !errors.Is(err, theirs) {
		t.Errorf("what came back is not looked at: %v", err)
	}
	alone(t, top, ".bundle.bak", filepath.Base(living.Name()), filepath.Base(living.Name())+".new", "bundle")
	left(".bundle.3.satsim-tmp.old", "replaced")
	if err := Folder(dir, map[string][]byte{"x": []byte("1")}, func(string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, dir); !maps.Equal(got, map[string]string{"x": "1"}) {
		t.Errorf("%v", got)
	}
	alone(t, top, ".bundle.bak", filepath.Base(living.Name()), filepath.Base(living.Name())+".new", "bundle")
}

// Where folders are not exchanged the old one steps aside; if the new one cannot take its place it is back.
func TestAFolderTurns(t *testing.T) {
	top := t.TempDir()
	path, made, old := filepath.Join(top, "bundle"), filepath.Join(top, ".bundle.1.satsim-tmp.new"), filepath.Join(top, ".bundle.1.satsim-tmp.old")
	for _, dir := range []string{path, made} {
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, filepath.Base(dir)), "", 0o644)
	}
	if err := turn(filepath.Join(top, "none"), path, old); err == nil {
		t.Error("nothing took its place")
	}
	alone(t, top, ".bundle.1.satsim-tmp.new", "bundle")
	if err := turn(made, path, old); err != nil {
		t.Fatal(err)
	}
	alone(t, top, "bundle")
	if got := tree(t, path); !maps.Equal(got, map[string]string{".bundle.1.satsim-tmp.new": ""}) {
		t.Errorf("%v", got)
	}
}
