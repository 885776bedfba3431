package cli

import (
	"encoding"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"

	"satsim/configs"
	"satsim/internal/golden"
	"satsim/results/kinds"
)

// leaves lists the keys that a file of a type may have values at: stce.rows, layers[].kernel.
func leaves(t reflect.Type, path string) []string {
	text := reflect.TypeFor[encoding.TextUnmarshaler]()
	switch {
	case t.Kind() == reflect.Pointer:
		return leaves(t.Elem(), path)
	case reflect.PointerTo(t).Implements(text):
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && !reflect.PointerTo(t.Elem()).Implements(text):
		return leaves(t.Elem(), path+"[]")
	case t.Kind() == reflect.Struct:
		var out []string
		for i := range t.NumField() {
			f := t.Field(i)
			key, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			switch {
			case opts == "inline":
				out = append(out, leaves(f.Type, path)...)
			case key == "-" || key == "":
			case path == "":
				out = append(out, leaves(f.Type, key)...)
			default:
				out = append(out, leaves(f.Type, path+"."+key)...)
			}
		}
		return out
	}
	return []string{path}
}

// docs/keys.md is the declarations, printed.
func TestTheKeysAreDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString("# The keys of satsim's files\n\nMade from the declarations that defaults and checks are made from, too. `[]` stands for every element of a list. " +
		"Keys of architectures and boards are what `--set` takes (`stce.rows=16`, `board.memory.channels=2`). What an architecture's file leaves to the " +
		"defaults is listed by\n\n```\n$ satsim run --arch scalesim-ideal --show-defaults\n```\n\nThe same from the command line, searched, or as JSON Schema for an editor:\n\n```\n$ satsim params stce.rows\n" +
		"$ satsim params board.memory\n$ satsim params --search latency --search netlist\n$ satsim params --schema arch\n```\n\n" +
		"A file to begin with, and a check that simulates nothing:\n\n```\n$ satsim init arch\n$ satsim check arch.yaml\n$ satsim run --arch arch.yaml --network resnet9 --batch 16 --companions none\n```\n\n" +
		"Editors take a schema from a file's first line, `# yaml-language-server: $schema=arch.schema.json`. A shell completes names of models, keys of `--set` with their values, and columns with the script that " +
		"`satsim completion` writes for it (bash, zsh, fish, powershell):\n\n```\n$ satsim completion bash\n```\n\n" +
		"A default that is an assumption says what else the truth may be, or that a design is free to choose it; [uncertainty.md](uncertainty.md) takes all of them at once.\n")
	for _, k := range kinds.All() {
		fmt.Fprintf(&b, "\n## kind: %s\n\n| key | default | counts | accepted | meaning | the value is from | what else it may be |\n|---|---|---|---|---|---|---|\n", k.Name)
		for _, p := range k.Declared {
			standard, accepted := "", p.Range.String()
			if p.Default != nil {
				standard = fmt.Sprintf("`%v`", p.Default)
			}
			if accepted == "" {
				accepted = "any"
			}
			if p.Range.Why != "" {
				accepted += " (" + p.Range.Why + ")"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", p.Key, standard, p.Unit, cell(accepted), cell(p.Meaning), cell(p.Source), cell(p.Doubt.String()))
		}
	}
	golden.Check(t, "../../docs/keys.md", []byte(b.String()))
}

// cell is a text that Markdown takes for text.
func cell(text string) string {
	return strings.NewReplacer("|", "\\|", "*", "\\*", "<", "\\<").Replace(text)
}

// Every assumption says what else the truth may be and why, or that it is a choice; and what it may be is accepted.
func TestEveryAssumptionSaysHowFarItIsInDoubt(t *testing.T) {
	for _, k := range kinds.All() {
		for _, p := range k.Declared {
			d := p.Doubt
			if strings.HasPrefix(p.Source, "assumption") && !d.Ranges() && !d.Choice {
				t.Errorf("%s: %s is an assumption without a doubt", k.Name, p.Key)
			}
			if strings.HasPrefix(p.Source, "assumption") && !strings.HasPrefix(p.Source, "assumption: ") {
				t.Errorf("%s: %s is an assumption without a why", k.Name, p.Key)
			}
			if (d.Ranges() || d.Choice) && d.Why == "" {
				t.Errorf("%s: the doubt of %s has no reason", k.Name, p.Key)
			}
			if d.High != 0 && (d.Low > 1 || d.High < 1 || d.Low == d.High) {
				t.Errorf("%s: the default of %s is not in its own range, %v", k.Name, p.Key, d)
			}
			if len(d.Shares) > 0 && !slices.Contains(d.Shares, 1) {
				t.Errorf("%s: the default of %s is none of its shares, %v", k.Name, p.Key, d)
			}
			if len(d.Words) > 0 && !slices.Contains(d.Words, fmt.Sprint(p.Default)) {
				t.Errorf("%s: the default of %s is none of its words, %v", k.Name, p.Key, d)
			}
		}
	}
}

// Every key of every kind of file is declared once, with what it counts, what it means and where its value is from; nothing else is.
func TestEveryKeyIsDeclared(t *testing.T) {
	shipped, err := fs.ReadDir(configs.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range shipped {
		if e.IsDir() && !slices.ContainsFunc(kinds.All(), func(k kinds.Kind) bool { return k.Name == e.Name() }) {
			t.Errorf("files of kind %s have no declarations", e.Name())
		}
	}
	for _, k := range kinds.All() {
		want := leaves(k.Of, "")
		var got []string
		for _, p := range k.Declared {
			got = append(got, p.Key)
			if p.Unit == "" || p.Meaning == "" || p.Source == "" {
				t.Errorf("%s: %s lacks a unit, a meaning or a source: %+v", k.Name, p.Key, p)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			for _, key := range want {
				if !slices.Contains(got, key) {
					t.Errorf("%s: %s is not declared", k.Name, key)
				}
			}
			for i, key := range got {
				if !slices.Contains(want, key) || i > 0 && got[i-1] == key {
					t.Errorf("%s: %s is declared, and is no key, or twice", k.Name, key)
				}
			}
		}
		if len(want) < 6 {
			t.Errorf("%s: only %d keys were found", k.Name, len(want))
		}
	}
}
