package energy

import "satsim/arch/unit"

// Predict is the joules that so many cycles of a machine will take in which it does a, at the table's values: a pure function of the prediction,
// for a scheduler to minimise (times the cycles: the energy-delay product).
func (m *Prices) Predict(machine *Machine, cycles int64, a *unit.Activity) (float64, error) {
	c, err := CountsOf(a)
	if err != nil {
		return 0, err
	}
	time, err := machine.Over(cycles, a)
	if err != nil {
		return 0, err
	}
	c.Add(&time)
	return m.Total(&c).Value, nil
}
