package store

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// what is everything that can be read of a store.
func what(ctx context.Context, path string) (text string, err error) {
	s, err := OpenExisting(ctx, path)
	if err != nil {
		return "", err
	}
	defer s.Close()
	list, err := s.List(ctx, Origin{})
	if err != nil {
		return "", err
	}
	for i := range list {
		line, err := json.Marshal(list[i])
		if err != nil {
			return "", err
		}
		text += list[i].Key() + string(line) + "\n"
		if !list[i].Failed() {
			run, err := s.Run(ctx, list[i].Key())
			if err != nil {
				return "", err
			}
			line, err := json.Marshal(run)
			if err != nil {
				return "", err
			}
			text += string(line) + "\n"
		}
	}
	return text, nil
}

// A flipped bit anywhere in the file is either an error, or without effect on anything that is read (free space, counters of SQLite).
func TestFlippedBitsAreNoticed(t *testing.T) {
	ctx := context.Background()
	s := testStore(t, "s.db")
	put(t, s, point(1), point(2), failed(3), point(4))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := what(ctx, s.path)
	if err != nil || strings.Count(want, "\n") != 7 {
		t.Fatalf("%q, %v", want, err)
	}
	tries := 400
	if testing.Short() {
		tries = 40
	}
	random := rand.New(rand.NewPCG(1, 2))
	noticed := 0
	merged := testStore(t, "merged.db")
	put(t, merged, point(9))
	for range tries {
		bit := random.IntN(8 * len(whole))
		if whole[bit/8] == 0 && random.IntN(4) > 0 { // most of a small store is free space
			continue
		}
		flipped := append([]byte(nil), whole...)
		flipped[bit/8] ^= 1 << (bit % 8)
		path := filepath.Join(t.TempDir(), "flipped.db")
		if err := os.WriteFile(path, flipped, 0o666); err != nil {
			t.Fatal(err)
		}
		got, err := what(ctx, path)
		if err != nil {
			noticed++
		} else if got != want {
			t.Errorf("bit %d of byte %d changes what is read, and nothing is said:\n%s\nwas\n%s", bit%8, bit/8, got, want)
		}
		from, opening := OpenExisting(ctx, path)
		if opening != nil {
			continue
		}
		_, merging := merged.Merge(ctx, from)
		from.Close()
		if err != nil && merging == nil {
			t.Errorf("bit %d of byte %d: merged, though reading says %v", bit%8, bit/8, err)
		}
	}
	if noticed < tries/10 {
		t.Errorf("only %d flipped bits of %d hit anything", noticed, tries)
	}
}

// The target of a merge that has no more room is as it was, and it is the target that the error names.
func TestMergeIntoAFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a hundred rows, each to the disk")
	}
	ctx := context.Background()
	small, err := open(ctx, filepath.Join(t.TempDir(), "target.db"), (*Store).prepare, "max_page_count(16)") // pages of 4 KiB
	if err != nil {
		t.Fatal(err)
	}
	defer small.Close()
	put(t, small, point(0))
	source := testStore(t, "source.db")
	for i := range 100 {
		p := point(i)
		p.Note = strings.Repeat("long ", 200)
		put(t, source, p)
	}
	if _, err := small.Merge(ctx, source); !errors.Is(err, ErrFull) || !strings.HasPrefix(err.Error(), "merging into "+small.path) || strings.Contains(err.Error(), source.path) {
		t.Errorf("error %v", err)
	}
	if states, err := small.States(ctx); err != nil || len(states) != 1 {
		t.Errorf("%d points, %v", len(states), err)
	}
	put(t, small, point(1)) // it is no transaction of a dead merge that this goes into
	again, err := OpenExisting(ctx, small.path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if states, err := again.States(ctx); err != nil || len(states) != 2 {
		t.Errorf("%d points for another process, %v", len(states), err)
	}
}

func TestReadingWritesNothing(t *testing.T) {
	ctx := context.Background()
	empty := filepath.Join(t.TempDir(), "empty.db")
	if err := os.WriteFile(empty, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenExisting(ctx, empty); err == nil || !strings.Contains(err.Error(), "empty.db: it is empty") {
		t.Errorf("error %v", err)
	}
	if info, err := os.Stat(empty); err != nil || info.Size() != 0 {
		t.Errorf("the empty file has %d bytes, %v", info.Size(), err)
	}
}

// A store without checksums is one of satsim 0.1.0: it is read, and gets them for what is written from now on.
func TestStoresWithoutChecksums(t *testing.T) {
	ctx := context.Background()
	s := testStore(t, "s.db")
	put(t, s, point(1))
	if _, err := s.db.Exec("DROP TABLE checksum"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // as it was, and then with the table made by a writer
		if text, err := what(ctx, s.path); err != nil || !strings.Contains(text, `"cycles":1`) {
			t.Errorf("%q, %v", text, err)
		}
		w, err := Open(ctx, s.path)
		if err != nil {
			t.Fatal(err)
		}
		put(t, w, point(2))
		w.Close()
	}
	var n int
	if err := s.db.QueryRow("SELECT count(*) FROM checksum").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d checksums, %v", n, err)
	}
}

// Every column is in a row's checksum, and two columns do not run together.
func TestEveryColumnIsInTheChecksum(t *testing.T) {
	base, err := new(Store).encode(point(1))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{base.sum(): "nothing"}
	for name, change := range map[string]func(*pointRow){
		"key": func(r *pointRow) { r.key += "x" }, "version": func(r *pointRow) { r.version += "x" }, "arch": func(r *pointRow) { r.models[0].hash += "x" },
		"network": func(r *pointRow) { r.models[1].hash += "x" }, "recipe": func(r *pointRow) { r.models[2].hash += "x" }, "energy": func(r *pointRow) { r.energy.String += "x" },
		"no energy": func(r *pointRow) { r.energy.Valid = false }, "baseline": func(r *pointRow) { r.baseline += "x" }, "batch": func(r *pointRow) { r.batch++ },
		"note": func(r *pointRow) { r.note += "x" }, "parameters": func(r *pointRow) { r.parameters++ }, "resources": func(r *pointRow) { r.resources += "x" },
		"figures": func(r *pointRow) { r.figures.String += "x" }, "no figures": func(r *pointRow) { r.figures.Valid = false }, "error": func(r *pointRow) { r.err += "x" },
		"note to resources": func(r *pointRow) { r.note, r.resources = r.note+r.resources[:1], r.resources[1:] },
	} {
		r := *base
		r.models = append([]model(nil), base.models...)
		change(&r)
		if other, there := seen[r.sum()]; there {
			t.Errorf("%s changes as little as %s", name, other)
		}
		seen[r.sum()] = name
	}
}
