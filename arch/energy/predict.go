package energy

import (
	"satsim/arch/sore"
	"satsim/arch/stce"
	"satsim/arch/vector"
	"satsim/arch/wuve"
)

// Predicted is what a scheduler knows of a choice before it runs.
type Predicted struct {
	Cycles                int64
	ReadBytes, WriteBytes int64 // off-chip
	Array                 stce.Counts
	Sort                  sore.Counts
	Update                wuve.Counts
	Vector                vector.Counts
}

// Predict is the joules that a choice will take on a machine, at the table's values: a pure function of the prediction, for a scheduler to minimise
// (times Cycles: the energy-delay product). It differs from the energy of a run by what is not known yet: operands that enter from the west are
// those of an average link word, weights enter without their index, off-chip bytes pass one buffer each way and open no rows, and the
// buffers of updates and passes cost nothing.
func (m *Model) Predict(machine Machine, p *Predicted) (float64, error) {
	a := Activity{Array: p.Array, Sort: p.Sort, Update: p.Update, Vector: p.Vector, DRAM: DRAM{ReadBits: 8 * p.ReadBytes, WriteBits: 8 * p.WriteBytes}}
	c := a.Counts()
	if k := &p.Array; k.WestHops > 0 { // operands a hop are operands a word
		c[WestRead] = int64(16 * float64(k.WestWords) * float64(k.GroupWrites) / float64(k.WestHops))
	}
	c[NorthRead] = 16 * p.Array.NorthWords
	c[OutputRead] = 32*p.Array.OutputReads + 8*p.WriteBytes
	c[OutputWrite] = 32*p.Array.OutputFP32 + 16*p.Array.OutputFP16
	c[WestWrite] = 8 * p.ReadBytes
	time, err := machine.Over(p.Cycles, &a)
	if err != nil {
		return 0, err
	}
	c.Add(&time)
	return m.Total(&c).Value, nil
}
