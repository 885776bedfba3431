//go:build unix

package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Ctrl-C, sent to a process of its own, which may come into the world with the signal ignored (a job in the background of a script's shell) or
// not. A signal before the process listens is lost or ends it without a word: then it is tried again, later.
func TestInterruptSignal(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "out")
	for wait := 50 * time.Millisecond; wait < time.Minute; wait *= 2 {
		var stdout, stderr bytes.Buffer
		satsim := exec.Cmd{Path: self, Args: []string{"satsim", "run", "--network", "resnet50", "--exhaustive", "--out", dir}, Stdout: &stdout, Stderr: &stderr}
		if err := satsim.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			for {
				select {
				case <-time.After(wait):
					_ = satsim.Process.Signal(os.Interrupt) // an error says that it has ended
				case <-ended:
					return
				}
			}
		}()
		_ = satsim.Wait() // an error says what the state says
		close(ended)
		state := satsim.ProcessState
		if s, ok := state.Sys().(syscall.WaitStatus); ok && s.Signaled() {
			continue
		}
		if got := state.ExitCode(); got != 130 {
			t.Errorf("exit code %d, want 130", got)
		}
		if stdout.Len() > 0 || stderr.String() != "satsim: interrupted\n" {
			t.Errorf("printed %q and %q", stdout.String(), stderr.String())
		}
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("%s is there: %v", dir, err)
		}
		return
	}
	t.Error("the signal was not listened to within a minute")
}
