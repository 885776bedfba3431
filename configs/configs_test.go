package configs_test

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"satsim/configs"
)

var (
	numbered = regexp.MustCompile(`:\s+["']?[0-9]`)
	comment  = regexp.MustCompile(`(?:^|\s)#\s*(.*)$`)
	bare     = regexp.MustCompile(`^assumption\W*$`)
)

// A reader can tell of every number where it is from: a comment stands on its line, or on that of what it is in. Of networks these are the parameters and the samples (their layers are the network), of
// energy tables the keys "source" and "basis" of each entry, which the table's own check asks for.
func TestEveryNumberSaysWhereItIsFrom(t *testing.T) {
	numbers := 0
	for _, kind := range []string{"arch", "board", "recipe", "network"} {
		files, err := fs.Glob(configs.FS, kind+"/*.yaml")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", kind, len(files), err)
		}
		for _, file := range files {
			text, err := fs.ReadFile(configs.FS, file)
			if err != nil {
				t.Fatal(err)
			}
			type outer struct {
				indent int
				said   bool
				params bool
			}
			var above []outer
			for i, line := range strings.Split(string(text), "\n") {
				trimmed := strings.TrimLeft(line, " ")
				if trimmed == "" || strings.HasPrefix(trimmed, "#") {
					continue
				}
				indent, said, value := len(line)-len(trimmed), false, line
				if m := comment.FindStringSubmatchIndex(line); m != nil {
					said, value = line[m[2]:m[3]] != "", line[:m[0]]
					if bare.MatchString(line[m[2]:m[3]]) {
						t.Errorf("%s:%d: an assumption without a why", file, i+1)
					}
				}
				for len(above) > 0 && above[len(above)-1].indent >= indent {
					above = above[:len(above)-1]
				}
				o := outer{indent, said, indent == 0 && (strings.HasPrefix(trimmed, "params:") || strings.HasPrefix(trimmed, "samples:"))}
				if len(above) > 0 {
					o.said, o.params = o.said || above[len(above)-1].said, o.params || above[len(above)-1].params
				}
				above = append(above, o)
				if !numbered.MatchString(value) || kind == "network" && !o.params {
					continue
				}
				numbers++
				if !o.said {
					t.Errorf("%s:%d: nothing says where this is from: %s", path.Base(file), i+1, trimmed)
				}
			}
		}
	}
	if numbers < 200 {
		t.Errorf("only %d numbers were found", numbers)
	}
}
