package synthesis

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// What docs/rtl.md says of modules is what the table says: each line below is made of a row and stands there.
func TestTheDocumentHasTheTable(t *testing.T) {
	text, err := os.ReadFile("../../../docs/rtl.md")
	if err != nil {
		t.Fatal(err)
	}
	all := rows(t)
	of := func(module, parameters string) *Row {
		t.Helper()
		for i := range all {
			if r := &all[i]; r.Module == module && r.Parameters == parameters {
				return r
			}
		}
		t.Fatalf("the table lacks %s %s", module, parameters)
		return nil
	}
	commas := func(n int) string {
		if n < 1000 {
			return fmt.Sprint(n)
		}
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	}
	element := func(m, rest string) *Row { return of("stce_uspe", "COLS=32 "+m+" MAX_I=8 "+rest+" FLUSH=1 SHADOW=1") }
	generous, small, dense := element("MAX_N=8 MAX_M=16", "LINK_W=4 MUL_LATENCY=4 ADD_LATENCY=8"), element("MAX_N=2 MAX_M=8", "LINK_W=4 MUL_LATENCY=2 ADD_LATENCY=6"),
		element("MAX_N=1 MAX_M=1", "LINK_W=1 MUL_LATENCY=4 ADD_LATENCY=8")
	column := of("stce_column", "ROWS=32 COLS=32 MAX_M=16")
	lane, scalar := of("vector_lane", "STRIP=32 PLACE=5 BWORD=9 CWORD=9 SWORD=9 MUL=3 ADD=5 FLUSH=1"), of("vector_scalar", "STRIP=32 PLACE=5 MUL=3 ADD=5 DIVIDE=17 FLUSH=1")
	control := of("vector_control", "LANES=32 COUNT=6 PLACE=5 LATENCY=10 DIVIDE=17 WAIT=5 SPACE=128 WORDS=7 CBITS=6 SBITS=8 TBITS=1")
	ns := func(r *Row) string { return fmt.Sprintf("%.2f ns", float64(r.Registers)/1000) }
	unit := func(name string, r *Row) string {
		luts := commas(r.Cells.LUTs())
		if n := r.Cells.LUT[1]; n >= 10 {
			luts += fmt.Sprintf(", of which %d pass on", n)
		}
		return fmt.Sprintf("| %s | %s | %s | %d | %s | %d | %d |", name, ns(r), luts, r.Cells.Memory, commas(r.Cells.FF), r.Cells.DSP, r.Cells.BRAM18)
	}
	feeds := func(name string, bits int, r *Row) string {
		return fmt.Sprintf("| %s | %s | %s | %s | %s | %.2f ns |", name, commas(bits), commas(r.Cells.LUTs()-r.Cells.LUT[1]), commas(r.Cells.Memory), commas(r.Cells.FF), float64(r.Longest())/1000)
	}
	for _, line := range []string{
		feeds("reader of SORE, 32 lanes", 544, of("feed_reader", "WIDTH=544 READ=2 PARTS=1 BY_ROW=0 WORDS=4")),
		feeds("reader of WUVE, 4 lanes", 516, of("feed_reader", "WIDTH=516 READ=2 PARTS=5 BY_ROW=0 WORDS=2")),
		feeds("reader of the vector unit, 32 lanes", 2176, of("feed_reader", "WIDTH=2176 READ=2 PARTS=5 BY_ROW=16 WORDS=6")),
		feeds("writer of SORE's pairs, 32 lanes", 608, of("feed_writer", "LANES=32 WIDTH=608 WORDS=3")),
		feeds("writer of master weights, 4 lanes", 128, of("feed_writer", "LANES=4 WIDTH=128 WORDS=2")),
		fmt.Sprintf("(8:16, depth 8, link of 4, latencies of 4 and 8) takes %d LUTs that compute, %d as memory, %d flip-flops and a DSP slice", generous.Cells.LUTs(), generous.Cells.Memory, generous.Cells.FF),
		fmt.Sprintf("is %d, %d and %d; the default's own", small.Cells.LUTs(), small.Cells.Memory, small.Cells.FF),
		fmt.Sprintf("Dense, 1:1 with a link of 1, that takes %d and %d.", dense.Cells.LUTs(), dense.Cells.Memory),
		fmt.Sprintf("| a column's edges | %s | 8.38 ns | %d |", ns(column), column.Cells.LUTs()),
		unit("lane", lane), unit("work once a row", scalar), unit("control of 32 lanes, with 128 words", control),
	} {
		if !strings.Contains(string(text), line) {
			t.Errorf("docs/rtl.md lacks %q", line)
		}
	}
}
