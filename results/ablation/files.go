package ablation

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"satsim/results/record"
)

// Schema names the layout of the JSON.
const Schema = "satsim.ablation/1"

// Table is all rows with what they are of.
type Table struct {
	Schema   string          `json:"schema"`
	Version  string          `json:"version"`
	Arch     json.RawMessage `json:"arch"` // resolved
	ArchName string          `json:"arch_name"`
	Network  string          `json:"network"`
	Note     string          `json:"note"`
	Images   int64           `json:"images"`
	Rows     []Row           `json:"rows"`
}

// Write writes the table as indented JSON.
func (t *Table) Write(w io.Writer) error {
	t.Schema, t.Version = Schema, record.Version
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	if err := e.Encode(t); err != nil {
		return fmt.Errorf("writing the ablation: %w", err)
	}
	return nil
}

// columns of the CSV.
var columns = []struct {
	name  string
	value func(r *Row) string
}{
	{"optimisations", func(r *Row) string { return r.Optimisations }},
	{"interleave_mapping", func(r *Row) string { return strconv.FormatBool(r.InterleaveMapping) }},
	{"pregeneration", func(r *Row) string { return strconv.FormatBool(r.Pregeneration) }},
	{"offline_scheduling", func(r *Row) string { return strconv.FormatBool(r.OfflineScheduling) }},
	{"recipe", func(r *Row) string { return r.Recipe }},
	{"sparsity", func(r *Row) string { return r.Sparsity }},
	{"cycles", func(r *Row) string { return whole(r.Cycles) }},
	{"time_s", func(r *Row) string { return real(r.TimeS) }},
	{"speedup", func(r *Row) string { return real(r.Speedup) }},
	{"baseline_speedup", func(r *Row) string { return real(r.ToBase) }},
	{"array_computing_cycles", func(r *Row) string { return whole(r.Array.Computing) }},
	{"array_issue_cycles", func(r *Row) string { return whole(r.Busy.Issue) }},
	{"array_hazard_cycles", func(r *Row) string { return whole(r.Busy.Hazard) }},
	{"array_feed_cycles", func(r *Row) string { return whole(r.Busy.Feed) }},
	{"array_ends_cycles", func(r *Row) string { return whole(r.Busy.Ends) }},
	{"array_filling_cycles", func(r *Row) string { return whole(r.Array.Filling) }},
	{"array_draining_cycles", func(r *Row) string { return whole(r.Array.Draining) }},
	{"array_wait_memory_cycles", func(r *Row) string { return whole(r.Array.WaitMemory) }},
	{"array_wait_sore_cycles", func(r *Row) string { return whole(r.Array.WaitSORE) }},
	{"array_wait_wuve_cycles", func(r *Row) string { return whole(r.Array.WaitWUVE) }},
	{"array_wait_vector_cycles", func(r *Row) string { return whole(r.Array.WaitVector) }},
	{"array_no_word_cycles", func(r *Row) string { return whole(r.Array.NoWord) }},
	{"array_reconfigure_cycles", func(r *Row) string { return whole(r.Array.Reconfigure) }},
	{"dram_read_bytes", func(r *Row) string { return whole(r.ReadBytes) }},
	{"dram_write_bytes", func(r *Row) string { return whole(r.WriteBytes) }},
	{"sorted_elements", func(r *Row) string { return whole(r.Sorted) }},
	{"sore_busy_cycles", func(r *Row) string { return whole(r.SoreCycles) }},
}

func whole(v int64) string  { return strconv.FormatInt(v, 10) }
func real(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// WriteCSV writes the rows, a header first.
func (t *Table) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	line := make([]string, len(columns))
	for i, col := range columns {
		line[i] = col.name
	}
	if err := c.Write(line); err != nil {
		return fmt.Errorf("writing the ablation: %w", err)
	}
	for i := range t.Rows {
		for k, col := range columns {
			line[k] = col.value(&t.Rows[i])
		}
		if err := c.Write(line); err != nil {
			return fmt.Errorf("writing the ablation: %w", err)
		}
	}
	c.Flush()
	return c.Error()
}
