package unit

import (
	"embed"
	"fmt"
)

// Bench is what benches of units in Verilog share that take jobs: module unit_bench, in folder rtl. It replays Vectors.
//
//go:embed rtl/*.v
var Bench embed.FS

// Vectors are the files that a unit's bench replays, and how many jobs, slots (what the unit takes in a cycle) and cycles they hold.
type Vectors struct {
	Files               map[string]string
	Jobs, Slots, Cycles int
	Reset               int      // a cycle with work under way: for a reset that has something to clear
	Rows                int      // of rows.hex; 0: there is none
	Moments             []Moment // by cycle
}

// Digit is a truth as files of vectors have it, 1 or 0.
func Digit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Amid is a late one of some cycles; 0 if there is none.
func Amid(cycles []int) int {
	if n := len(cycles); n > 0 {
		return cycles[n*3/4]
	}
	return 0
}

// Args are what the bench is told, with the cycle in which the unit is reset before all is replayed.
func (v *Vectors) Args(reset int) []string {
	all := []string{fmt.Sprintf("+jobs=%d", v.Jobs), fmt.Sprintf("+slots=%d", v.Slots), fmt.Sprintf("+cycles=%d", v.Cycles), fmt.Sprintf("+reset=%d", reset)}
	if v.Rows > 0 {
		all = append(all, fmt.Sprintf("+rows=%d", v.Rows))
	}
	return all
}
