package energy

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"satsim/arch/unit"
)

// Accelergy's files (github.com/Accelergy-Project/accelergy, version 0.4): an energy reference table of components with actions and
// picojoules, and action counts of the same components. Components are units below one design.
const (
	accelergyVersion = "0.4"
	accelergyDesign  = "satsim"
)

// WriteERT writes the model's values for a machine of these units as Accelergy's energy reference table. Energies are picojoules an action, as a
// reader's own table would have them; of a cycle where the table has watts.
func (m *Prices) WriteERT(w io.Writer, built *unit.Set) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "ERT:\n  version: %s\n  tables:\n", accelergyVersion)
	byUnit(built, func(unit string, of []Action) {
		fmt.Fprintf(b, "  - name: %s.%s\n    actions:\n", accelergyDesign, unit)
		for _, a := range of {
			fmt.Fprintf(b, "    - name: %s\n      arguments: {}\n      energy: %s\n", a.Name(), decimal(m.prices[a].Value*float64(a.parts())*1e12))
		}
	})
	return flush(b, "energy reference table")
}

// WriteActionCounts writes counts of a machine of these units as Accelergy's action counts: whole actions, where satsim counts parts of one
// rounded to the nearest.
func (c *ActionCounts) WriteActionCounts(w io.Writer, built *unit.Set) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "action_counts:\n  version: %s\n  local:\n", accelergyVersion)
	byUnit(built, func(unit string, of []Action) {
		fmt.Fprintf(b, "  - name: %s.%s\n    action_counts:\n", accelergyDesign, unit)
		for _, a := range of {
			fmt.Fprintf(b, "    - name: %s\n      counts: %d\n", a.Name(), (c[a]+a.parts()/2)/a.parts())
		}
	})
	return flush(b, "action counts")
}

// byUnit calls f with each unit of a machine and its actions.
func byUnit(built *unit.Set, f func(unit string, of []Action)) {
	left := List(built)
	for len(left) > 0 {
		n := 1
		for n < len(left) && left[n].Unit() == left[0].Unit() {
			n++
		}
		f(left[0].Unit(), left[:n])
		left = left[n:]
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
