package prune

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"satsim/internal/nm"
)

const testdata = "../../workloads/weights/testdata"

// A model's elements are a regular file beside it. A link that stays in the folder is one; a link out of it, a folder and a device are not,
// whatever they hold.
func TestElementsLieBesideTheModel(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(testdata, "external.data"))
	if err != nil {
		t.Fatal(err)
	}
	model, err := os.ReadFile(filepath.Join(testdata, "external.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, data, 0o600); err != nil {
		t.Fatal(err)
	}
	link := func(to string) func(string) error {
		return func(path string) error { return os.Symlink(to, path) }
	}
	for name, c := range map[string]struct {
		make func(path string) error
		want string // of the error
	}{
		"a file":            {func(path string) error { return os.WriteFile(path, data, 0o600) }, ""},
		"a link beside":     {func(path string) error { return os.Symlink("other", path) }, ""},
		"a link out":        {link(outside), "no file beside the model"},
		"a link above":      {link("../secret"), "no file beside the model"},
		"a link to devices": {link("/dev/zero"), "no file beside the model"},
		"a folder":          {func(path string) error { return os.Mkdir(path, 0o700) }, "it is a folder, device, pipe or socket"},
		"nothing":           {func(string) error { return nil }, "no file beside the model"},
		"a file cut short":  {func(path string) error { return os.WriteFile(path, data[:100], 0o600) }, "the file has"},
		"one too large": {func(path string) error {
			return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, 64<<30+1)) // a hole
		}, "it is larger than 64GiB, the limit for a file of weights; SATSIM_WEIGHTS_LIMIT=128GiB"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			for file, b := range map[string][]byte{"external.onnx": model, "other": data} {
				if err := os.WriteFile(filepath.Join(folder, file), b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := c.make(filepath.Join(folder, "external.data")); err != nil {
				t.Skip(err) // links need rights on some systems
			}
			_, err := Run(context.Background(), []string{filepath.Join(folder, "external.onnx")}, Options{Ratio: nm.Ratio{N: 2, M: 4}, Burst: 64})
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "statat")):
				t.Errorf("error %v; want %s", err, c.want)
			}
		})
	}
}

// What the model itself names out of its folder is refused in the same way: the name in the file is overwritten by others of its length.
func TestElementsAreNotNamedElsewhere(t *testing.T) {
	const within = "external.data"
	model, err := os.ReadFile(filepath.Join(testdata, "external.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../secret.txt", "/dev/././zero", "./././././.."} {
		if len(name) > len(within) {
			t.Fatal(name)
		}
		folder := filepath.Join(t.TempDir(), "model")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "..", "secret.txt"), make([]byte, 1<<20), 0o600); err != nil {
			t.Fatal(err)
		}
		padded := name + strings.Repeat("/", len(within)-len(name))
		path := filepath.Join(folder, "m.onnx")
		if err := os.WriteFile(path, bytes.ReplaceAll(model, []byte(within), []byte(padded)), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Run(context.Background(), []string{path}, Options{Ratio: nm.Ratio{N: 2, M: 4}, Burst: 64})
		if err == nil || !strings.Contains(err.Error(), "no file beside the model") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// Layers whose weights are made by nodes that are not followed are counted and named, for people and for programs.
func TestLayersWithoutWeightAreNamed(t *testing.T) {
	path := filepath.Join(testdata, "parts.onnx")
	r, err := Run(context.Background(), []string{path}, Options{Ratio: nm.Ratio{N: 2, M: 8}, Burst: 64})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := errors.Join(r.Text(&text), r.JSON(&text)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"2 of 8 layers have no weight here:\n  " + path + `: joined: Concat makes "h2" of half, other, which is not followed`,
		`"left_out": [`,
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing in\n%s", want, text.String())
		}
	}
}
