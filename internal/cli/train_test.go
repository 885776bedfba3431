package cli_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"satsim/internal/cli"
	"satsim/internal/witness"
)

// TestTrainsOnFashionMNIST trains for 30 steps on real images, where Debian's package has put them: short, and yet well above the 10 % of
// chance.
func TestTrainsOnFashionMNIST(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	if _, err := os.Stat("/usr/share/datasets/fashion-mnist"); err != nil {
		witness.Missing(t, "dataset-fashion-mnist")
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
