package data

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
)

// ErrNone: a folder holds no set that is known.
var ErrNone = errors.New("no data set found: neither train-images-idx3-ubyte (plain or .gz) nor data_batch_1.bin")

// Load reads the training and the test set of a folder: files of the MNIST family under their original names, or those of
// CIFAR-10's binary version, which may be in the folder of its archive.
func Load(folder fs.FS, name string) (train, test *Set, err error) {
	if _, ok := find(folder, "train-images-idx3-ubyte"); ok {
		if train, err = loadIDX(folder, name, "train"); err != nil {
			return nil, nil, err
		}
		test, err = loadIDX(folder, name, "t10k")
	} else if dir, ok := findCIFAR(folder); ok {
		var files []string
		for i := range 5 {
			files = append(files, path.Join(dir, fmt.Sprintf("data_batch_%d.bin", i+1)))
		}
		if train, err = loadCIFAR(folder, name, files...); err != nil {
			return nil, nil, err
		}
		test, err = loadCIFAR(folder, name, path.Join(dir, "test_batch.bin"))
	} else {
		return nil, nil, ErrNone
	}
	if err != nil {
		return nil, nil, err
	}
	if train.Height != test.Height || train.Width != test.Width {
		return nil, nil, fmt.Errorf("%s: training images of %dx%d and test images of %dx%d", name, train.Height, train.Width, test.Height, test.Width)
	}
	train.Classes = max(train.Classes, test.Classes)
	test.Classes = train.Classes
	return train, test, nil
}

func find(folder fs.FS, file string) (string, bool) {
	for _, f := range []string{file, file + ".gz"} {
		if _, err := fs.Stat(folder, f); err == nil {
			return f, true
		}
	}
	return file, false
}

func findCIFAR(folder fs.FS) (string, bool) {
	for _, dir := range []string{".", "cifar-10-batches-bin"} {
		if _, err := fs.Stat(folder, path.Join(dir, "data_batch_1.bin")); err == nil {
			return dir, true
		}
	}
	return "", false
}

func loadIDX(folder fs.FS, name, part string) (*Set, error) {
	extents, pixels, err := openIDX(folder, part+"-images-idx3-ubyte", 3)
	if err != nil {
		return nil, err
	}
	_, labels, err := openIDX(folder, part+"-labels-idx1-ubyte", 1)
	if err != nil {
		return nil, err
	}
	s := &Set{Name: name, Height: extents[1], Width: extents[2], Channels: 1, Pixels: pixels, Labels: labels}
	for _, l := range labels {
		s.Classes = max(s.Classes, int(l)+1)
	}
	return s, s.check()
}

func openIDX(folder fs.FS, file string, rank int) ([]int, []uint8, error) {
	file, _ = find(folder, file)
	f, err := folder.Open(file)
	if err != nil {
		return nil, nil, fmt.Errorf("opening a data set: %w", err)
	}
	defer f.Close()
	extents, elements, err := ReadIDX(f)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", file, err)
	}
	if len(extents) != rank {
		return nil, nil, fmt.Errorf("reading %s: %d extents; %d are accepted here", file, len(extents), rank)
	}
	return extents, elements, nil
}

func loadCIFAR(folder fs.FS, name string, files ...string) (*Set, error) {
	s := &Set{Name: name, Height: cifarSide, Width: cifarSide, Channels: 3, Classes: cifarLabels}
	for _, file := range files {
		f, err := folder.Open(file)
		if err != nil {
			return nil, fmt.Errorf("opening a data set: %w", err)
		}
		pixels, labels, err := ReadCIFAR10(f)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		s.Pixels, s.Labels = append(s.Pixels, pixels...), append(s.Labels, labels...)
	}
	return s, s.check()
}
