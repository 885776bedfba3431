package cli_test

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"satsim/internal/cli"
	"satsim/internal/golden"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"satsim": func() {
			debug.SetGCPercent(400) // as main does
			os.Exit(cli.Execute(os.Args[1:], os.Stdout, os.Stderr))
		},
	})
}

// brief are the scripts of the quick tier, in which TestOutputThatFailed runs every command.
var brief = []string{"version"}

// TestScripts runs every command line in testdata/script as a user would.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scripts, %v", len(files), err)
	}
	if testing.Short() {
		files = nil
		for _, name := range brief {
			files = append(files, "testdata/script/"+name+".txtar")
		}
	}
	testscript.Run(t, testscript.Params{
		Files:         files,
		UpdateScripts: golden.Updating(),
		// ONNX and NumPy files of other packages' tests, which a script cannot hold.
		Setup: func(env *testscript.Env) error {
			files, err := filepath.Abs("../../workloads")
			if err != nil {
				return err
			}
			env.Setenv("WORKLOADS", files)
			kept, err := filepath.Abs("testdata/formats")
			env.Setenv("FORMATS", kept)
			return err
		},
	})
}
