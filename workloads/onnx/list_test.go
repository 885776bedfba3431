package onnx

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"satsim/workloads/onnx/internal/file"
)

// Every operator that data may enter stands in a file that another program wrote.
func TestEveryOperatorStandsInAFile(t *testing.T) {
	found := map[string]bool{}
	for _, folder := range []string{"testdata", "../weights/testdata"} {
		err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".onnx" {
				return err
			}
			f, err := os.Open(path)
			if err != nil {
				return err
			}
			defer f.Close()
			info, err := f.Stat()
			if err != nil {
				return err
			}
			m, err := file.Read(f, info.Size())
			if err != nil {
				return err
			}
			for _, p := range m.Model.GetGraph().GetNode() {
				name := p.GetOpType()
				if !file.IsStandard(p.GetDomain()) {
					name = p.GetDomain() + "." + name
				}
				found[name] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range Operators() {
		if o.Use == OnData && !found[o.Name] {
			t.Errorf("%s stands in no file of testdata", o.Name)
		}
	}
}

// What is said of operators is of those that are listed, with the operator sets of onnx.ai/onnx/operators.
func TestOperatorsAreListed(t *testing.T) {
	list := map[string]Operator{}
	for _, o := range Operators() {
		list[o.Name] = o
	}
	for _, said := range []map[string]int{since, until} {
		for op := range said {
			if _, ok := list[op]; !ok {
				t.Errorf("%s has operator sets and is not listed", op)
			}
		}
	}
	for op := range notes {
		if _, ok := list[op]; !ok {
			t.Errorf("%s has a note and is not listed", op)
		}
	}
	for _, want := range []Operator{
		{"Upsample", 7, 9, OnData, "height and width; nearest, linear, cubic"},
		{"SimplifiedLayerNormalization", 0, 0, OnData, "of ONNX Runtime, in the standard's domain"},
		{"com.microsoft.FusedConv", 0, 0, OnData, "a convolution, perhaps a sum, and a function"},
		{"TopK", 6, 26, CutBefore, "training ends before it"},
		{"ArgMax", 6, 26, Computed, "training ends before it where data enter it"},
		{"LSTM", 6, 26, Refused, "a step of a sequence waits for the one before, which no network here has"},
	} {
		if got := list[want.Name]; got != want {
			t.Errorf("%+v; want %+v", got, want)
		}
	}
	if names := []string{"BitwiseAnd", "CastLike"}; slices.ContainsFunc(names, func(n string) bool { return list[n].Name != "" }) {
		t.Errorf("one of %v is listed, which nothing understands", names)
	}
}
