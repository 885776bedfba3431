package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Folder writes a folder of files, named by their paths in it with slashes, which is whole or as it was before. A folder that is there is replaced if it is empty or
// if ours finds nothing against it; a link to one is followed.
func Folder(path string, files map[string][]byte, ours func(path string) error) error {
	if err := folder(path, files, ours); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

func folder(path string, files map[string][]byte, ours func(path string) error) (err error) {
	if at, err := follow(path); err == nil { // a folder that a killed writer had moved aside comes back before it is looked for
		clean(filepath.Dir(filepath.Clean(at)))
	}
	there := false
	switch entries, err := os.ReadDir(path); {
	case err == nil:
		there = true
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
		if len(entries) > 0 {
			if err := ours(path); err != nil {
				return err
			}
		}
	case errors.Is(err, fs.ErrNotExist):
		if path, err = follow(path); err != nil {
			return err
		}
	default:
		return cause(err)
	}
	path = filepath.Clean(path)
	if there && within(path) {
		return errors.New("the command works in it, and it would be another folder of that name; one inside it is accepted")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("making its folder: %w", err)
	}
	lock, err := beside(path)
	if err != nil {
		return err
	}
	made, old := lock.Name()+madeSuffix, lock.Name()+oldSuffix
	defer func() {
		err = errors.Join(err, os.RemoveAll(made))
		lock.Close()
		os.Remove(lock.Name())
	}()
	if err := os.Mkdir(made, 0o777); err != nil {
		return cause(err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("%q is outside of it", name)
		}
		to := filepath.Join(made, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return cause(err)
		}
		if err := os.WriteFile(to, files[name], 0o666); err != nil {
			return cause(err)
		}
	}
	if !there {
		return os.Rename(made, path)
	}
	if exchange(made, path) == nil {
		return nil // what was there has the new one's name, and goes with it
	}
	return turn(made, path, old)
}

// turn puts a new folder in the place of one that is there: a folder is not renamed over another that holds anything, so the old one steps aside. It comes back if
// the new one cannot take its place, or if the writer is killed before that (clean).
func turn(made, path, old string) error {
	if err := os.Rename(path, old); err != nil {
		return cause(err)
	}
	if err := os.Rename(made, path); err != nil {
		return errors.Join(err, os.Rename(old, path))
	}
	return os.RemoveAll(old)
}

// within is whether the working folder is a folder or lies in it. Who stands in a folder that is replaced stands in one that is no more.
func within(path string) bool {
	at, err := os.Getwd()
	if err != nil {
		return false
	}
	folder, err := os.Stat(path)
	for err == nil {
		var above fs.FileInfo
		if above, err = os.Stat(at); err == nil && os.SameFile(above, folder) {
			return true
		}
		up := filepath.Dir(at)
		if up == at {
			return false
		}
		at = up
	}
	return false
}
