package cli

import (
	"bytes"
	"context"
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
		var stdout, stderr bytes.Buffer
		if code := execute(ctx, []string{"run", "--network", "resnet9", "--out", t.TempDir()}, &stdout, &stderr); code != c.code || stderr.String() != c.word {
			t.Errorf("%v: exit code %d and %q, want %d and %q", c.cause, code, stderr.String(), c.code, c.word)
		}
	}
}
