package config

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"satsim/internal/diag"
)

// checkErr checks that an error about a user's text is a sorted list of positioned errors.
func checkErr(t *testing.T, err error, origin string) {
	t.Helper()
	var list diag.List
	if !errors.As(err, &list) || len(list) == 0 {
		t.Fatalf("%T: %v", err, err)
	}
	for i, e := range list {
		if e.Pos.File != origin || e.Problem == "" || strings.ContainsAny(e.Path, "\n\r") {
			t.Errorf("%#v", e)
		}
		if origin == "f" && (e.Pos.Line < 1 || e.Pos.Col < 1) {
			t.Errorf("no position: %#v", e)
		}
		if i > 0 && list[i-1].Pos.Line > e.Pos.Line {
			t.Errorf("not sorted: %v", err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		"kind: chip\nrows: 4\nmemory: {channels: 2, rate: 19.2GB/s}\nlayers:\n- name: a\n  kernel: 3x3\n",
		"kind: chip\nrows: 3\nextra: {channels: 1}\nlimit: null\nsizes: [1]\ntitle: |\n  a\n  b\n",
		"rows: &a 1\ncols: *a\n", "#\n-\n0", "? a\n: b\n", "%YAML 1.1\n---\nkind: chip\n...\n", "kind: chip\n<<: {}\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := defaults()
		if err := Decode(Source{Name: "f", Data: data}, "chip", &c); err != nil {
			checkErr(t, err, "f")
			if !reflect.DeepEqual(c, defaults()) {
				t.Errorf("a refused file changed the model: %+v", c)
			}
			return
		}
		text, err := Encode("chip", c)
		if err != nil {
			t.Fatalf("a decoded model cannot be printed: %v", err)
		}
		again := defaults()
		if err := Decode(Source{Name: "g", Data: text}, "chip", &again); err != nil || !reflect.DeepEqual(again, c) {
			t.Fatalf("%v: got %+v, want %+v from\n%s", err, again, c, text)
		}
	})
}

func FuzzSet(f *testing.F) {
	for _, s := range []string{
		"rows=16", "layers[conv1].kernel=3x3", "layers[0].kernel=[1, 2]", "extra.rate=19.2GB/s", "a[0", "x\x17\xc6\n=\x1d", "sizes=[1, x]", "limit=null",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o, err := ParseOverride(text, "--set")
		if err != nil {
			var e *diag.Error
			if !errors.As(err, &e) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		c := twoLayers()
		if err := Set(&c, []Override{o}); err != nil {
			checkErr(t, err, "--set")
			if !reflect.DeepEqual(c, twoLayers()) {
				t.Errorf("a refused override changed the model: %+v", c)
			}
		}
	})
}
