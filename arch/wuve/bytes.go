package wuve

// Traffic of a job with off-chip memory, in bytes. The gradient of a job that is not deferred comes from the array's output
// buffer, and the pruned FP16 copies are SORE's to write (nm.Tile has their bytes): neither is in it.
type Traffic struct {
	MasterRead    int64 `json:"master_read_bytes" yaml:"master_read_bytes"`
	MasterWrite   int64 `json:"master_write_bytes" yaml:"master_write_bytes"`
	StateRead     int64 `json:"state_read_bytes" yaml:"state_read_bytes"`
	StateWrite    int64 `json:"state_write_bytes" yaml:"state_write_bytes"`
	GradientRead  int64 `json:"gradient_read_bytes" yaml:"gradient_read_bytes"`   // deferred only
	GradientWrite int64 `json:"gradient_write_bytes" yaml:"gradient_write_bytes"` // deferred only, by the array before the job
	MaskRead      int64 `json:"mask_read_bytes" yaml:"mask_read_bytes"`           // a bit a parameter
	CopyWrite     int64 `json:"copy_write_bytes" yaml:"copy_write_bytes"`         // dense FP16 weights
}

// Reads is all that is read.
func (t Traffic) Reads() int64 { return t.MasterRead + t.StateRead + t.GradientRead + t.MaskRead }

// Writes is all that is written.
func (t Traffic) Writes() int64 { return t.MasterWrite + t.StateWrite + t.GradientWrite + t.CopyWrite }

// Bytes is the traffic of a job.
func Bytes(j Job) Traffic {
	n := j.Parameters
	state := n * 4 * int64(j.Optimiser.StateWords())
	t := Traffic{MasterRead: 4 * n, MasterWrite: 4 * n, StateRead: state, StateWrite: state}
	if j.Deferred {
		t.GradientRead, t.GradientWrite = 4*n, 4*n
	}
	if j.MaskDecay {
		t.MaskRead = (n + 7) / 8
	}
	if j.DenseCopy {
		t.CopyWrite = 2 * n
	}
	return t
}
