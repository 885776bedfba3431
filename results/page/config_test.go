package page

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"satsim/results/experiment"
	"satsim/results/record"
)

// What a page says of a record's configuration gives the record again, byte for byte: its files beside each other, by the command above them. So it does where overrides
// changed each kind of model, and where another table than the board's own was chosen.
func TestTheFilesOfAPageGiveTheRecordAgain(t *testing.T) {
	for _, c := range []struct {
		energy, against string
		set             []string
	}{
		{"", "dense", nil},
		{"", "sr-ste", []string{"stce.rows=16", "board.memory.channels=2", "network.batch=2", "recipe.optimiser=adam", "energy.stce.add.value=20pJ"}},
		{"asic45-horowitz", "dense", nil},
	} {
		names := experiment.Default()
		names.Network, names.Batch, names.Energy, names.Against = "resnet9", 4, c.energy, c.against
		r := simulatedAs(t, names, c.set...)
		want := written(t, r)
		p := Page{Title: "a record"}
		if err := p.AddRecord("record.json", r); err != nil {
			t.Fatal(err)
		}
		folder, command := t.TempDir(), ""
		for _, s := range p.Sections {
			for _, text := range s.Texts {
				switch {
				case text.File != "":
					if err := os.WriteFile(filepath.Join(folder, text.File), []byte(text.Body), 0o600); err != nil {
						t.Fatal(err)
					}
				case text.Title == "Command":
					command = text.Body
				}
			}
		}
		again := experiment.Names{Against: "dense"}
		to := map[string]*string{"--arch": &again.Arch, "--network": &again.Network, "--recipe": &again.Recipe, "--energy": &again.Energy, "--against": &again.Against}
		words := strings.Fields(command)
		for i := 2; i+1 < len(words); i += 2 {
			flag := to[words[i]]
			if flag == nil {
				t.Fatalf("the command has %s, which this test does not know:\n%s", words[i], command)
			}
			if *flag = words[i+1]; strings.HasSuffix(*flag, ".yaml") {
				*flag = filepath.Join(folder, *flag)
			}
		}
		if got := written(t, simulatedAs(t, again)); !bytes.Equal(got, want) {
			t.Errorf("%q, %q: %s gives another record, from byte %d on", c.energy, c.set, command, prefix(got, want))
		}
	}
}

// written is a record as its file has it.
func written(t *testing.T, r *record.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// prefix is how many bytes two texts begin with alike.
func prefix(a, b []byte) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
