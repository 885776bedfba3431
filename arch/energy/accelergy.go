package energy

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
)

// Accelergy's files (github.com/Accelergy-Project/accelergy, version 0.4): an energy reference table of components with actions and
// picojoules, and action counts of the same components. Components are units below one design.
const (
	accelergyVersion = "0.4"
	accelergyDesign  = "satsim"
)

// WriteERT writes the model's values as Accelergy's energy reference table. Energies are picojoules a count: of thousandths of activates, and of
// cycles where the table has watts.
func (m *Model) WriteERT(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "ERT:\n  version: %s\n  tables:\n", accelergyVersion)
	byUnit(func(unit string, first, next Action) {
		fmt.Fprintf(b, "  - name: %s.%s\n    actions:\n", accelergyDesign, unit)
		for a := first; a < next; a++ {
			fmt.Fprintf(b, "    - name: %s\n      arguments: {}\n      energy: %s\n", a.Name(), decimal(m.prices[a].Value*1e12))
		}
	})
	return flush(b, "energy reference table")
}

// WriteActionCounts writes counts as Accelergy's action counts.
func (c *Counts) WriteActionCounts(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "action_counts:\n  version: %s\n  local:\n", accelergyVersion)
	byUnit(func(unit string, first, next Action) {
		fmt.Fprintf(b, "  - name: %s.%s\n    action_counts:\n", accelergyDesign, unit)
		for a := first; a < next; a++ {
			fmt.Fprintf(b, "    - name: %s\n      counts: %d\n", a.Name(), c[a])
		}
	})
	return flush(b, "action counts")
}

// byUnit calls f with each unit and its actions.
func byUnit(f func(unit string, first, next Action)) {
	for first := Action(0); first < Actions; {
		next := first + 1
		for next < Actions && next.Unit() == first.Unit() {
			next++
		}
		f(first.Unit(), first, next)
		first = next
	}
}

func flush(b *bufio.Writer, what string) error {
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing Accelergy's %s: %w", what, err)
	}
	return nil
}

// decimal prints a number without an exponent: YAML 1.1 takes "1e-05" for text.
func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
