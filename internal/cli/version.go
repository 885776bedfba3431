package cli

import (
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"satsim/results/record"
	"satsim/results/store"
	"satsim/results/training"
)

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say which satsim this is: its version, model version, file formats, commit and compiler",
		Long: `Say which satsim this is. The model version is raised whenever a figure moves: two programs of one model version print the same figures.
docs/formats.md lists what each file format may hold and how long it is read.`,
		Args: noArgs,
		RunE: func(_ *cobra.Command, _ []string) error {
			info, _ := debug.ReadBuildInfo()
			_, err := fmt.Fprintf(a.out, "satsim %s, %s\nmodel version %d\nwrites %s, %s, stores of layout %d\n%s %s/%s\n",
				release(info), commit(info), store.ModelVersion, record.Schema, training.Schema, store.Layout, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// release is the version of the module where a build is of a released one. Any other is of what came after the release that the code names: Go's own
// word for it, v0.0.0 and a time where there is no tag, would stand before that release.
func release(info *debug.BuildInfo) string {
	if info != nil && released.MatchString(info.Main.Version) {
		return info.Main.Version[1:]
	}
	return record.Version + "+dev"
}

var released = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+$`)

// commit says what is known of the sources of a build.
func commit(info *debug.BuildInfo) string {
	known := map[string]string{}
	if info != nil {
		for _, s := range info.Settings {
			known[s.Key] = s.Value
		}
	}
	day, _, _ := strings.Cut(known["vcs.time"], "T")
	switch known["vcs.modified"] {
	case "false":
		return fmt.Sprintf("commit %.12s of %s, clean", known["vcs.revision"], day)
	case "true":
		return fmt.Sprintf("commit %.12s of %s, with uncommitted changes", known["vcs.revision"], day)
	}
	if info != nil && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return "module " + info.Main.Version
	}
	return "built without its commit (go run, go test, or no version control)"
}
