package rtl

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"satsim/arch/vector"
)

// The bench loads the words that the folder of programs has: each job's, from its base on and as many as it says, are those of its program's file, and the table that it names is its table's file. So what the
// folder has is what the exact model ran, and what both simulators are held to.
func TestTheBenchLoadsTheProgramsOfTheFolder(t *testing.T) {
	for _, arch := range []struct {
		lanes int
		seed  uint64
	}{{4, 1}, {33, 2}, {64, 3}} {
		s, o := design(), options()
		s.Vector.Lanes, o.Seed, o.Tiles = arch.lanes, arch.seed, 30
		b, err := New(s, o)
		if err != nil {
			t.Fatal(err)
		}
		file := func(name string) []string {
			text, ok := b.Files[name]
			if !ok {
				t.Fatalf("no %s", name)
			}
			return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		}
		p := s.Vector
		p.Lanes = fewer(p.Lanes, o.Side)
		_, in := passes(p, o)
		words, jobs, tables := file("bench/vector/words.hex"), file("bench/vector/jobs.hex"), file("bench/vector/tables.hex")
		if len(jobs) != len(in) || len(in) != o.Tiles {
			t.Fatalf("%d jobs, %d were drawn", len(jobs), len(in))
		}
		seen := map[string]bool{}
		for i, line := range jobs {
			var base, n int
			if _, err := fmt.Sscanf(line[:4], "%2x%2x", &base, &n); err != nil {
				t.Fatal(err)
			}
			q := in[i].Program
			seen[q.Name] = true
			if want := file("programs/" + q.Name + ".hex"); n != len(want) || !slices.Equal(words[base:base+n], want) {
				t.Errorf("job %d: words %d to %d of the bench are not those of %s", i, base, base+n-1, q.Name)
			}
			if q.Table != nil && !strings.Contains(strings.Join(tables, "\n"), strings.Join(file("programs/tables/"+q.Table.Name+".hex"), "\n")) {
				t.Errorf("job %d: the bench has another table of %s", i, q.Table.Name)
			}
		}
		if len(seen) < 8 {
			t.Errorf("the bench has %d programs", len(seen))
		}
	}
}

// Each program of each kind of work that the unit runs is there, with a listing of as many words as the file has, and stands in the README.
func TestEveryProgramHasItsFiles(t *testing.T) {
	b, err := New(design(), options())
	if err != nil {
		t.Fatal(err)
	}
	readme := string(b.Files["README.md"])
	names := map[string]bool{}
	for _, k := range append(vector.Kinds(), vector.DepthwiseUpdate) {
		for _, q := range vector.Programs(k) {
			names["programs/"+q.Name+".hex"], names["programs/"+q.Name+".txt"] = true, true
			if q.Table != nil {
				names["programs/tables/"+q.Table.Name+".hex"] = true
			}
			hex, listing := strings.Fields(string(b.Files["programs/"+q.Name+".hex"])), string(b.Files["programs/"+q.Name+".txt"])
			at := 0
			for line := range strings.Lines(listing) {
				if f := strings.Fields(line); len(f) > 2 && f[0] == strconv.Itoa(at) && at < len(hex) && f[1] == hex[at] {
					at++
				}
			}
			if len(hex) == 0 || at != len(hex) || !strings.Contains(listing, q.Operands) || q.Operands == "" {
				t.Errorf("%s: %d words, of which %d are listed:\n%s", q.Name, len(hex), at, listing)
			}
			if !strings.Contains(readme, "| `"+q.Name+"` |") {
				t.Errorf("the README has no %s", q.Name)
			}
		}
	}
	for name := range b.Files {
		if strings.HasPrefix(name, programsFolder+"/") && !names[name] {
			t.Errorf("%s is of no program", name)
		}
	}
	if len(names) < 80 {
		t.Errorf("%d files", len(names))
	}
}

// docs/rtl.md shows a listing, as the bundle has it.
func TestTheDocumentHasAListing(t *testing.T) {
	b, err := New(design(), options())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../docs/rtl.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "```text\n"+string(b.Files["programs/softmax.txt"])+"```\n") {
		t.Error("docs/rtl.md has another listing of softmax")
	}
}
