package sweep

import (
	"fmt"
	"strings"
)

// Batch is a sweep as jobs of Slurm.
type Batch struct {
	Name    string // of the sweep
	Program string // satsim's own path, which every node must have
	Folder  string // of the list, the scripts, the shards' stores and the logs: on a file system that all nodes share
	Work    string // the folder in which satsim was called
	List    *List
	Store   string   // that shards are merged into
	Workers int      // processors a task
	Flags   []string // of satsim sweep
	Options []string // of sbatch
}

// Names of a batch's files in its folder.
const (
	ListName  = "shards.json"
	ArrayName = "array.sh"
	MergeName = "merge.sh"
)

// Part is the store of a shard, which is there when all of its points are.
func Part(shard int) string { return fmt.Sprintf("parts/%d.db", shard) }

func (b *Batch) head(what string, more ...string) string {
	lines := append([]string{
		"#!/bin/bash",
		"#SBATCH --job-name=satsim-" + what,
		fmt.Sprintf("#SBATCH --output=%s/logs/%s.out", b.Folder, map[string]string{"array": "%a", "merge": "merge"}[what]),
		"#SBATCH --open-mode=append", "#SBATCH --ntasks=1",
	}, more...)
	for _, o := range b.Options {
		lines = append(lines, "#SBATCH "+o)
	}
	return strings.Join(append(lines, "set -euo pipefail", "cd "+quote(b.Work), "folder="+quote(b.Folder), ""), "\n")
}

// Array is the script of the job array. SQLite's locks are lost on network file systems, so a task's store is in the node's own scratch; it is copied to the
// shared folder under another name and renamed there, so that what has the name is whole. A task that is stopped leaves what it has, and goes on with it when
// it is requeued.
func (b *Batch) Array() string {
	n := len(b.List.Shards)
	return b.head("array", fmt.Sprintf("#SBATCH --array=1-%d", n), "#SBATCH --requeue", fmt.Sprintf("#SBATCH --cpus-per-task=%d", b.Workers), "#SBATCH --signal=B:TERM@60") +
		fmt.Sprintf(`shard=$SLURM_ARRAY_TASK_ID
part=$folder/parts/$shard.db
begun=$folder/parts/$shard.begun.db
scratch=$(mktemp -d "${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/satsim.XXXXXX")
trap 'rm -rf -- "$scratch"' EXIT
keep() { # where
	[ -e "$scratch/s.db" ] || return 0
	cp -- "$scratch/s.db" "$1.$SLURM_JOB_ID" && mv -- "$1.$SLURM_JOB_ID" "$1"
}
for old in "$begun" "$part"; do # a task that was requeued, or is submitted again
	[ ! -e "$old" ] || cp -- "$old" "$scratch/s.db"
done
%s sweep %s --list "$folder/%s" --shard "$shard/%d" --store "$scratch/s.db" --workers "${SLURM_CPUS_PER_TASK:-1}"%s &
child=$!
trap 'kill -TERM "$child" 2>/dev/null || true' TERM INT
code=0
wait "$child" || code=$?
while kill -0 "$child" 2>/dev/null; do # a signal ended the waiting, not satsim, which stores what it has
	code=0
	wait "$child" || code=$?
done
if [ "$code" != 0 ]; then
	keep "$begun"
	exit "$code"
fi
keep "$part"
rm -f -- "$begun"
`, quote(b.Program), quote(b.List.Sweep), ListName, n, flags(b.Flags))
}

// Merge is the script of the job that merges, after all tasks have ended, however they did.
func (b *Batch) Merge() string {
	return b.head("merge") + fmt.Sprintf(`store=%s
scratch=$(mktemp -d "${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/satsim.XXXXXX")
trap 'rm -rf -- "$scratch"' EXIT
[ ! -e "$store" ] || cp -- "$store" "$scratch/all.db"
%s merge "$scratch/all.db" --list "$folder/%s"
cp -- "$scratch/all.db" "$store.$SLURM_JOB_ID"
mv -- "$store.$SLURM_JOB_ID" "$store"
`, quote(b.Store), quote(b.Program), ListName)
}

func flags(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " " + strings.Join(list, " ")
}

// quote makes one word of a text for a shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
