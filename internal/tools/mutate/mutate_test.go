package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// A list whose texts are no longer in the sources asks for nothing: whoever changes such a line moves its entry with it.
func TestEveryAnchorIsInItsFile(t *testing.T) {
	text, err := os.ReadFile("mutations.txt")
	if err != nil {
		t.Fatal(err)
	}
	list, err := parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		source, err := os.ReadFile(filepath.Join("../../..", m.file))
		if err != nil {
			t.Errorf("%s: %v", m.name, err)
			continue
		}
		if _, err := m.apply(string(source)); err != nil {
			t.Error(err)
		}
	}
}

func TestTheListAndItsChanges(t *testing.T) {
	list, err := parse("# a remark\n== one\nfile: a.go\ntest: ./a ./b:TestX\n- x := 1\n- y := 2\n+ x := 2\n\n== two\nfile: a.go\ntest: ./a\n- gone\n+ here\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []mutation{
		{"one", "a.go", []string{"./a", "./b:TestX"}, "x := 1\ny := 2", "x := 2"},
		{"two", "a.go", []string{"./a"}, "gone", "here"},
	}
	if !reflect.DeepEqual(list, want) {
		t.Fatalf("%+v", list)
	}
	if got, err := list[0].apply("f() {\n\tx := 1 \n\ty := 2\n\tz()\n}"); err != nil || got != "f() {\n\tx := 2\n\tz()\n}" {
		t.Errorf("%q, %v", got, err)
	}
	for _, source := range []string{"x := 1", "x := 1\ny := 2\nx := 1\ny := 2"} {
		if _, err := list[0].apply(source); err == nil {
			t.Errorf("%q was changed", source)
		}
	}
	for text, want := range map[string]string{
		"file: a.go":                      "before the first",
		"== one\n== one":                  "twice",
		"== one\nfiles: a.go":             "not file:",
		"== one\nfile: a.go\n- x\n+ y":    "needs",
		"== one\nfile: a\ntest: ./a\n- x": "",
	} {
		if _, err := parse(text); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
