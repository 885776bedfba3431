//go:build unix

package verilog

import (
	"os/exec"
	"syscall"
)

// alone gives a command a process group, which ends as a whole: Verilator starts make, and make compilers.
func alone(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
