//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package atomicfile

import "golang.org/x/sys/unix"

// makes says why nothing can be made in a folder.
func makes(folder string) error { return unix.Access(folder, unix.W_OK|unix.X_OK) }
