package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
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
	made := fmt.Sprintf("%s.%d.satsim-tmp", filepath.Join(filepath.Dir(path), "."+filepath.Base(path)), rand.Uint32())
	if err := os.Mkdir(made, 0o777); err != nil {
		return cause(err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(made)) }()
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
	// A folder is not renamed over another that holds anything: the old one steps aside, and comes back if the new one cannot take its place.
	old := made + ".old"
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
