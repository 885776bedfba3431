package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"satsim/internal/config"
)

// hole makes a file of a size without writing it.
func hole(t *testing.T, size int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, size); err != nil {
		t.Skip(err) // a file system without holes
	}
	return path
}

func TestReadRefusesWhatIsTooLarge(t *testing.T) {
	t.Setenv("SATSIM_FILE_LIMIT", "1KiB")
	if data, err := config.Read(hole(t, 1024), config.Model); err != nil || len(data) != 1024 {
		t.Errorf("a file of the limit: %d bytes, %v", len(data), err)
	}
	want := "big.yaml: it is larger than 1KiB, the limit for a model file; SATSIM_FILE_LIMIT=4MiB in the environment sets another"
	if _, err := config.Read(hole(t, 1025), config.Model); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("a byte more than the limit: %v", err)
	}
	t.Setenv("SATSIM_FILE_LIMIT", "a lot")
	if _, err := config.Read(hole(t, 10), config.Model); err == nil || !strings.Contains(err.Error(), "SATSIM_FILE_LIMIT") {
		t.Errorf("with a limit that is none: %v", err)
	}
}

// Each kind has a limit of its own scale, which a variable of its own raises; a file of 100 GB is refused unread, whatever it is taken for.
func TestLimitsOfKinds(t *testing.T) {
	huge := hole(t, 100e9)
	for kind, c := range map[config.Kind]struct{ limit, of, variable string }{
		config.Model:   {"4MiB", "a model file", "SATSIM_FILE_LIMIT=128GiB"},
		config.Output:  {"64MiB", "an output of satsim", "SATSIM_FILE_LIMIT=128GiB"},
		config.Weights: {"64GiB", "a file of weights", "SATSIM_WEIGHTS_LIMIT=128GiB"},
		config.Data:    {"4GiB", "a file of a data set", "SATSIM_DATA_LIMIT=128GiB"},
		config.Store:   {"16GiB", "a store", "SATSIM_STORE_LIMIT=128GiB"},
	} {
		want := fmt.Sprintf("it is larger than %s, the limit for %s; %s in the environment sets another", c.limit, c.of, c.variable)
		if err := config.Check(huge, kind); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v; want %s", err, want)
		}
		_, read := config.Read(huge, kind)
		_, _, opened := config.Open(huge, kind)
		_, inFolder := config.Folder(filepath.Dir(huge), kind).Open("big.yaml")
		for _, err := range []error{read, opened, inFolder} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v; want %s", err, want)
			}
		}
	}
	t.Setenv("SATSIM_WEIGHTS_LIMIT", "1TiB")
	f, size, err := config.Open(huge, config.Weights)
	if err != nil || size != 100e9 {
		t.Fatalf("%d bytes, %v", size, err)
	}
	f.Close()
}

// What is read in pieces is a regular file.
func TestOpenRefusesDevicesAndFolders(t *testing.T) {
	dir := t.TempDir()
	refused := []string{dir}
	if err := os.Symlink(os.DevNull, filepath.Join(dir, "link")); err == nil {
		refused = append(refused, filepath.Join(dir, "link"))
		if _, err := config.Folder(dir, config.Data).Open("link"); err == nil || !strings.Contains(err.Error(), "device") {
			t.Errorf("in a folder: %v", err)
		}
	}
	for _, path := range refused {
		if _, _, err := config.Open(path, config.Weights); err == nil || !strings.Contains(err.Error(), "it is a folder, device, pipe or socket; a file is accepted") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// A link to a device that never ends is refused; of a pipe that does not end as much as the limit is read.
func TestReadEndsWithWhatDoesNot(t *testing.T) {
	const endless = "/dev/zero"
	if _, err := os.Stat(endless); err != nil {
		t.Skip("no such device here")
	}
	link := filepath.Join(t.TempDir(), "net.yaml")
	if err := os.Symlink(endless, link); err != nil {
		t.Skip(err)
	}
	if _, err := config.Resolve("network", link, fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "it is a device") {
		t.Errorf("error %v", err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	go func() {
		defer w.Close()
		for {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return // nobody reads on
			}
		}
	}()
	pipe := fmt.Sprintf("/dev/fd/%d", r.Fd())
	if _, err := os.Stat(pipe); err != nil {
		t.Skip("pipes have no names here")
	}
	if _, err := config.Read(pipe, config.Model); err == nil || !strings.Contains(err.Error(), "it is larger than 4MiB") {
		t.Errorf("error %v", err)
	}
}

func TestErrorsAreCapped(t *testing.T) {
	type model struct {
		Name string `yaml:"name"`
	}
	for _, c := range []struct {
		mistakes, lines int
		last            string
	}{
		{20, 20, "f.yaml:21:1: k19: unknown key; accepted: name"}, {21, 21, "and 1 more"}, {3000, 21, "and 2980 more"},
	} {
		var text strings.Builder
		text.WriteString("kind: model\n")
		for i := range c.mistakes {
			fmt.Fprintf(&text, "k%d: 1\n", i)
		}
		err := config.Decode(config.Source{Name: "f.yaml", Data: []byte(text.String())}, "model", &model{})
		if err == nil {
			t.Fatal("no error")
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) != c.lines || lines[len(lines)-1] != c.last {
			t.Errorf("%d mistakes: %d lines, the last is %q; want %d and %q", c.mistakes, len(lines), lines[len(lines)-1], c.lines, c.last)
		}
	}
}
