package wave

import (
	"slices"
	"strings"
	"testing"
)

// A file as the standard's example has it, and what is to be seen, by hand: two rising edges, at 5 and 15. n is not known before the first, 1 before the second, whose own change comes behind it; the
// wire that has n's code elsewhere, and the one of the same name in another scope, are not asked for. Five digits of eight are filled with zeros.
const changes = `$date today $end
$timescale 1ns $end
$scope module bench $end
$var wire 1 ! clk $end
$var wire 4 ? n [3:0] $end
$scope module dut $end
$var wire 1 ! clk $end
$var reg 8 # n [7:0] $end
$var wire 1 $ en $end
$upscope $end
$upscope $end
$enddefinitions $end
#0
$dumpvars
0!
bx #
0$
b1 ?
$end
#5
1!
b10110 #
#10
0!
1$
#15
1!
bx1 #
0$
#20
0!
`

func TestRecord(t *testing.T) {
	got, err := Record(strings.NewReader(changes), "bench.dut", "clk", "n", "en")
	if err != nil {
		t.Fatal(err)
	}
	if n := got["n"]; n.Width != 8 || !slices.Equal(n.Values, []string{"xxxxxxxx", "00010110"}) {
		t.Errorf("%+v", n)
	}
	if en := got["en"]; en.Width != 1 || !slices.Equal(en.Values, []string{"0", "1"}) {
		t.Errorf("%+v", en)
	}
	for digits, want := range map[string]string{"00010110": "16", "110": "6", "1xxx0001": "x1", "": ""} {
		if got := Hex(digits); got != want {
			t.Errorf("%s: %s, want %s", digits, got, want)
		}
	}
	for name, says := range map[string]string{"none": "bench.dut has no none"} {
		if _, err := Record(strings.NewReader(changes), "bench.dut", "clk", name); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for text, says := range map[string]string{
		"$upscope $end": "line 1: an end of no scope", "\n$scope $end": "line 2: a scope without a name", "$var wire $end": "without width",
		"$scope module a $end\n$var wire 1 ! clk $end\n$var wire 1 ! clk $end": "line 3: clk is there twice",
		"$scope module a $end\n$var wire -1 ! clk $end":                        `line 2: clk has "-1" bits`,
	} {
		if _, err := Record(strings.NewReader(text), "a", "clk"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Whatever a file holds, it is read or refused, and all wires have as many cycles as the clock.
func FuzzRecord(f *testing.F) {
	f.Add(changes)
	f.Add("$scope module a $end\n$var wire 1 ! clk $end\n#0\n0!\n#1\n1!")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Record(strings.NewReader(text), "bench.dut", "clk", "n")
		if err != nil {
			return
		}
		for name, r := range got {
			if len(r.Values) != len(got["clk"].Values) {
				t.Errorf("%s has %d cycles of %d", name, len(r.Values), len(got["clk"].Values))
			}
			for _, v := range r.Values {
				if len(v) != r.Width {
					t.Errorf("%s: %q has not %d digits", name, v, r.Width)
				}
			}
		}
	})
}
