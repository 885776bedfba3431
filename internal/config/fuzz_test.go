package config

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"satsim/internal/diag"
)

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		"kind: chip\nrows: 4\nmemory: {channels: 2, rate: 19.2GB/s}\nlayers:\n- name: a\n  kernel: 3\n",
		"kind: chip\nrows: &a 1\ncols: *a\n", "#\n-\n0", "? a\n: b\n", "%YAML 1.1\n---\nkind: chip\n...\n", "kind: chip\n<<: {}\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m := defaults()
		var err error
		done := make(chan int)
		go func() { err = Decode(Source{Name: "f", Data: data}, "chip", &m); close(done) }()
		select {
		case <-done:
		case <-time.After(3 * time.Second):
			buf := make([]byte, 1<<16)
			panic(string(buf[:runtime.Stack(buf, true)]))
		}
		var list diag.List
		if err != nil && !errors.As(err, &list) {
			t.Fatalf("%T: %v", err, err)
		}
	})
}
