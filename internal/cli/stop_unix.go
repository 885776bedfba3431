//go:build unix

package cli

import (
	"syscall"
	"time"
)

// processorTime is what this process has taken of the processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return unknown
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
