package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// stopped is the signal that ended a command.
type stopped struct{ signal syscall.Signal }

func (s stopped) Error() string {
	if s.signal == syscall.SIGTERM {
		return "terminated"
	}
	return "interrupted"
}

// exitCode is what shells say of a process that a signal ended.
func (s stopped) exitCode() int { return 128 + int(s.signal) }

// signals gives a context that Ctrl-C and SIGTERM end, and say so as its cause.
func signals() (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case s := <-c:
			if n, ok := s.(syscall.Signal); ok {
				cancel(stopped{n})
			} else {
				cancel(stopped{syscall.SIGINT})
			}
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(c)
		cancel(nil)
	}
}

// whyStopped is the signal that ended a context; what ends without one was interrupted.
func whyStopped(ctx context.Context) stopped {
	var s stopped
	if errors.As(context.Cause(ctx), &s) {
		return s
	}
	return stopped{syscall.SIGINT}
}
