package data

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"satsim/internal/witness"
)

// idx is a file of unsigned bytes by the format's description.
func idx(extents []byte, elements ...byte) []byte {
	b := []byte{0, 0, 8, byte(len(extents))}
	for _, e := range extents {
		b = append(b, 0, 0, 0, e)
	}
	return append(b, elements...)
}

func zipped(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

func TestIDX(t *testing.T) {
	good := idx([]byte{2, 2, 3}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
	for _, file := range [][]byte{good, zipped(good)} {
		extents, elements, err := ReadIDX(bytes.NewReader(file))
		if err != nil || !slices.Equal(extents, []int{2, 2, 3}) || len(elements) != 12 || elements[11] != 12 {
			t.Errorf("%v %v %v", extents, elements, err)
		}
	}
	z := zipped(good)
	broken := slices.Clone(z)
	broken[len(broken)-6] ^= 1 // the checksum
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "cut off in the first four bytes"},
		{"cut off in the extents", good[:9], "cut off in extent 1"},
		{"cut off in the elements", good[:len(good)-1], "11 of 12 elements"},
		{"cut off, compressed", z[:len(z)-9], "cut off"},
		{"bad checksum", broken, "checksum"},
		{"too long", append(slices.Clone(good), 0), "more bytes follow"},
		{"PNG", []byte("\x89PNG\r\n\x1a\n...."), "no IDX file"},
		{"floats", []byte{0, 0, 0x0d, 1, 0, 0, 0, 1}, "type 0x0d"},
		{"no extents", []byte{0, 0, 8, 0, 0}, "no IDX file"},
		{"extent of zero", idx([]byte{0}), "extent 0 is 0"},
		{"more than any set", []byte{0, 0, 8, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, "extent 0 is 4294967295"},
	} {
		if _, _, err := ReadIDX(bytes.NewReader(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", c.name, err, c.want)
		}
	}
}

func TestCIFAR10(t *testing.T) {
	record := func(label, red, green, blue byte) []byte {
		b := []byte{label}
		for _, c := range []byte{red, green, blue} {
			b = append(b, bytes.Repeat([]byte{c}, 1024)...)
		}
		return b
	}
	file := append(record(3, 10, 20, 30), record(9, 1, 2, 3)...)
	file[1+5] = 99 // red of the pixel in row 0, column 5
	pixels, labels, err := ReadCIFAR10(bytes.NewReader(file))
	if err != nil || !slices.Equal(labels, []uint8{3, 9}) || len(pixels) != 2*3072 {
		t.Fatalf("%d pixels, labels %v, %v", len(pixels), labels, err)
	}
	if !slices.Equal(pixels[:3], []uint8{10, 20, 30}) || !slices.Equal(pixels[15:18], []uint8{99, 20, 30}) || !slices.Equal(pixels[6141:], []uint8{1, 2, 3}) {
		t.Errorf("pixels are not channels last: %v", pixels[:18])
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "empty"},
		{"cut off", file[:len(file)-1], "record 1 has 3072 of 3073"},
		{"foreign", bytes.Repeat([]byte("text"), 3073), "label 116"},
		{"too long", bytes.Repeat(record(1, 0, 0, 0), 10_001), "more than 10000"},
	} {
		if testing.Short() && c.name == "too long" {
			continue // 30 MB
		}
		if _, _, err := ReadCIFAR10(bytes.NewReader(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", c.name, err, c.want)
		}
	}
}

func TestFolders(t *testing.T) {
	file := func(b []byte) *fstest.MapFile { return &fstest.MapFile{Data: b} }
	images, labels := idx([]byte{2, 1, 2}, 0, 255, 255, 0), idx([]byte{2}, 1, 6)
	mnist := fstest.MapFS{
		"train-images-idx3-ubyte": file(images), "train-labels-idx1-ubyte.gz": file(zipped(labels)),
		"t10k-images-idx3-ubyte.gz": file(zipped(images)), "t10k-labels-idx1-ubyte": file(labels),
	}
	train, test, err := Load(mnist, "tiny")
	if err != nil || train.Len() != 2 || test.Classes != 7 || train.Name != "tiny" || !slices.Equal(test.Sample(1), []uint8{255, 0}) {
		t.Fatalf("%+v %+v %v", train, test, err)
	}
	if mean, deviation := train.Moments(); mean[0] != 0.5 || deviation[0] != 0.5 {
		t.Errorf("mean %v and deviation %v of two zeros and two ones, want 0.5 and 0.5", mean, deviation)
	}
	if s, err := train.First(1); err != nil || s.Len() != 1 || len(s.Pixels) != 2 {
		t.Errorf("the first image: %+v %v", s, err)
	}
	if _, err := train.First(3); err == nil {
		t.Error("three of two images")
	}
	mnist["train-labels-idx1-ubyte.gz"] = file(idx([]byte{3}, 1, 2, 3))
	if _, _, err := Load(mnist, "tiny"); err == nil || !strings.Contains(err.Error(), "3 labels") {
		t.Errorf("labels and images of different number: %v", err)
	}
	mnist["train-labels-idx1-ubyte.gz"] = file(images)
	if _, _, err := Load(mnist, "tiny"); err == nil || !strings.Contains(err.Error(), "3 extents") {
		t.Errorf("images in place of labels: %v", err)
	}
	delete(mnist, "t10k-images-idx3-ubyte.gz")
	mnist["train-labels-idx1-ubyte.gz"] = file(labels)
	if _, _, err := Load(mnist, "tiny"); err == nil || !strings.Contains(err.Error(), "t10k-images-idx3-ubyte") {
		t.Errorf("a missing file: %v", err)
	}
	if _, _, err := Load(fstest.MapFS{}, "none"); !errors.Is(err, ErrNone) {
		t.Errorf("an empty folder: %v", err)
	}
	cifar := fstest.MapFS{}
	for _, name := range []string{"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"} {
		cifar["cifar-10-batches-bin/"+name+".bin"] = file(make([]byte, 2*3073))
	}
	if train, test, err := Load(cifar, "cifar"); err != nil || train.Len() != 10 || test.Len() != 2 || train.Channels != 3 || train.Classes != 10 {
		t.Errorf("CIFAR-10: %+v %v", train, err)
	}
}

// TestFashionMNIST reads the real files, where they are: 60,000 and 10,000 images of 28x28 in 10 classes of equal size (Xiao, Rasul,
// Vollgraf, "Fashion-MNIST", 2017, arXiv 1708.07747).
func TestFashionMNIST(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 70,000 images")
	}
	const folder = "/usr/share/datasets/fashion-mnist"
	if _, err := os.Stat(folder); err != nil {
		witness.Missing(t, "dataset-fashion-mnist")
	}
	train, test, err := Load(os.DirFS(folder), "fashion-mnist")
	if err != nil {
		t.Fatal(err)
	}
	if train.Len() != 60_000 || test.Len() != 10_000 || train.Height != 28 || train.Width != 28 || train.Classes != 10 {
		t.Errorf("%d and %d images of %dx%d in %d classes", train.Len(), test.Len(), train.Height, train.Width, train.Classes)
	}
	var count [10]int
	for _, l := range train.Labels {
		count[l]++
	}
	if count != [10]int{6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000} {
		t.Errorf("images by class: %v", count)
	}
}

func TestGeneratedIsRepeatable(t *testing.T) {
	a, b, c := Generated(20, 4, 1, 3, 1, 0), Generated(20, 4, 1, 3, 1, 0), Generated(20, 4, 1, 3, 1, 1)
	if !slices.Equal(a.Pixels, b.Pixels) || slices.Equal(a.Pixels, c.Pixels) || a.check() != nil {
		t.Error("equal arguments give different images, or two parts the same")
	}
}
