package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"runtime/debug"
	"testing"
)

// Clean builds of satsim share rows; every other build is known by its bytes.
func TestOriginOfABuild(t *testing.T) {
	vcs := func(path, revision, modified string) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Path: path}, Settings: []debug.BuildSetting{
			{Key: "-trimpath", Value: "true"}, {Key: "vcs.revision", Value: revision}, {Key: "vcs.modified", Value: modified},
		}}
	}
	for _, c := range []struct {
		name string
		info *debug.BuildInfo
		want string
	}{
		{"a clean commit", vcs("satsim", "0123", "false"), ""},
		{"another clean commit", vcs("satsim", "4567", "false"), ""},
		{"a changed tree", vcs("satsim", "0123", "true"), "digest"},
		{"go run, go test: no commit", &debug.BuildInfo{Main: debug.Module{Path: "satsim"}}, "digest"},
		{"a clean commit of another program with satsim's packages", vcs("other", "0123", "false"), "digest"},
		{"no information", nil, "digest"},
	} {
		got, err := origin(c.info, func() (string, error) { return "digest", nil })
		if err != nil || got.Build != c.want || got.Model != parseOrigin(got.text()).Model {
			t.Errorf("%s: %+v, %v; want build %q", c.name, got, err, c.want)
		}
	}
	if _, err := origin(nil, func() (string, error) { return "", errors.New("no program") }); err == nil {
		t.Error("a build that cannot be told from others was accepted")
	}
}

// This test's own program is not stamped: its origin is its bytes, the same each time.
func TestOriginOfThisProgram(t *testing.T) {
	a, err := This()
	if err != nil || len(a.Build) != 12 {
		t.Fatalf("%+v, %v", a, err)
	}
	if b, err := This(); err != nil || a != b {
		t.Errorf("%+v and %+v, %v", a, b, err)
	}
}

func TestOriginsAsText(t *testing.T) {
	for text, want := range map[string]Origin{
		"0.1.0":                  {Schema: "satsim.record/1", Model: "0.1.0"}, // as satsim 0.1.0 wrote it
		"satsim.record/2 12":     {Schema: "satsim.record/2", Model: "12"},
		"satsim.record/1 3 0f1e": {Schema: "satsim.record/1", Model: "3", Build: "0f1e"},
	} {
		if got := parseOrigin(text); got != want || got.text() != text {
			t.Errorf("%q is %+v and %q, want %+v", text, got, got.text(), want)
		}
	}
}

func TestRowsOfAnotherOriginAreNotUsed(t *testing.T) {
	ctx := context.Background()
	s := testStore(t, "s.db")
	old, own, foreign := Origin{"satsim.record/1", "0.1.0", ""}, Origin{"satsim.record/2", "2", ""}, Origin{"satsim.record/9", "9", ""}
	of := func(i int, o Origin) *Point {
		p := point(i)
		p.Origin = o
		return p
	}
	put(t, s, of(1, foreign), of(1, old), of(2, old), of(1, own), of(3, foreign))
	held, err := s.Origins(ctx)
	if want := []Held{{old, 2}, {own, 1}, {foreign, 2}}; err != nil || !reflect.DeepEqual(held, want) {
		t.Errorf("%+v, %v, want %+v", held, err, want)
	}
	for _, c := range held {
		list, err := s.List(ctx, c.Origin)
		if c.Origin == foreign {
			if err == nil {
				t.Errorf("%v: figures of an unknown layout were read", c.Origin)
			}
			continue
		}
		if err != nil || len(list) != c.Rows {
			t.Errorf("%v: %d points, %v", c.Origin, len(list), err)
		}
		for i := range list {
			if _, err := s.Run(ctx, list[i].Key()); err != nil {
				t.Errorf("%v: %v", c.Origin, err)
			}
		}
	}
	newer := Origin{"satsim.record/2", "3", ""}
	for _, c := range []struct{ mine, want Origin }{
		{own, own}, {old, old},
		{newer, own}, // the last written of a known layout
	} {
		if got := Choose(held, c.mine); got != c.want {
			t.Errorf("%v reads the rows of %v, want %v", c.mine, got, c.want)
		}
	}
}

// Whoever raises the model version says what moved: CHANGELOG names each from the second to the present one.
func TestChangelogNamesEveryModelVersion(t *testing.T) {
	page, err := os.ReadFile("../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	for v := 2; v <= ModelVersion; v++ {
		if !regexp.MustCompile(fmt.Sprintf(`[Mm]odel version %d\b`, v)).Match(page) {
			t.Errorf("CHANGELOG.md does not say what moved with model version %d", v)
		}
	}
}
