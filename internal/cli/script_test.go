package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"satsim/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"satsim": func() { os.Exit(cli.Execute(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs every command line in testdata/script as a user would.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		// ONNX and NumPy files of other packages' tests, which a script cannot hold.
		Setup: func(env *testscript.Env) error {
			files, err := filepath.Abs("../../workloads")
			env.Setenv("WORKLOADS", files)
			return err
		},
	})
}
