package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What lies in a file's place is named, by whichever door it comes.
func TestStandIns(t *testing.T) {
	for text, want := range map[string]string{
		"version https://git-lfs.github.com/spec/v1\noid sha256:00ff\nsize 102442450\n": "Git LFS pointer: the file itself of 102442450 bytes was not downloaded",
		"/annex/objects/SHA256E-s1--00.onnx\n":                                          "git-annex pointer",
		"\n<!DOCTYPE html>\n<html lang=\"en\">":                                         "web page",
		"<HTML><head>":                                                                  "web page",
	} {
		path := filepath.Join(t.TempDir(), "model.onnx")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, _, open := Open(path, Weights)
		_, read := Read(path, Model)
		for _, err := range []error{open, read} {
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
				t.Errorf("%q: error %v; want %q and the path", text, err, want)
			}
		}
		if _, err := Read(path, Output); err != nil {
			t.Errorf("a file of satsim's own that begins so: %v", err)
		}
	}
}
