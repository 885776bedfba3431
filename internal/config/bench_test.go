package config

import (
	"fmt"
	"strings"
	"testing"
)

// manyLayers is about as large as the largest network file.
func manyLayers() Source {
	var b strings.Builder
	b.WriteString("kind: chip\nrows: 1\nlayers:\n")
	for i := range 300 {
		fmt.Fprintf(&b, "  - name: conv%d # a comment\n    kernel: 3x3\n    bias: true\n", i)
	}
	return Source{Name: "f.yaml", Data: []byte(b.String())}
}

func BenchmarkDecode(b *testing.B) {
	src := manyLayers()
	for b.Loop() {
		var c chip
		c.Sparse.N, c.Sparse.M = 1, 1
		if err := Decode(src, "chip", &c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSet(b *testing.B) {
	c := twoLayers()
	for b.Loop() {
		if err := set(&c, "rows=16", "layers[conv1].kernel=3x3"); err != nil {
			b.Fatal(err)
		}
	}
}

// A syntax error at the end of a large file: its line is found by parsing again.
func BenchmarkSyntaxError(b *testing.B) {
	src := manyLayers()
	src.Data = append(src.Data, "  - \"open\n"...)
	for b.Loop() {
		if err := Decode(src, "chip", new(chip)); err == nil {
			b.Fatal("no error")
		}
	}
}
