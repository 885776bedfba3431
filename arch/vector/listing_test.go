package vector

import (
	"math"
	"strings"
	"testing"
)

// Words by hand, by the fields at the head of vector.v: operator from bit 0, operands of 9 bits from bit 3, 12 and 21, destination at 30, its index at 32.
//
//	batch_norm_apply  mul_add 3; port 0: file 2; constant 0: file 5; constant 1: file 5, index 1 at bit 3; to out 0: 3
//	                  3 | 2 << 3 | 5 << 12 | (5 | 1 << 3) << 21 | 3 << 30 = 3 + 0x10 + 0x5000 + 0x1a00000 + 0xc0000000
//	relu              larger 4; port 0, and zeros; to out 0; the bit leaves: bit 34
//	                  4 | 2 << 3 | 3 << 30 | 1 << 34 = 4 + 0x10 + 0xc0000000 + 0x400000000
func TestWordsByHand(t *testing.T) {
	want := map[string]string{"batch_norm_apply": "00000000000c1a05013", "relu": "00000000004c0000014"}
	all, err := Programmed()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		if w, ok := want[l.Program.Name]; ok {
			delete(want, l.Program.Name)
			if l.Words != w+"\n" {
				t.Errorf("%s is %q, want %s", l.Program.Name, l.Words, w)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("there is no %v", want)
	}
}

// What a word reads, computes and writes, by hand: words of the softmax's second sweep, and the controller's of a batch norm.
func TestListingsByHand(t *testing.T) {
	all, err := Programmed()
	if err != nil {
		t.Fatal(err)
	}
	listing := map[string]string{}
	for _, l := range all {
		listing[l.Program.Name] = strings.Join(strings.Fields(l.Listing), " ")
	}
	for name, says := range map[string][]string{
		"softmax": {
			"2 3fb8aa3b0004ac01013 a port0, b 1.442695, c -scalar2 port0 * 1.442695 - scalar2 register0",
			"a register1, b register0, c entry0 register1 * register0 + entry0, exponent raised by the split's whole part register1",
			"then total 1 of each row is folded once a row, after sweep 2:", "b total1 1 / total1 scalar3", "table: exp2, tables/exp2.hex",
		},
		"batch_norm_apply": {"constant_index 0: column 4 constant_index 1: column 5", "column3 - column5 column5"},
		"layer_norm_grad":  {"total 2: a sum of a column, in 32 ways; sum 0 of the lanes, read_sums0"},
		"max_pool":         {"the row in which it was is in the low half of read_sums1"},
		"mul_grad":         {"port0 * port2 out0, FP16", "port0 * port1 out1, FP16"},
	} {
		for _, s := range says {
			if !strings.Contains(listing[name], s) {
				t.Errorf("%s: no %q in\n%s", name, s, listing[name])
			}
		}
	}
	if bits := math.Float32bits(math.Log2E); bits != 0x3fb8aa3b {
		t.Errorf("log2 e is %08x", bits)
	}
}
