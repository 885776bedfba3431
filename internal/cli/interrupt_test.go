package cli_test

import (
	"bytes"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"satsim/internal/cli"
)

// Ctrl-C during a long run: exit code 130, a word on standard error, and no file, whole or in part.
func TestInterruptLeavesNothing(t *testing.T) {
	guard := make(chan os.Signal, 64) // so that a signal before Execute listens does not end the test
	signal.Notify(guard, os.Interrupt)
	defer signal.Stop(guard)
	dir := filepath.Join(t.TempDir(), "out")
	var stdout, stderr bytes.Buffer
	code := make(chan int)
	go func() {
		code <- cli.Execute([]string{"run", "--network", "resnet50", "--exhaustive", "--out", dir}, &stdout, &stderr)
	}()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case got := <-code:
			if got != 130 {
				t.Errorf("exit code %d, want 130; %s", got, stderr.String())
			}
			if stdout.Len() > 0 || stderr.String() != "satsim: interrupted\n" {
				t.Errorf("printed %q and %q", stdout.String(), stderr.String())
			}
			if _, err := os.Stat(dir); !os.IsNotExist(err) {
				t.Errorf("%s is there: %v", dir, err)
			}
			return
		case <-tick.C:
			if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
		}
	}
}
