package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
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

// until runs what knows no context and changes nothing but its result, and leaves it behind when the context ends.
func until[T any](ctx context.Context, run func() (T, error)) (T, error) {
	type outcome struct {
		result T
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		r, err := run()
		done <- outcome{r, err}
	}()
	select {
	case o := <-done:
		return o.result, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// A command that a signal has told to end does so by itself, and may save what it has until then. What waits for a reader or a writer that does
// not come, or for a device, cannot: a process that takes no processor time for two pauses waits, and is ended.
const (
	pause  = 300 * time.Millisecond
	asleep = time.Millisecond
)

// ending is the exit code of a command that was told to end.
func ending(ctx context.Context, code <-chan int, stderr io.Writer) int {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	spent, pauses := processorTime(), 0
	for {
		select {
		case c := <-code:
			return c
		case <-tick.C:
		}
		now := processorTime()
		if pauses++; now-spent >= asleep || now == unknown {
			pauses = 0
		}
		if spent = now; pauses < 2 {
			continue
		}
		why := whyStopped(ctx)
		said := make(chan struct{})
		go func() {
			fmt.Fprintf(stderr, "satsim: %v\n", why)
			close(said)
		}()
		select {
		case <-said:
		case <-time.After(pause): // nobody reads that either
		}
		return why.exitCode()
	}
}

// unknown is the processor time of a process on a system that does not tell.
const unknown time.Duration = -1

// whyStopped is the signal that ended a context; what ends without one was interrupted.
func whyStopped(ctx context.Context) stopped {
	var s stopped
	if errors.As(context.Cause(ctx), &s) {
		return s
	}
	return stopped{syscall.SIGINT}
}
