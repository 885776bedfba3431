package rtl

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"satsim/arch/spec"
	"satsim/internal/atomicfile"
	"satsim/internal/verilog"
)

// Schema names the layout of a bundle.
const Schema = "satsim.rtl/1"

const manifestName = "bundle.json"

// Bundle is the files of an architecture in Verilog, and the benches that hold them to the exact models.
type Bundle struct {
	Files   map[string][]byte // by path with slashes
	Benches []Bench
	about   about
	drawn   bool // its diagrams are of its own benches
}

// about is what a bundle is made of, for its README.
type about struct {
	spec    *spec.Spec
	options Options
	rooms   []room
	heads   []module
	feeders []module
}

// Bench is a bench and what it reads.
type Bench struct {
	Unit   string
	Jobs   int // that it runs through
	Design verilog.Design
	Files  map[string]string // that it reads
	Args   []string          // that it is told
}

type manifest struct {
	Schema string            `json:"schema"`
	Arch   string            `json:"arch"`
	Seed   uint64            `json:"seed"`
	Made   origin            `json:"made"`
	Files  map[string]string `json:"files"` // SHA-256
}

// New makes the bundle of an architecture, or says by which keys it is beyond what the Verilog can be.
func New(s *spec.Spec, o Options) (*Bundle, error) {
	rs, err := rooms(s, o)
	if err != nil {
		return nil, err
	}
	ops, err := shared()
	if err != nil {
		return nil, err
	}
	b := &Bundle{Files: map[string][]byte{}}
	var heads []module
	var rtl, bench []string
	put := func(dir string, list *[]string, sources ...verilog.Source) {
		for _, src := range sources {
			b.Files[path.Join(dir, src.Name)] = []byte(src.Text)
			*list = append(*list, src.Name)
		}
	}
	put("rtl", &rtl, ops...)
	var feeders []module
	for _, name := range []string{"feed_reader", "feed_writer"} {
		m, err := head(name, ops)
		if err != nil {
			return nil, fmt.Errorf("making a bundle: %w", err)
		}
		feeders = append(feeders, m)
	}
	for _, r := range rs {
		m, err := head(r.module, r.sources)
		if err != nil {
			return nil, fmt.Errorf("making a bundle: %w", err)
		}
		heads = append(heads, m)
		put("rtl", &rtl, r.sources...)
		put("bench", &bench, r.benches...)
		for file, text := range r.bench.files {
			b.Files[path.Join("bench", r.unit, file)] = []byte(text)
		}
		b.Benches = append(b.Benches, Bench{
			Unit: r.unit, Jobs: r.bench.jobs, Files: r.bench.files, Args: r.bench.args,
			Design: verilog.Design{Top: r.bench.module, Sources: slices.Concat(ops, r.sources, r.benches), Parameters: r.bench.parameters},
		})
	}
	put("rtl", &rtl, verilog.Source{Name: "satsim_params.vh", Text: header(rs)}, verilog.Source{Name: "satsim_top.v", Text: top(rs, heads)})
	slices.Sort(rtl)
	slices.Sort(bench)
	bench = slices.Compact(bench) // units share one
	name := plain.ReplaceAllString(s.Name, "_")
	modules, err := Modules(s, "", o)
	if err != nil {
		return nil, err
	}
	b.Files["Makefile"] = []byte(makefile(rs, modules))
	b.Files[name+".core"] = []byte(core(name, rs, rtl, bench))
	b.Files["constraints/satsim.xdc"] = []byte(constraints(s))
	text, err := contract(rs)
	if err != nil {
		return nil, err
	}
	b.Files["CONTRACT.md"] = text
	if err := b.models(s); err != nil {
		return nil, err
	}
	if err := b.programs(); err != nil {
		return nil, err
	}
	if err := b.example(); err != nil {
		return nil, err
	}
	b.about = about{s, o, rs, heads, feeders}
	return b, b.finish()
}

// finish writes what is of all files: the README and the list of them.
func (b *Bundle) finish() error {
	text, err := b.readme(b.about.spec, b.about.options, b.about.rooms, b.about.heads, b.about.feeders)
	if err != nil {
		return err
	}
	b.Files["README.md"] = []byte(text)
	delete(b.Files, manifestName)
	return b.seal(b.about.spec.Name, b.about.options)
}

var plain = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// seal adds the list of all files.
func (b *Bundle) seal(arch string, o Options) error {
	m := manifest{Schema: Schema, Arch: arch, Seed: o.Seed, Made: originOf(o, b.drawn), Files: map[string]string{}}
	for name, text := range b.Files {
		m.Files[name] = sum(text)
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("making a bundle: %w", err)
	}
	b.Files[manifestName] = append(text, '\n')
	return nil
}

func sum(text []byte) string {
	s := sha256.Sum256(text)
	return hex.EncodeToString(s[:])
}

// Write puts the bundle into a folder, whole or not at all. A bundle that is there is replaced if nobody has changed it; what its Makefile has built goes with it.
func (b *Bundle) Write(dir string) error { return atomicfile.Folder(dir, b.Files, unchanged) }

// unchanged says why a folder is no bundle as it was written.
func unchanged(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("it holds other files, and is not replaced; a folder that is empty or not there is accepted")
	}
	if err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil || !strings.HasPrefix(m.Schema, "satsim.rtl/") {
		return fmt.Errorf("its %s is none of a bundle; it is not replaced", manifestName)
	}
	var differ []string
	missing := maps.Clone(m.Files)
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, p)
		name = filepath.ToSlash(name)
		switch {
		case err != nil:
			return err
		case d.IsDir() && name == "build":
			return filepath.SkipDir
		case d.IsDir() || name == manifestName:
			return nil
		}
		was, listed := m.Files[name]
		delete(missing, name)
		if !listed {
			differ = append(differ, name+" was added")
			return nil
		}
		text, err := os.ReadFile(p)
		if err == nil && sum(text) != was {
			differ = append(differ, name+" was changed")
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		differ = append(differ, name+" is missing")
	}
	if len(differ) == 0 {
		return nil
	}
	const named = 8
	if more := len(differ) - named; more > 0 {
		differ = append(differ[:named], fmt.Sprintf("%d more", more))
	}
	return fmt.Errorf("%s, since the bundle was written; it is not replaced", strings.Join(differ, ", "))
}
