package sweep

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"satsim/internal/config"
	"satsim/results/store"
)

// childEnv makes the test binary run the sweep into the store at its path, and print a line for every point.
const childEnv = "SATSIM_TEST_SWEEP"

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		if err := child(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

const workers = 2

func child(path string) error {
	ctx := context.Background()
	f := Default()
	if err := config.Decode(config.Source{Name: "s.yaml", Data: []byte("kind: sweep\n" + grid)}, "sweep", &f); err != nil {
		return err
	}
	p, err := New(&f, resolver, store.Origin{}, nil)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	if _, err := Run(ctx, s, p.Jobs, Options{Workers: workers, Progress: func(p Progress) { fmt.Println(p.Done) }}); err != nil {
		return err
	}
	return s.Close()
}

func start(t *testing.T, path string) (*exec.Cmd, io.Reader) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), childEnv+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out
}

// A sweep that is killed (SIGKILL) in the middle, twice, and then completed has the store of one that was not; what it had said was done is
// not done again.
func TestKilledSweepGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	path := filepath.Join(t.TempDir(), "s.db")
	for range 2 {
		cmd, out := start(t, path)
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if n == 2 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the child was not killed")
		}
	}
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p := plan(t, grid)
	got := run(t, s, p.Jobs, Options{Workers: workers})
	if got.Known < 6 || got.Known+got.Done != len(p.Jobs) || got.Failed != 0 {
		t.Errorf("%+v: at least three points of each killed run were done", got)
	}
	whole := open(t)
	run(t, whole, p.Jobs, Options{Workers: workers})
	if a, b := list(t, whole), list(t, s); !reflect.DeepEqual(a, b) {
		t.Errorf("%d and %d points, or other figures", len(a), len(b))
	}
}

func TestTwoSweepsOnOneStore(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	path := filepath.Join(t.TempDir(), "s.db")
	a, outA := start(t, path)
	b, outB := start(t, path)
	done := make(chan error, 2)
	for _, c := range []struct {
		cmd *exec.Cmd
		out io.Reader
	}{{a, outA}, {b, outB}} {
		go func() {
			if _, err := io.Copy(io.Discard, c.out); err != nil {
				done <- err
				return
			}
			done <- c.cmd.Wait()
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Errorf("a sweep failed: %v", err)
		}
	}
	s, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	whole := open(t)
	run(t, whole, plan(t, grid).Jobs, Options{Workers: workers})
	if a, b := list(t, whole), list(t, s); !reflect.DeepEqual(a, b) {
		t.Errorf("%d and %d points, or other figures", len(a), len(b))
	}
}
