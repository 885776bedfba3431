package scalesim_test

import (
	"os"
	"reflect"
	"testing"

	"satsim/internal/nm"
	"satsim/workloads/scalesim"
)

// Files that SCALE-Sim itself wrote (testdata/make.py): two strides, and N and M of the sparsity behind the columns that the header names. It writes a product M x N x K as a
// convolution of an image of M rows and K columns.
func TestFilesOfItsOwnWriter(t *testing.T) {
	once := [2]int64{1, 1}
	for name, want := range map[string][]scalesim.TopologyRow{
		"written.csv": {
			{Line: 2, Name: "a", Height: 5, Width: 6, FilterHeight: 3, FilterWidth: 2, Channels: 8, Filters: 16, Stride: once, Dilation: once, Sparsity: nm.Dense},
			{Line: 3, Name: "b", Height: 9, Width: 9, FilterHeight: 3, FilterWidth: 3, Channels: 16, Filters: 4, Stride: [2]int64{2, 2}, Dilation: once, Sparsity: nm.Ratio{N: 2, M: 4}},
		},
		"written_products.csv": {
			{Line: 2, Name: "p", Height: 33, Width: 16, FilterHeight: 1, FilterWidth: 16, Channels: 1, Filters: 32, Stride: once, Dilation: once, Sparsity: nm.Ratio{N: 1, M: 4}},
		},
	} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, string(text)).Rows; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v; want %+v", name, got, want)
		}
	}
}
