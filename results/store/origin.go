package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"satsim/results/record"
)

// ModelVersion is the version of what satsim computes: it is raised whenever a figure moves, so that a store's rows of before are not taken
// for those of now. The test of testdata/pinned.txt forces it up.
const ModelVersion = 15

// Origin says who computed a row: its layout, the model version, and the build where that is not a clean one. Builds of a clean commit share the
// rows of their model version; any other build has its own, since nobody can say what it computes.
type Origin struct {
	Schema string // of the figures
	Model  string // the model version
	Build  string // start of the digest of an executable that is not of a clean commit; else empty
}

// String names an origin to users.
func (o Origin) String() string {
	if o.Build == "" {
		return "model version " + o.Model
	}
	return "model version " + o.Model + " (build " + o.Build + ")"
}

// text is what the column version and the key have of an origin. Before there were model versions it was satsim's own, such as 0.1.0.
func (o Origin) text() string {
	if strings.Contains(o.Model, ".") {
		return o.Model
	}
	return strings.TrimSpace(o.Schema + " " + o.Model + " " + o.Build)
}

// schema of the figures. An origin that nobody looked up is that of the running program.
func (o Origin) schema() string {
	if o.Schema == "" {
		return record.Schema
	}
	return o.Schema
}

// parseOrigin reads what text wrote.
func parseOrigin(text string) Origin {
	f := append(strings.Fields(text), "", "", "")
	if f[0] != "" && f[1] == "" {
		return Origin{Schema: "satsim.record/1", Model: f[0]}
	}
	return Origin{Schema: f[0], Model: f[1], Build: f[2]}
}

// This is the origin of the rows that the running program computes.
func This() (Origin, error) {
	info, _ := debug.ReadBuildInfo()
	return origin(info, executable)
}

// origin takes a build for clean if it is satsim's own program and its commit is known and not changed. What is built otherwise (go run, go
// test, a changed tree, no version control, another program that uses these packages) is known by its bytes.
func origin(info *debug.BuildInfo, executable func() (string, error)) (Origin, error) {
	o := Origin{Schema: record.Schema, Model: fmt.Sprint(ModelVersion)}
	if info != nil && info.Main.Path == "satsim" {
		setting := map[string]string{}
		for _, s := range info.Settings {
			setting[s.Key] = s.Value
		}
		if setting["vcs.revision"] != "" && setting["vcs.modified"] == "false" {
			return o, nil
		}
	}
	var err error
	o.Build, err = executable()
	return o, err
}

// executable is the start of the digest of the running program.
func executable() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("looking for satsim's own program: %w", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("reading satsim's own program: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("reading satsim's own program: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil))[:12], nil
}

// Held is how many rows of an origin a store has.
type Held struct {
	Origin Origin
	Rows   int
}

// Choose picks the rows that are read where nothing is computed: those of one's own origin, else the last written whose layout is known. Rows
// of two origins are never mixed.
func Choose(held []Held, own Origin) Origin {
	best := own
	for _, h := range held {
		if h.Origin == own {
			return own
		}
		if record.Readable(h.Origin.Schema) {
			best = h.Origin
		}
	}
	return best
}
