//go:build unix

package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A command that waits for ever, for a reader that has stopped reading or for a writer that does not come, is ended by a signal like any other. It is
// given a while to get there; a signal before the process listens ends it as any process, and then it is tried again, later.
func TestSignalsEndWhatWaits(t *testing.T) {
	if testing.Short() {
		t.Skip("waits")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	silent, stalled := filepath.Join(dir, "silent"), filepath.Join(dir, "stalled")
	for _, name := range []string{silent, stalled} {
		if err := syscall.Mkfifo(name, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list := filepath.Join(dir, "list.csv")
	if err := os.WriteFile(list, []byte("Layer, M, N, K,\nproduct, 64, 64, 16,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := full(t, stalled)
	for _, c := range []struct {
		what   string
		args   []string
		stdout *os.File
		signal syscall.Signal
	}{
		{"standard output that nobody reads on", []string{"network", "--list"}, out, syscall.SIGTERM},
		{"help that nobody reads on", []string{"--help"}, out, syscall.SIGINT},
		{"a file that nobody reads on", []string{"import", list, "-o", stalled}, nil, syscall.SIGTERM},
		{"a file that nobody writes", []string{"version", "--settings", silent}, nil, syscall.SIGINT},
	} {
		code := -1
		for wait := 500 * time.Millisecond; code < 0 && wait < time.Minute; wait *= 4 {
			var stderr bytes.Buffer
			satsim := exec.Cmd{Path: self, Args: append([]string{"satsim"}, c.args...), Stdout: c.stdout, Stderr: &stderr}
			if err := satsim.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(wait)
			_ = satsim.Process.Signal(c.signal)
			giveUp := time.AfterFunc(time.Minute, func() { _ = satsim.Process.Kill() })
			_ = satsim.Wait() // an error says what the state says
			if !giveUp.Stop() {
				t.Fatalf("%s: %v was not heeded for a minute", c.what, c.signal)
			}
			if code = satsim.ProcessState.ExitCode(); code >= 0 && code != 128+int(c.signal) {
				t.Errorf("%s: exit code %d after %v; %s", c.what, code, c.signal, stderr.String())
			}
		}
		if code < 0 {
			t.Errorf("%s: the signal was not listened to", c.what)
		}
	}
}

// full opens a pipe for writing that has a reader who does not read, and that holds no more.
func full(t *testing.T, name string) *os.File {
	t.Helper()
	both, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pipe is opened at both ends here: ", err)
	}
	t.Cleanup(func() { both.Close() })
	if err := both.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := both.Write(make([]byte, 512)); errors.Is(err, os.ErrDeadlineExceeded) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	out, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { out.Close() })
	return out
}
