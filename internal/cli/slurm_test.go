package cli

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"satsim/internal/witness"
)

// cluster is a Slurm of one node, a built satsim and a folder.
type cluster struct {
	t                 *testing.T
	dir, satsim, conf string
}

func (c *cluster) run(name string, args ...string) string {
	c.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "SLURM_CONF="+c.conf, "TMPDIR="+filepath.Join(c.dir, "scratch"))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		c.t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

func (c *cluster) read(name string) string {
	text, _ := os.ReadFile(filepath.Join(c.dir, name)) // nothing: it is not there
	return string(text)
}

// await polls; what never comes ends the test.
func (c *cluster) await(what string, there func() bool) {
	c.t.Helper()
	for range 480 {
		if there() {
			return
		}
		time.Sleep(250 * time.Millisecond)
	}
	c.t.Fatalf("%s did not come:\n%s%s%s", what, c.run("squeue"), c.read("jobs/logs/1.out"), c.read("jobs/logs/2.out"))
}

// running waits until a task has stored something in its scratch.
func (c *cluster) running(task string) {
	c.t.Helper()
	c.await("task "+task, func() bool {
		stores, _ := filepath.Glob(filepath.Join(c.dir, "scratch", "satsim.*", "s.db"))
		return len(stores) == 1 && strings.Contains(c.run("squeue", "-h", "-t", "R", "-o", "%F_%K"), task)
	})
}

// A job array on a real Slurm: a task that is requeued goes on with what it had; one that is killed is a gap, which the merge names and refuses; submitted
// again, all is what one process makes.
func TestSweepOnSlurm(t *testing.T) {
	if os.Getenv("SATSIM_SLURM") != "1" {
		t.Skip("SATSIM_SLURM is not 1: .ci/witness slurm sets it")
	}
	if os.Getuid() != 0 {
		witness.Missing(t, "root, as whom Slurm runs")
	}
	c := &cluster{t: t, dir: t.TempDir()}
	for name, text := range map[string]string{
		"tiny.yaml": tinyNetwork,
		"grid.yaml": "kind: sweep\nname: grid\narch: sat-vcu1525\nnetworks: [resnet18-tiny, tiny.yaml]\nrecipes: [bdwp]\nsparsity: ['2:8', '1:4']\naxes:\n" +
			"  - {path: stce.rows, values: [6, 10, 14, 18, 22, 26]}\n  - {path: stce.cols, values: [8, 12, 20]}\n",
		"scratch/of nodes": "",
	} {
		path := filepath.Join(c.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	c.satsim = filepath.Join(c.dir, "satsim")
	if out, err := exec.Command("go", "build", "-o", c.satsim, "../..").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	state, err := os.MkdirTemp("", "slurm") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	start, err := filepath.Abs("testdata/slurm/start")
	if err != nil {
		t.Fatal(err)
	}
	c.conf = filepath.Join(state, "slurm.conf")
	t.Cleanup(func() {
		for _, pid := range []string{"ctld.pid", "d.pid", "munged.pid"} {
			if text, err := os.ReadFile(filepath.Join(state, pid)); err == nil {
				exec.Command("kill", strings.TrimSpace(string(text))).Run()
			}
		}
		time.Sleep(time.Second)
		os.RemoveAll(state)
	})
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, start, state).Output(); err != nil {
		t.Fatalf("starting Slurm: %v: %s", err, out)
	}
	said := c.run(c.satsim, "sweep", "grid.yaml", "--slurm", "jobs", "--shards", "3", "--workers", "1", "--store", "all.db", "--submit")
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], "72 points in 3 shards of ") || !strings.HasPrefix(lines[2], "merge ") {
		t.Fatalf("it said %q", said)
	}
	array := strings.TrimPrefix(lines[1], "job array ")

	c.running(array + "_1")
	c.run("scontrol", "requeue", array+"_1")
	c.await("what the requeued task had", func() bool { return c.read("jobs/parts/1.begun.db") != "" })
	c.running(array + "_2")
	c.run("scancel", "--signal=KILL", "--full", array+"_2")
	c.await("the requeued task's end", func() bool {
		exec.Command("env", "SLURM_CONF="+c.conf, "scontrol", "update", "JobId="+array+"_1", "StartTime=now").Run() // Slurm lets it wait for two minutes
		return c.read("jobs/parts/1.db") != ""
	})
	if log := c.read("jobs/logs/1.out"); !strings.Contains(log, "terminated") || strings.Contains(log, ", 0 in the store before") || c.read("jobs/parts/1.begun.db") != "" {
		t.Errorf("task 1 did not go on with what it had:\n%s", log)
	}
	c.await("the merge's refusal", func() bool { return strings.TrimSpace(c.run("squeue", "-h")) == "" })
	gap := c.read("jobs/logs/merge.out")
	for _, words := range []string{" missing, nothing is merged:\nshard 2: ", "parts/2.db is not there; the first is ", "sbatch --array=2 ", "array.sh simulates them"} {
		if !strings.Contains(gap, words) {
			t.Errorf("the merge does not say %q:\n%s", words, gap)
		}
	}
	if strings.Contains(gap, "shard 1:") || strings.Contains(gap, "shard 3:") || c.read("all.db") != "" {
		t.Errorf("there is a merged store, or more is missing than shard 2:\n%s", gap)
	}

	again := strings.TrimSpace(c.run("sbatch", "--parsable", "--array=2", "jobs/array.sh"))
	c.run("sbatch", "--parsable", "--dependency=afterany:"+again, "jobs/merge.sh")
	c.await("the merged store", func() bool { return strings.TrimSpace(c.run("squeue", "-h")) == "" })
	c.run(c.satsim, "sweep", "grid.yaml", "--store", "whole.db")
	query := []string{"--columns", "key,cycles,time_s,speedup,energy,error", "--format", "csv"}
	whole, all := c.run(c.satsim, append([]string{"results", "whole.db"}, query...)...), c.run(c.satsim, append([]string{"results", "all.db"}, query...)...)
	if whole != all || strings.Count(whole, "\n") != 1+72+36 {
		t.Errorf("%d lines by one process, %d by the array; %s", strings.Count(whole, "\n"), strings.Count(all, "\n"), c.read("jobs/logs/merge.out"))
	}
	if left, _ := filepath.Glob(filepath.Join(c.dir, "scratch", "satsim.*")); len(left) > 1 { // who was killed could not tidy up
		t.Errorf("left in the scratch: %v", left)
	}
}
