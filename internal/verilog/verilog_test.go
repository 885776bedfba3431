package verilog

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"satsim/internal/witness"
)

// counter adds STEP a cycle; its bench prints four values, of which the first two are read from a file.
func counter(step int64) Design {
	return Design{Top: "bench", Parameters: []Parameter{{"STEP", step}}, Sources: []Source{
		{"step.vh", "`define WIDTH 8\n"},
		{"counter.v", "`include \"step.vh\"\nmodule counter #(parameter STEP = 1) (input wire clk, output reg [`WIDTH-1:0] n);\n" +
			"  initial n = 0;\n  always @(posedge clk) n <= n + STEP[`WIDTH-1:0];\nendmodule\n"},
		{"bench.v", "`timescale 1ns/1ps\nmodule bench #(parameter STEP = 1);\n  reg clk = 0;\n  wire [7:0] n;\n  reg [7:0] first [0:1];\n  integer i;\n" +
			"  counter #(.STEP(STEP)) dut (.clk(clk), .n(n));\n  always #5 clk = ~clk;\n  initial begin\n    $readmemh(\"first.hex\", first);\n" +
			"    $display(\"%0d %0d\", first[0], first[1]);\n    for (i = 0; i < 3; i = i + 1) @(negedge clk);\n    $display(\"%0d\", n);\n    $finish;\n  end\nendmodule\n"},
	}}
}

func simulators(t *testing.T) []Simulator {
	all := Simulators()
	for _, s := range all {
		if err := s.Missing(); err != nil {
			witness.Missing(t, s.Name)
		}
	}
	return all
}

// By hand: the first rising edge is at 5 ns, the third falling one at 30 ns: three steps by then.
func TestBothSimulatorsRunADesign(t *testing.T) {
	witness.Foreign(t)
	for _, s := range simulators(t) {
		builds, dir := NewBuilds(t.TempDir()), t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "first.hex"), []byte("10\n0a\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			step int64
			want string
		}{{1, "3"}, {50, "150"}} {
			p, err := builds.Build(t.Context(), s, counter(c.step))
			if err != nil {
				t.Fatal(err)
			}
			out, err := p.Run(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			if lines := strings.Split(out, "\n"); lines[0] != "16 10" || lines[1] != c.want {
				t.Errorf("%s, step %d: %q", s.Name, c.step, out)
			}
			if again, err := builds.Build(t.Context(), s, counter(c.step)); err != nil || again != p {
				t.Errorf("%s built the same twice (%v)", s.Name, err)
			}
		}
	}
}

func TestABuildSaysWhereItFails(t *testing.T) {
	witness.Foreign(t)
	for _, s := range simulators(t) {
		d := counter(1)
		d.Sources[1].Text = "module counter (input wire clk, output reg [7:0] n);\n  always @(posedge clk) n <= n +;\nendmodule\n"
		_, err := s.Build(t.Context(), t.TempDir(), d)
		if err == nil || !strings.Contains(err.Error(), "counter.v:2:") {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
}

func TestARunEndsWithItsContext(t *testing.T) {
	witness.Foreign(t)
	endless := Design{Top: "bench", Sources: []Source{{"bench.v", "module bench;\n  reg clk = 0;\n  always #5 clk = ~clk;\nendmodule\n"}}}
	simulators(t)
	p, err := Icarus().Build(t.Context(), t.TempDir(), endless)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := p.Run(ctx, t.TempDir()); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestLint(t *testing.T) {
	witness.Foreign(t)
	if Verilator().Missing() != nil {
		witness.Missing(t, "verilator")
	}
	d := counter(1)
	d.Top, d.Sources = "counter", d.Sources[:2]
	if out, err := Lint(t.Context(), t.TempDir(), d); err != nil || strings.Contains(out, "%Warning") {
		t.Errorf("a clean source: %v %s", err, out)
	}
	d.Sources[1].Text = strings.Replace(d.Sources[1].Text, "STEP[`WIDTH-1:0]", "STEP[`WIDTH-1:0] + n[4:0]", 1)
	if out, err := Lint(t.Context(), t.TempDir(), d); err != nil || !strings.Contains(out, "WIDTH") {
		t.Errorf("5 bits added to 8: %v %s", err, out)
	}
}

func TestSynthesizeMakesANetlist(t *testing.T) {
	witness.Foreign(t)
	if Synthesis() != nil {
		witness.Missing(t, "yosys")
	}
	d := counter(3)
	d.Top, d.Sources = "counter", d.Sources[:2]
	out, err := Synthesize(t.Context(), t.TempDir(), d)
	if err != nil || !strings.Contains(string(out), `"FDRE"`) {
		t.Errorf("%v: %.200s", err, out)
	}
}

func TestAToolThatIsNotThereIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := Icarus().Missing()
	var m *Missing
	if !errors.As(err, &m) || m.Package != "iverilog" {
		t.Errorf("%v", err)
	}
	want := "iverilog is not installed (on Debian: apt-get install iverilog)\nvvp is not installed (on Debian: apt-get install iverilog)"
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
	if _, err := Verilator().Build(t.Context(), t.TempDir(), counter(1)); err == nil || !strings.Contains(err.Error(), "apt-get install verilator") {
		t.Errorf("%v", err)
	}
	if _, err := Synthesize(t.Context(), t.TempDir(), counter(1)); err == nil || !strings.Contains(err.Error(), "apt-get install yosys") {
		t.Errorf("%v", err)
	}
}

func TestASourceStaysInItsFolder(t *testing.T) {
	for _, name := range []string{"../a.v", "a/b.v", ""} {
		d := Design{Top: "a", Sources: []Source{{name, "module a; endmodule\n"}}}
		if _, err := d.write(t.TempDir()); err == nil {
			t.Errorf("%q was written", name)
		}
	}
}

// A program that was cut off anywhere is known by its end, and is not run: vvp would take it for a wrong one. Whole ones of one file and of three are not touched.
func TestAProgramThatIsCutOff(t *testing.T) {
	witness.Foreign(t)
	if Icarus().Missing() != nil {
		witness.Missing(t, "iverilog")
	}
	dir := t.TempDir()
	if _, err := Icarus().Build(t.Context(), dir, counter(1)); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "program.vvp")
	text, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	for length := range text {
		if length > 200 && length < len(text)-400 && length%97 > 0 {
			continue
		}
		if err := os.WriteFile(program, text[:length], 0o666); err != nil {
			t.Fatal(err)
		}
		if err := whole(program); err == nil || !strings.Contains(err.Error(), "the disk is full") {
			t.Fatalf("%d of %d bytes: %v", length, len(text), err)
		}
	}
}
