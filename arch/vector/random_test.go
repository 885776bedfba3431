package vector

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"satsim/internal/nm"
	"satsim/internal/verilog"
	"satsim/internal/witness"
)

// The generator that the resource estimate counts makes the numbers that recipes draw, one a cycle: its first is there fifteen cycles after the first state.
func TestGeneratorInVerilogDrawsTheNumbers(t *testing.T) {
	witness.Foreign(t)
	s := verilog.Icarus()
	if s.Missing() != nil {
		witness.Missing(t, s.Name)
	}
	source, err := os.ReadFile("testdata/random.v")
	if err != nil {
		t.Fatal(err)
	}
	const latency, count = 15, 200
	const step = 0x9e3779b97f4a7c15
	bench := fmt.Sprintf(`module bench;
    reg clk = 0, restart = 1;
    reg [63:0] first;
    wire [22:0] number;
    integer i;
    vector_random dut (.clk(clk), .restart(restart), .first(first), .number(number));
    initial begin
        if (!$value$plusargs("first=%%h", first)) $finish;
        for (i = 0; i < %d; i = i + 1) begin
            #1 clk = 1;
            #1 clk = 0; restart = 0;
            if (i >= %d) $display("%%h", number);
        end
        $finish;
    end
endmodule
`, latency+count, latency)
	p, err := s.Build(t.Context(), t.TempDir(), verilog.Design{Top: "bench", Sources: []verilog.Source{{Name: "random.v", Text: string(source)}, {Name: "bench.v", Text: bench}}})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 8))
	for range 8 {
		key := r.Uint64()
		out, err := p.Run(t.Context(), t.TempDir(), fmt.Sprintf("+first=%016x", key+step))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Fields(out)
		if len(lines) < count {
			t.Fatalf("%d numbers of %d", len(lines), count)
		}
		for i := range count {
			if want := fmt.Sprintf("%06x", nm.Random(key, uint64(i))>>41); lines[i] != want {
				t.Fatalf("key %x, number %d is %s, want %s", key, i, lines[i], want)
			}
		}
	}
}
