package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"satsim/internal/quantity"
)

// Kind is what a file that a user names holds, which says how large it may be.
type Kind int

// The kinds of files.
const (
	Model   Kind = iota // models, topologies and settings, read whole
	Output              // what satsim itself wrote, read whole: records, schedules, trainings
	Weights             // ONNX and .npy files, external data and checkpoints: mostly elements, read in pieces
	Data                // a file of a data set
	Store               // a store of points
)

// limits are many times the largest file that anybody has written. Whoever has a larger one says so in the environment.
var limits = [...]struct {
	kind     string
	size     quantity.Bytes
	variable string
}{
	Model:   {"a model file", 4 << 20, "SATSIM_FILE_LIMIT"}, // some 100,000 lines
	Output:  {"an output of satsim", 64 << 20, "SATSIM_FILE_LIMIT"},
	Weights: {"a file of weights", 64 << 30, "SATSIM_WEIGHTS_LIMIT"}, // a protobuf of more than 2 GiB is none
	Data:    {"a file of a data set", 4 << 30, "SATSIM_DATA_LIMIT"},  // CIFAR and the MNIST family: 30 MB, and 500 for the largest
	Store:   {"a store", 16 << 30, "SATSIM_STORE_LIMIT"},             // some 20 KB a point
}

// limit is how large a file of a kind may be.
func (k Kind) limit() (quantity.Bytes, error) {
	l := limits[k]
	if text := os.Getenv(l.variable); text != "" {
		if err := l.size.UnmarshalText([]byte(text)); err != nil {
			return 0, fmt.Errorf("%s: %w", l.variable, err)
		}
	}
	return l.size, nil
}

// tooLarge refuses a file, and names a limit that would take it: the next power of two; twice the present limit where the size is not known (0).
func (k Kind) tooLarge(path string, limit quantity.Bytes, size int64) error {
	enough := max(2*limit, limits[k].size)
	for int64(enough) < size {
		enough *= 2
	}
	return &os.PathError{Op: "read", Path: path, Err: fmt.Errorf("it is larger than %v, the limit for %s; %s=%v in the environment sets another",
		limit, limits[k].kind, limits[k].variable, enough)}
}

// Read reads a whole file: the one door for what is small. What is larger than the limit is refused unread, and so is a device, which may never end;
// a pipe is refused once that much has come.
func Read(path string, kind Kind) ([]byte, error) {
	limit, err := kind.limit()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	switch info, err := f.Stat(); {
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeDevice != 0:
		return nil, &os.PathError{Op: "read", Path: path, Err: errors.New("it is a device; a file or a pipe is accepted")}
	case info.Mode().IsRegular() && info.Size() > int64(limit):
		return nil, kind.tooLarge(path, limit, info.Size())
	}
	data, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > int64(limit) {
		return nil, kind.tooLarge(path, limit, 0)
	}
	if kind == Model {
		if err := standIn(data[:min(len(data), 512)]); err != nil {
			return nil, &os.PathError{Op: "read", Path: path, Err: err}
		}
	}
	return data, nil
}

// Open opens a file that is read in pieces, and says how large it is: a regular file within the limit, and no device, pipe or socket.
func Open(path string, kind Kind) (*os.File, int64, error) {
	if err := Check(path, kind); err != nil { // before it is opened: a pipe would wait for its writer
		return nil, 0, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	if err := CheckContent(f); err != nil {
		f.Close()
		return nil, 0, &os.PathError{Op: "read", Path: path, Err: err}
	}
	return f, info.Size(), nil
}

// OpenBeside opens the weights that a model names beside it, and says how large it is: a regular file in its folder, and nothing that a link there leads out to.
func OpenBeside(model, name string, kind Kind) (*os.File, int64, error) {
	fail := func(err error) (*os.File, int64, error) {
		if path := (*fs.PathError)(nil); errors.As(err, &path) {
			err = path.Err // the file is named before it
		}
		return nil, 0, fmt.Errorf("its weights lie in %q, which is no file beside the model: %w", name, err)
	}
	folder, err := os.OpenRoot(filepath.Dir(model))
	if err != nil {
		return fail(err)
	}
	defer folder.Close()
	info, err := folder.Stat(name)
	if err != nil {
		return fail(err)
	}
	if err := CheckInfo(name, info, kind); err != nil {
		return nil, 0, fmt.Errorf("its weights lie beside the model: %w", err)
	}
	f, err := folder.Open(name)
	if err != nil {
		return fail(err)
	}
	if err := CheckContent(f); err != nil {
		f.Close()
		return nil, 0, fmt.Errorf("its weights lie in %q beside the model: %w", name, err)
	}
	return f, info.Size(), nil
}

// Check refuses what Open does, for files that something else opens.
func Check(path string, kind Kind) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return CheckInfo(path, info, kind)
}

// CheckInfo is Check for a file that has been looked at.
func CheckInfo(path string, info fs.FileInfo, kind Kind) error {
	if !info.Mode().IsRegular() {
		return &os.PathError{Op: "read", Path: path, Err: errNotRegular}
	}
	limit, err := kind.limit()
	if err == nil && info.Size() > int64(limit) {
		err = kind.tooLarge(path, limit, info.Size())
	}
	return err
}

var errNotRegular = errors.New("it is a folder, device, pipe or socket; a file is accepted")

// Folder is a folder on whose files the limit of a kind is held.
func Folder(name string, kind Kind) fs.FS { return folder{os.DirFS(name), name, kind} }

type folder struct {
	fs.FS
	name string
	kind Kind
}

func (f folder) Open(name string) (fs.File, error) {
	info, err := fs.Stat(f.FS, name)
	if err != nil {
		return nil, err
	}
	if err := CheckInfo(path.Join(f.name, name), info, f.kind); err != nil {
		return nil, err
	}
	return f.FS.Open(name)
}

// Stat looks at a file without opening it.
func (f folder) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }
