package atomicfile

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// A kind's own files, empty ones and free names are written; anything else stays to the byte, and the refusal says so.
func TestAKindReplacesItsOwn(t *testing.T) {
	notes := FileKind{"list of notes", func(head []byte) bool { return bytes.HasPrefix(head, []byte("notes\n")) }}
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	for _, was := range []string{"", "notes\nold\n", "notes\n" + strings.Repeat("long\n", 1000)} {
		put(t, path, was, 0o600)
		if err := notes.Write(path, text("notes\nnew\n")); err != nil {
			t.Fatal(err)
		}
		holds(t, path, "notes\nnew\n")
	}
	for _, was := range []string{"note", "thesis", strings.Repeat("x", 2*headBytes) + "notes\n"} {
		put(t, path, was, 0o600)
		err := notes.Write(path, text("notes\n"))
		if want := "writing " + path + ": it is no list of notes, and is not replaced"; err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		holds(t, path, was)
	}
	alone(t, dir, "a")
	free := filepath.Join(dir, "new", "b")
	if err := notes.Write(free, text("notes\n")); err != nil {
		t.Fatal(err)
	}
	holds(t, free, "notes\n")
}
