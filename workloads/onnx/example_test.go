package onnx_test

import (
	"fmt"
	"log"
	"os"

	"satsim/workloads/onnx"
)

// A file that PyTorch wrote, as a network at batch 4: its first layers.
func ExampleModel_Import() {
	f, err := os.Open("testdata/small_opset16.onnx")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		log.Fatal(err)
	}
	model, err := onnx.Read(f, info.Size())
	if err != nil {
		log.Fatal(err)
	}
	network, err := model.Import(onnx.Options{Batch: 4})
	if err != nil {
		log.Fatal(err)
	}
	layers, err := network.Graph.Layers()
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range layers[:4] {
		fmt.Println(l.Op, l.Out)
	}
	// Output:
	// conv 4x16x16x8
	// batch_norm 4x16x16x8
	// relu 4x16x16x8
	// max_pool 4x8x8x8
}
