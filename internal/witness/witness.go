// Package witness is for tests that need a program or data from outside the module.
package witness

import (
	"os"
	"testing"
)

// Missing skips a test for want of its witness. On a machine of continuous integration (CI=true), which is there to have it, the test fails.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed, and with CI=true the test must run", what)
	}
	t.Skipf("%s is not installed", what)
}

// Foreign skips a test that runs programs of others in the quick tier: go test -short.
func Foreign(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("runs programs of others")
	}
}
