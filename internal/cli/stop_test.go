package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// 128 and the number of the signal: 2 is SIGINT, 15 SIGTERM.
func TestExitCodeOfASignal(t *testing.T) {
	for _, c := range []struct {
		cause error
		code  int
		word  string
	}{{stopped{syscall.SIGINT}, 130, "satsim: interrupted\n"}, {stopped{syscall.SIGTERM}, 143, "satsim: terminated\n"}, {nil, 130, "satsim: interrupted\n"}} {
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(c.cause)
		for _, args := range [][]string{
			{"run", "--network", "resnet9", "--out", t.TempDir()}, {"sweep", "lanes", "--store", t.TempDir() + "/s.db"}, {"table", "lanes"}, {"plot", "lanes", "--out", t.TempDir()},
		} {
			var stdout, stderr bytes.Buffer
			if code := execute(ctx, args, &stdout, &stderr); code != c.code || stderr.String() != c.word {
				t.Errorf("%s, %v: exit code %d and %q, want %d and %q", args[0], c.cause, code, stderr.String(), c.code, c.word)
			}
		}
	}
}

// What knows no context is left behind when that ends; its result is awaited otherwise.
func TestUntilLeavesBehindWhatDoesNotEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	if got, err := until(ctx, func() (int, error) { return 7, nil }); got != 7 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
	never := make(chan struct{})
	defer close(never)
	cancel()
	if _, err := until(ctx, func() (int, error) { <-never; return 0, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// A sweep that is stopped while its points run tells the signal, too; its workers hand on the cause, not the context's own error.
func TestExitCodeOfASignalAmongPoints(t *testing.T) {
	if testing.Short() {
		t.Skip("sweeps")
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	file := filepath.Join(t.TempDir(), "s.db")
	go func() { // once the store has points
		for ctx.Err() == nil {
			if i, err := os.Stat(file); err == nil && i.Size() > 200<<10 {
				cancel(stopped{syscall.SIGTERM})
			}
			time.Sleep(time.Millisecond)
		}
	}()
	var stdout, stderr bytes.Buffer
	code := execute(ctx, []string{"sweep", "design-space", "--store", file}, &stdout, &stderr) // hundreds of points
	if code != 143 || !strings.HasSuffix(stderr.String(), "satsim: terminated\n") {
		t.Errorf("exit code %d and %q", code, stderr.String())
	}
}
