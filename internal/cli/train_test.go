package cli_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"satsim/internal/cli"
)

// TestTrainsOnFashionMNIST trains for 30 steps on real images, where Debian's package has put them: short, and yet well above the 10 % of
// chance.
func TestTrainsOnFashionMNIST(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	if _, err := os.Stat("/usr/share/datasets/fashion-mnist"); err != nil {
		t.Skip("dataset-fashion-mnist is not installed")
	}
	out := t.TempDir()
	var text, errs bytes.Buffer
	args := []string{
		"train", "--recipe", "bdwp", "--sparsity", "2:8", "--batch", "32", "--train-images", "960", "--test-images", "500", "--epochs", "1", "--out", out,
	}
	if code := cli.Execute(args, &text, &errs); code != 0 {
		t.Fatalf("code %d: %s", code, errs.String())
	}
	f, err := os.Open(filepath.Join(out, "curves.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, name := range rows[0] {
		if name != "test_accuracy" {
			continue
		}
		if v, err := strconv.ParseFloat(rows[1][i], 64); err != nil || v < 0.25 {
			t.Errorf("test accuracy %s after 30 steps", rows[1][i])
		}
	}
}

const tinyNetwork = `kind: network
name: tiny
params: [{name: batch, value: 16}]
inputs: [{name: images, shape: [batch, 6, 6, 1]}]
layers:
  - {name: conv, op: conv, input: images, channels: 8, kernel: 3, pads: 1}
  - {name: bn, op: batch_norm}
  - {name: relu, op: relu}
  - {name: conv2, op: conv, channels: 8, kernel: 3, stride: 2, pads: 1}
  - {name: flatten, op: flatten}
  - {name: fc, op: linear, channels: 4}
  - {name: loss, op: loss}
`

// Ctrl-C during a training: exit code 130 and a checkpoint, from which the same command goes on to the very record of a training that
// nobody interrupted.
func TestInterruptedTrainingGoesOn(t *testing.T) {
	guard := make(chan os.Signal, 64) // so that a signal before Execute listens does not end the test
	signal.Notify(guard, os.Interrupt)
	defer signal.Stop(guard)
	dir := t.TempDir()
	net := filepath.Join(dir, "tiny.yaml")
	if err := os.WriteFile(net, []byte(tinyNetwork), 0o666); err != nil {
		t.Fatal(err)
	}
	train := func(out string) int {
		var stdout, stderr bytes.Buffer
		return cli.Execute([]string{
			"train", "--network", net, "--data", "generated", "--recipe", "bdwp", "--sparsity", "2:4", "--epochs", "30", "--out", filepath.Join(dir, out),
		}, &stdout, &stderr)
	}
	code := make(chan int)
	go func() { code <- train("stopped") }()
	tick := time.NewTicker(50 * time.Millisecond)
	for waiting := true; waiting; {
		select {
		case got := <-code:
			tick.Stop()
			waiting = false
			if got != 130 {
				t.Fatalf("exit code %d, want 130", got)
			}
		case <-tick.C:
			if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
		}
	}
	const folder = "tiny-bdwp-2of4-1"
	if _, err := os.Stat(filepath.Join(dir, "stopped", folder, "checkpoint.bin")); err != nil {
		t.Fatal(err)
	}
	if a, b := train("stopped"), train("whole"); a != 0 || b != 0 {
		t.Fatalf("exit codes %d and %d", a, b)
	}
	a, errA := os.ReadFile(filepath.Join(dir, "stopped", folder, "training.json"))
	b, errB := os.ReadFile(filepath.Join(dir, "whole", folder, "training.json"))
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("the records differ: %v, %v", errA, errB)
	}
}
