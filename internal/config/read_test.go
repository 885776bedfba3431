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

func TestReadRefusesWhatIsTooLarge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(path, []byte(strings.Repeat("x", 1000)), 0o666); err != nil {
		t.Fatal(err)
	}
	if data, err := config.Read(path, 1000); err != nil || len(data) != 1000 {
		t.Errorf("a file of the limit: %d bytes, %v", len(data), err)
	}
	if _, err := config.Read(path, 999); err == nil || !strings.Contains(err.Error(), "big.yaml: it is larger than 999B, the limit for one file; SATSIM_FILE_LIMIT=") {
		t.Errorf("a byte more than the limit: %v", err)
	}
	t.Setenv(config.LimitVariable, "1KiB")
	if data, err := config.Read(path, 10); err != nil || len(data) != 1000 {
		t.Errorf("with a limit of 1KiB in the environment: %d bytes, %v", len(data), err)
	}
	t.Setenv(config.LimitVariable, "a lot")
	if _, err := config.Read(path, 10); err == nil || !strings.Contains(err.Error(), "SATSIM_FILE_LIMIT") {
		t.Errorf("with a limit that is none: %v", err)
	}
}

// A link to a device that never ends: as much as the limit is read, then it is refused.
func TestReadEndsWithADeviceThatDoesNot(t *testing.T) {
	const endless = "/dev/zero"
	if _, err := os.Stat(endless); err != nil {
		t.Skip("no such device here")
	}
	link := filepath.Join(t.TempDir(), "net.yaml")
	if err := os.Symlink(endless, link); err != nil {
		t.Skip(err)
	}
	if _, err := config.Resolve("network", link, fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "larger than 4MiB") {
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
