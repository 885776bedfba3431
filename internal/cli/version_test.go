package cli

import (
	"runtime/debug"
	"testing"
)

func TestCommitOfABuild(t *testing.T) {
	vcs := func(modified string) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.time", Value: "2026-11-26T06:55:28Z"}, {Key: "vcs.modified", Value: modified},
		}}
	}
	none := "built without its commit (go run, go test, or no version control)"
	for _, c := range []struct {
		info *debug.BuildInfo
		want string
	}{
		{vcs("false"), "commit 0123456789ab of 2026-11-26"},
		{vcs("true"), "commit 0123456789ab of 2026-11-26 with changes"},
		{&debug.BuildInfo{Main: debug.Module{Version: "v0.2.0"}}, "module v0.2.0"},
		{&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, none},
		{nil, none},
	} {
		if got := commit(c.info); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
