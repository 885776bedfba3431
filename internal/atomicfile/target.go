package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Target is what a path names as output.
type Target struct {
	Path   string      // links followed
	Info   fs.FileInfo // nil: nothing is there yet
	Stream bool        // it is written into, not replaced
}

// Find decides what a path names as output, and refuses what is none. Inputs are paths that the command reads; one may be anything, also a
// name that is no file.
func Find(path string, inputs ...string) (Target, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		real, err := follow(path)
		if err == nil {
			err = Room(real)
		}
		return Target{Path: real}, err
	case err != nil:
		return Target{}, cause(err)
	case info.IsDir():
		return Target{}, errors.New("it is a folder; a file is accepted")
	case !info.Mode().IsRegular() || standard(info) != nil:
		return Target{Path: path, Info: info, Stream: true}, nil
	}
	for _, in := range inputs {
		if read, err := os.Stat(in); err == nil && os.SameFile(info, read) {
			return Target{}, fmt.Errorf("it is %s, which is read; another file is accepted", in)
		}
	}
	if info.Mode().Perm()&0o222 == 0 {
		return Target{}, errors.New("it is read-only")
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0) // for what the mode does not say; nothing is changed
	if err != nil {
		return Target{}, cause(err)
	}
	f.Close()
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return Target{}, cause(err)
	}
	return Target{Path: real, Info: info}, Room(real)
}

// Room says why nothing can be made beside a path, as far as that is known before: by the folder that is there of those that it lies in.
func Room(path string) error {
	for at := filepath.Dir(path); ; at = filepath.Dir(at) {
		switch info, err := os.Stat(at); {
		case errors.Is(err, fs.ErrNotExist) && at != filepath.Dir(at):
			continue
		case err != nil:
			return cause(err)
		case !info.IsDir():
			return fmt.Errorf("%s is no folder", at)
		}
		if err := makes(at); err != nil {
			return fmt.Errorf("in %s: %w", at, err)
		}
		return nil
	}
}

// maxLinks bounds a chain of links, which may be a ring.
const maxLinks = 40

// follow gives what is to be made under a name that is free, or that is a link to one.
func follow(path string) (string, error) {
	for range maxLinks {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil // no link
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", errors.New("it is a ring of links")
}

// standard is the standard output or error that a file is, if it is one of them.
func standard(info fs.FileInfo) *os.File {
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if own, err := f.Stat(); err == nil && os.SameFile(own, info) {
			return f
		}
	}
	return nil
}

// open opens a stream.
func (t *Target) open() (writer, error) {
	if f := standard(t.Info); f != nil {
		return kept{f}, nil
	}
	if t.Info.Mode()&fs.ModeSocket != 0 {
		c, err := net.Dial("unix", t.Path)
		return c, cause(err)
	}
	if t.Info.Mode()&fs.ModeNamedPipe != 0 {
		return t.pipe()
	}
	f, err := os.OpenFile(t.Path, os.O_WRONLY, 0)
	return f, cause(err)
}

// How long a pipe waits for its reader, which a script may start a moment later.
const (
	readerTries = 100
	readerPause = 20 * time.Millisecond
)

// pipe opens a named pipe that somebody reads. Opened in the usual way it would wait for that without an end, and Ctrl-C would not stop it.
func (t *Target) pipe() (writer, error) {
	for range readerTries {
		f, err := os.OpenFile(t.Path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if !errors.Is(err, syscall.ENXIO) {
			return f, cause(err)
		}
		time.Sleep(readerPause)
	}
	return nil, errors.New("nobody reads this pipe; one that is read is accepted")
}

// kept is a file that stays open.
type kept struct{ *os.File }

func (kept) Close() error { return nil }

// cause is an error without the path, which whoever reports it names.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
