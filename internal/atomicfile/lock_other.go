//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package atomicfile

import (
	"os"
	"runtime"
)

// lock has nothing to do: Windows does not remove a file that a writer has open.
func lock(*os.File) {}

// abandon removes a file that no writer has open, where that is known.
func abandon(path string) {
	if runtime.GOOS == "windows" {
		os.Remove(path)
	}
}
