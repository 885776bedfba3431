package prune

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads/weights"
)

// A folder with somebody's file of a copy's name: nothing of it is replaced, and the copies that were made before it was met are taken back. Beside a
// prune.json copies are satsim's own.
func TestCopiesOfOthersAreKept(t *testing.T) {
	first, second := npy(t, [][]float32{{1, 2, 3, 4}, {4, 3, 2, 1}}), npy(t, [][]float32{{1, 2, 3, 4}, {4, 3, 2, 1}})
	out := t.TempDir()
	o := Options{Ratio: nm.Ratio{N: 1, M: 2}, Burst: 64, Layout: weights.OutFirst, Folder: out}
	names := func() string {
		t.Helper()
		entries, err := os.ReadDir(out)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, e := range entries {
			all = append(all, e.Name())
		}
		return strings.Join(all, " ")
	}
	theirs := filepath.Join(out, "001_"+strings.TrimSuffix(filepath.Base(second), ".npy")+".ff.bin")
	put := func(text string) {
		t.Helper()
		if err := os.WriteFile(theirs, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("a thesis")
	_, err := Run(context.Background(), []string{first, second}, o)
	if err == nil || !strings.Contains(err.Error(), "and is not replaced") {
		t.Errorf("%v", err)
	}
	if text, err := os.ReadFile(theirs); err != nil || string(text) != "a thesis" || names() != filepath.Base(theirs) {
		t.Errorf("%q, %v; there are %s", text, err, names())
	}
	if err := os.Remove(theirs); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second one replaces the first
		if _, err := Run(context.Background(), []string{first, second}, o); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(strings.Fields(names())); n != 5 {
		t.Errorf("%d files: %s", n, names())
	}
}
