package kinds

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"satsim/arch/energy"
	"satsim/arch/spec"
	"satsim/internal/config"
	"satsim/internal/param"
	"satsim/results/experiment/models"
)

// starts are the texts of files of kinds that have no defaults to begin with.
//
//go:embed start/*.yaml
var starts embed.FS

// Start is a file to begin with: one that is right and runs, every key with its meaning and where the value is from, and the keys that it does not give below.
func (k *Kind) Start() ([]byte, error) {
	body, err := k.body()
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("# A file of kind %s to begin with. Check it:  satsim check %[1]s.yaml\n# Use it:  %s %[1]s.yaml\n# What keys mean:  satsim params %[1]s\n", k.Name, k.Use)
	return k.comment(append([]byte(text), body...))
}

func (k *Kind) body() ([]byte, error) {
	const name = "mine"
	switch k.Name {
	case "arch":
		f := spec.DefaultFile()
		f.Name, f.Board = name, "vcu1525"
		return config.Encode(k.Name, f)
	case "board":
		f := spec.BoardFile{Board: spec.DefaultBoard()}
		f.Name = name
		return config.Encode(k.Name, f)
	case "energy":
		var t energy.Table
		if err := models.Decode(k.Name, spec.DefaultEnergy(spec.DefaultBoard().Memory.Technology), &t); err != nil {
			return nil, err
		}
		t.Name = name
		return config.Encode(k.Name, t)
	}
	return fs.ReadFile(starts, "start/"+k.Name+".yaml")
}

// comment puts what is known of a key behind its first value, and the keys that have none below.
func (k *Kind) comment(text []byte) ([]byte, error) {
	places, err := config.Places(config.Source{Name: k.Name, Data: text})
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	var left []*param.Param
	for i := range k.Declared {
		p := &k.Declared[i]
		at, given := places[strings.ReplaceAll(p.Key, "[]", "[0]")]
		if !given {
			if !k.again(p) {
				left = append(left, p)
			}
			continue
		}
		lines[at.Line-1] += " # " + remark(p)
	}
	if len(left) > 0 {
		lines = append(lines, "# Keys that are not given above:")
	}
	for _, p := range left {
		value := "..."
		if p.Default != nil {
			value = fmt.Sprint(p.Default)
		}
		lines = append(lines, fmt.Sprintf("# %s: %s # %s", p.Key, value, remark(p)))
	}
	return []byte(strings.Join(lines, "\n") + "\n"), nil
}

// again reports whether a key is one of a list that stands elsewhere, too: what it means is said there.
func (k *Kind) again(p *param.Param) bool {
	return slices.ContainsFunc(k.Declared, func(q param.Param) bool { return strings.Contains(q.Key, "[]") && strings.HasSuffix(p.Key, "."+q.Key) })
}

// remark is what stands behind a value.
func remark(p *param.Param) string {
	out := p.Meaning
	if accepted := p.Range.String(); accepted != "" && accepted != "any" {
		out += "; " + accepted
	}
	if p.Source != "the file" && !strings.HasPrefix(p.Source, "the file:") {
		out += "; " + p.Source
	}
	return out
}
