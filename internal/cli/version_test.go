package cli

import (
	"runtime/debug"
	"testing"

	"satsim/results/record"
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
		{vcs("false"), "commit 0123456789ab of 2026-11-26, clean"},
		{vcs("true"), "commit 0123456789ab of 2026-11-26, with uncommitted changes"},
		{&debug.BuildInfo{Main: debug.Module{Version: "v0.2.0"}}, "module v0.2.0"},
		{&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, none},
		{nil, none},
	} {
		if got := commit(c.info); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestReleaseOfABuild(t *testing.T) {
	for version, want := range map[string]string{
		"v0.2.0": "0.2.0", "(devel)": record.Version + "+dev", "": record.Version + "+dev",
		"v0.0.0-20261126065528-0123456789ab": record.Version + "+dev", "v0.2.1-0.20261126065528-0123456789ab+dirty": record.Version + "+dev",
	} {
		if got := release(&debug.BuildInfo{Main: debug.Module{Version: version}}); got != want {
			t.Errorf("%q is of %s, want %s", version, got, want)
		}
	}
	if got := release(nil); got != record.Version+"+dev" {
		t.Errorf("nothing known: %s", got)
	}
}
