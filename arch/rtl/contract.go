package rtl

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"satsim/arch/feed"
)

// contract is what the units' rooms say of them (their doc.go), as a page: what each does in each cycle.
func contract(rs []room) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("# Contracts of the units\n\nWhat each unit does in each cycle, as its room in the source of satsim has it (arch/UNIT/doc.go). The exact model, the closed form and the Verilog are held to it. A line that is set in shows registers\nin time, or a formula.\n")
	for _, r := range append(slices.Clone(rs), room{unit: "feed", means: "what feeds SORE, WUVE, the vector unit and the normaliser", from: feed.RTL}) {
		text, err := fs.ReadFile(r.from, "doc.go")
		if err != nil {
			return nil, fmt.Errorf("reading the contract of %s: %w", r.unit, err)
		}
		fmt.Fprintf(&b, "\n## %s: %s\n\n", r.unit, r.means)
		for line := range strings.Lines(string(text)) {
			line, comment := strings.CutPrefix(strings.TrimRight(line, "\n"), "//")
			if !comment {
				break
			}
			line = strings.TrimPrefix(line, " ")
			if title, ok := strings.CutPrefix(line, "# "); ok {
				line = "### " + title
			}
			b.WriteString(strings.Replace(line, "\t", "    ", 1) + "\n")
		}
	}
	return b.Bytes(), nil
}
