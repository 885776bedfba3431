package energy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"satsim/internal/param"
	"satsim/internal/quantity"
)

// Amount is an energy, or a power: joules a second.
type Amount struct {
	Joules  float64
	IsPower bool
}

// String prints it with its unit.
func (a Amount) String() string {
	if a.IsPower {
		return quantity.Power(a.Joules).String()
	}
	return quantity.Energy(a.Joules).String()
}

// MarshalText prints it with its unit.
func (a Amount) MarshalText() ([]byte, error) {
	if a.IsPower {
		return quantity.Power(a.Joules).MarshalText()
	}
	return quantity.Energy(a.Joules).MarshalText()
}

// UnmarshalText reads "1.1pJ" or "3W".
func (a *Amount) UnmarshalText(b []byte) error {
	if p, err := quantity.ParsePower(string(b)); err == nil {
		*a = Amount{float64(p), true}
		return nil
	}
	e, err := quantity.ParseEnergy(string(b))
	if err != nil {
		return fmt.Errorf("%w, or a power such as 3W", err)
	}
	*a = Amount{Joules: float64(e)}
	return nil
}

// Form says what its text is.
func (Amount) Form() (noun, pattern string) {
	work, joules := quantity.Energy(0).Form()
	rate, watts := quantity.Power(0).Form()
	return work + " or " + rate, joules + "|" + watts
}

// Basis is what a figure rests on.
type Basis string

// The bases, the firmest first.
const (
	Measured  Basis = "measured"   // on hardware, for this action
	Published Basis = "published"  // stated by its source for this action
	Derived   Basis = "derived"    // worked out from measured or published figures
	Assumed   Basis = "assumption" // a judgement, with its reason
	Unstated  Basis = ""
)

// Bases lists what an entry may rest on.
func Bases() []Basis { return []Basis{Measured, Published, Derived, Assumed} }

// UnmarshalText reads one of Bases.
func (b *Basis) UnmarshalText(text []byte) error {
	if !slices.Contains(Bases(), Basis(text)) {
		return fmt.Errorf("%q is no basis; measured, published, derived and assumption are accepted", text)
	}
	*b = Basis(text)
	return nil
}

// Entry is what an action costs.
type Entry struct {
	Action Action `yaml:"action" config:"required"`
	Value  Amount `yaml:"value" config:"required"`
	Low    Amount `yaml:"low" config:"required"`
	High   Amount `yaml:"high" config:"required"`
	Unit   string `yaml:"unit" config:"required"` // of the action: what the amounts are for
	Per    int64  `yaml:"per,omitempty"`          // of how many units; 0 is one
	// Group names entries that move together; none: it moves alone.
	Group      string `yaml:"group,omitempty"`
	Technology string `yaml:"technology" config:"required"`
	// Basis of the value: what sort of knowledge it is. A table of the user's need not say.
	Basis  Basis  `yaml:"basis,omitempty"`
	Source string `yaml:"source" config:"required"` // a source, or the word assumption and why
}

// Validate reports what no entry can be.
func (e Entry) Validate() error {
	if !e.Action.known() {
		return fmt.Errorf("action: %v is none", e.Action)
	}
	errs := []error{param.Validate(e, declaredOfEntry())}
	if e.Unit != e.Action.Of() {
		errs = append(errs, fmt.Errorf("unit: %q is not what %s counts; %s is accepted", e.Unit, e.Action, e.Action.Of()))
	}
	for _, a := range []struct {
		key   string
		value Amount
	}{{"value", e.Value}, {"low", e.Low}, {"high", e.High}} {
		if a.value.IsPower != e.Action.power() {
			want := "an energy such as 1.2pJ"
			if e.Action.power() {
				want = "a power such as 3W"
			}
			errs = append(errs, fmt.Errorf("%s: %v is none for %s; %s is accepted", a.key, a.value, e.Action, want))
		}
	}
	if e.Low.IsPower == e.Value.IsPower && e.Low.Joules > e.Value.Joules {
		errs = append(errs, fmt.Errorf("low: %v is more than the value; at most %v is accepted", e.Low, e.Value))
	}
	if e.High.IsPower == e.Value.IsPower && e.High.Joules < e.Value.Joules {
		errs = append(errs, fmt.Errorf("high: %v is less than the value; at least %v is accepted", e.High, e.Value))
	}
	if e.Action.power() && e.Per > 1 {
		errs = append(errs, fmt.Errorf("per: %d; a power is for one, 1 or nothing is accepted", e.Per))
	}
	return errors.Join(errs...)
}

// Table is the content of a file of kind energy.
type Table struct {
	Name string `yaml:"name"`
	Note string `yaml:"note"`
	// Memory are the technologies of off-chip memory that the table prices, such as ddr4-2400; none: any.
	Memory  []string `yaml:"memory"`
	Entries []Entry  `yaml:"entries" config:"required"`
}

// Validate reports actions with two entries.
func (t Table) Validate() error {
	var errs []error
	seen := map[Action]int{}
	for i, e := range t.Entries {
		if k, ok := seen[e.Action]; ok {
			errs = append(errs, fmt.Errorf("entries[%d].action: %s has an entry already, entries[%d]; one is accepted", i, e.Action, k))
		}
		seen[e.Action] = i
	}
	return errors.Join(errs...)
}

// Prices reports an off-chip memory that the table does not price. One that names no memory prices any: it is as old as that, or does not care.
func (t Table) Prices(technology string) error {
	if len(t.Memory) > 0 && !slices.Contains(t.Memory, technology) {
		return fmt.Errorf("energy table %s prices %s, and the memory is %s", t.Name, strings.Join(t.Memory, " and "), technology)
	}
	return nil
}
