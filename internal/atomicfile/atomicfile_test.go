package atomicfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"satsim/internal/atomicfile"
)

func TestWriteIsWholeOrNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "made", "on", "demand", "file.txt")
	says := func(text string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			if _, err := io.WriteString(w, text); err != nil {
				return err
			}
			return err
		}
	}
	for _, c := range []struct {
		text string
		fail error
		want string
	}{
		{"first", nil, "first"},
		{"a part of the sec", errors.New("cut off"), "first"},
		{"second", nil, "second"},
	} {
		if err := atomicfile.Write(path, says(c.text, c.fail)); !errors.Is(err, c.fail) {
			t.Errorf("%q: %v, want %v", c.text, err, c.fail)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != c.want {
			t.Errorf("after %q there is %q, %v; want %q", c.text, got, err, c.want)
		}
		left, err := os.ReadDir(filepath.Dir(path))
		if err != nil || len(left) != 1 {
			t.Errorf("after %q the folder holds %v, %v", c.text, left, err)
		}
	}
}
