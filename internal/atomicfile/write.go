package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
)

type writer = io.WriteCloser

// Write makes output of what write writes. A file is whole or as it was before; see the package for what else a path may name.
func Write(path string, write func(io.Writer) error, inputs ...string) error {
	t, err := Find(path, inputs...)
	return t.write(path, write, err)
}

// write makes output of a target that was found under a path, or says why it was not.
func (t *Target) write(path string, write func(io.Writer) error, err error) error {
	if err == nil {
		if t.Stream {
			err = t.stream(write)
		} else {
			err = t.replace(write)
		}
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

func (t *Target) stream(write func(io.Writer) error) error {
	w, err := t.open()
	if err != nil {
		return err
	}
	return errors.Join(write(w), w.Close())
}

// folders makes a folder and those that it lies in, and says which were not there, the innermost first.
func folders(dir string) (made []string, err error) {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			break
		}
		made = append(made, at)
	}
	return made, os.MkdirAll(dir, 0o777)
}

func (t *Target) replace(write func(io.Writer) error) (err error) {
	made, err := folders(filepath.Dir(t.Path))
	defer func() {
		if err != nil {
			for _, dir := range made {
				os.Remove(dir) // one that holds something by now stays
			}
		}
	}()
	if err != nil {
		return fmt.Errorf("making its folder: %w", err)
	}
	f, err := beside(t.Path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if t.Info != nil {
		if err := f.Chmod(t.Info.Mode().Perm()); err != nil {
			return cause(err)
		}
	}
	if err := f.Sync(); err != nil {
		return cause(err)
	}
	if err := f.Close(); err != nil {
		return cause(err)
	}
	return os.Rename(f.Name(), t.Path)
}

// tries is how often a name is drawn: that one is taken, or taken away, is a rare accident.
const tries = 100

// beside makes the file beside a path, locked, and removes those that killed writers left.
func beside(path string) (*os.File, error) {
	clean(filepath.Dir(path))
	for range tries {
		name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d.satsim-tmp", filepath.Base(path), rand.Uint32()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, cause(err)
		}
		lock(f)
		if still(f) {
			return f, nil
		}
		f.Close() // another writer took it for one of a dead one before it was locked
	}
	return nil, errors.New("no name beside it is free")
}

// still reports whether an open file has its name.
func still(f *os.File) bool {
	own, err1 := f.Stat()
	now, err2 := os.Lstat(f.Name())
	return err1 == nil && err2 == nil && os.SameFile(own, now)
}

// left matches files of writers, and leftFolder the folders of those that write one: its name, and what is beside the file.
var (
	left       = regexp.MustCompile(`^\..+\.[0-9]+\.satsim-tmp$`)
	leftFolder = regexp.MustCompile(`^(\.(.+)\.[0-9]+\.satsim-tmp)(\.new|\.old)$`)
)

// Suffixes of a writer's folders, behind the name of the file that it holds locked: the one that it makes, and the one that was there, on its way out.
const madeSuffix, oldSuffix = ".new", ".old"

// clean removes what dead writers left in a folder: files that nobody has locked, then folders whose file is not there. A folder that was to be replaced comes back if nothing
// has taken its place. What cannot be removed stays: that is no reason not to write.
func clean(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.Type().IsRegular() && left.MatchString(e.Name()) {
			abandon(filepath.Join(folder, e.Name()))
		}
	}
	for _, e := range entries {
		m := leftFolder.FindStringSubmatch(e.Name())
		if m == nil || !e.IsDir() || there(filepath.Join(folder, m[1])) {
			continue
		}
		at, name := filepath.Join(folder, e.Name()), filepath.Join(folder, m[2])
		if m[3] == oldSuffix && !there(name) && os.Rename(at, name) == nil {
			continue
		}
		os.RemoveAll(at)
	}
}

// there reports whether a name is taken, or may be.
func there(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
