package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A run that is stopped: exit code 130, a word on standard error, and no file, whole or in part. Stopped by its context, as a signal does it, so
// that the test is the same on every platform; the signal itself has a test of its own.
func TestInterruptLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	ctx, cancel := context.WithCancel(context.Background())
	defer time.AfterFunc(100*time.Millisecond, cancel).Stop()
	var stdout, stderr bytes.Buffer
	if code := execute(ctx, []string{"run", "--network", "resnet50", "--exhaustive", "--out", dir}, &stdout, &stderr); code != 130 {
		t.Errorf("exit code %d, want 130; %s", code, stderr.String())
	}
	if stdout.Len() > 0 || stderr.String() != "satsim: interrupted\n" {
		t.Errorf("printed %q and %q", stdout.String(), stderr.String())
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is there: %v", dir, err)
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

// A training that is stopped: exit code 130 and a checkpoint, from which the same command goes on to the very record of a training that
// nobody stopped.
func TestInterruptedTrainingGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("trains")
	}
	dir := t.TempDir()
	net := filepath.Join(dir, "tiny.yaml")
	if err := os.WriteFile(net, []byte(tinyNetwork), 0o666); err != nil {
		t.Fatal(err)
	}
	train := func(ctx context.Context, out string) int {
		var stdout, stderr bytes.Buffer
		return execute(ctx, []string{
			"train", "--network", net, "--data", "generated", "--recipe", "bdwp", "--sparsity", "2:4", "--epochs", "30", "--out", filepath.Join(dir, out),
		}, &stdout, &stderr)
	}
	const folder = "tiny-bdwp-2of4-1"
	checkpoint := filepath.Join(dir, "stopped", folder, "checkpoint.bin")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { // stops it after an epoch or two
		for ctx.Err() == nil {
			if _, err := os.Stat(checkpoint); err == nil {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	if got := train(ctx, "stopped"); got != 130 {
		t.Fatalf("exit code %d, want 130", got)
	}
	if _, err := os.Stat(checkpoint); err != nil {
		t.Fatal(err)
	}
	if a, b := train(context.Background(), "stopped"), train(context.Background(), "whole"); a != 0 || b != 0 {
		t.Fatalf("exit codes %d and %d", a, b)
	}
	a, errA := os.ReadFile(filepath.Join(dir, "stopped", folder, "training.json"))
	b, errB := os.ReadFile(filepath.Join(dir, "whole", folder, "training.json"))
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("the records differ: %v, %v", errA, errB)
	}
}
