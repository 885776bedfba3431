package store

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// childEnv makes the test binary a writer: path, first and last number of the points that it puts. It prints each when it is stored.
const childEnv = "SATSIM_TEST_STORE"

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		if err := child(path, os.Args[1], os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func child(path, first, last string) error {
	from, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	to, err := strconv.Atoi(last)
	if err != nil {
		return err
	}
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	for i := from; i <= to; i++ {
		if err := s.Put(ctx, point(i)); err != nil {
			return err
		}
		fmt.Println(i)
	}
	return s.Close()
}

func start(t *testing.T, path string, first, last int) (*exec.Cmd, io.Reader) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, strconv.Itoa(first), strconv.Itoa(last))
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

// integrity asks SQLite whether the file is sound.
func integrity(t *testing.T, s *Store) {
	t.Helper()
	var verdict string
	if err := s.db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity check: %s, %v", verdict, err)
	}
}

// A writer is killed (SIGKILL) at moments that it cannot know. All that it said was stored is there, at most one point more, and the next
// writer goes on.
func TestKilledWriterLosesOnlyWhatWasInFlight(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	path := filepath.Join(t.TempDir(), "s.db")
	random := rand.New(rand.NewPCG(1, 2))
	first := 0
	for range 6 {
		cmd, out := start(t, path, first, 1<<30)
		kill := random.IntN(12)
		said := first - 1
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			v, err := strconv.Atoi(lines.Text())
			if err != nil {
				t.Fatal(err)
			}
			said = v
			if n == kill {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the child was not killed")
		}
		s, err := Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		integrity(t, s)
		list, err := s.List(context.Background(), Origin{})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) < said+1 || len(list) > said+2 {
			t.Errorf("%d points after %d were stored", len(list), said+1)
		}
		for i := range list {
			if run, err := s.Run(context.Background(), list[i].Key()); err != nil || len(run.Layers) != 1 {
				t.Errorf("point %d is damaged: %v", i, err)
			}
		}
		first = len(list)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTwoProcessesWriteToOneStore(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	path := filepath.Join(t.TempDir(), "s.db")
	a, outA := start(t, path, 0, 59)
	b, outB := start(t, path, 30, 89)
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
			t.Errorf("a writer failed: %v", err)
		}
	}
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	integrity(t, s)
	if states, err := s.States(context.Background()); err != nil || len(states) != 90 {
		t.Errorf("%d points of 90, %v", len(states), err)
	}
}
