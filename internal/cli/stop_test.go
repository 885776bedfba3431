package cli

import (
	"bytes"
	"context"
	"errors"
	"syscall"
	"testing"
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
