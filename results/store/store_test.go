package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"satsim/results/record"
)

// point makes a point of its own for every number.
func point(i int) *Point {
	return &Point{
		Arch: json.RawMessage(fmt.Sprintf(`{"name":"a","stce":{"rows":%d}}`, i)), Network: json.RawMessage(`{"name":"n"}`), Recipe: json.RawMessage(`{"name":"r"}`), Energy: json.RawMessage(`{"name":"e"}`),
		Batch: 4, Note: "note", Parameters: 7, Resources: json.RawMessage(`{"dsp":5}`),
		Run: &record.Run{
			Recipe: "r", Sparsity: "2:8", Total: record.Figures{Cycles: int64(i), TimeS: 0.1},
			Layers: []record.Layer{{Layer: "conv", Stage: "FF"}}, Groups: []record.Group{{Label: "conv FF", Lanes: []record.Lane{{Lane: "array"}}}},
			Stalls: []record.Stall{{Stage: "FF"}}, Memory: &record.Memory{},
		},
	}
}

func failed(i int) *Point {
	p := point(i)
	p.Run, p.Error = nil, "too large"
	return p
}

func testStore(t *testing.T, name string, pragmas ...string) *Store {
	t.Helper()
	s, err := open(context.Background(), filepath.Join(t.TempDir(), name), (*Store).prepare, pragmas...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func put(t *testing.T, s *Store, points ...*Point) {
	t.Helper()
	for _, p := range points {
		if err := s.Put(context.Background(), p); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKeyIsOfTheContent(t *testing.T) {
	p := point(1)
	p.Origin = Origin{"satsim.record/1", "7", "abc"}
	// The definition, written out: SHA-256 over each part after its length and a colon.
	h := sha256.Sum256([]byte(`21:satsim.record/1 7 abc30:{"name":"a","stce":{"rows":1}}` + `12:{"name":"n"}` + `12:{"name":"r"}` + `12:{"name":"e"}` + `0:`))
	if want := hex.EncodeToString(h[:]); p.Key() != want {
		t.Errorf("key %s, want %s", p.Key(), want)
	}
	changed := []*Point{point(2), point(1), point(1), point(1), point(1), point(1), point(1), point(1)}
	for _, q := range changed {
		q.Origin = p.Origin
	}
	changed[1].Network = json.RawMessage(`{"name":"m"}`)
	changed[2].Recipe = json.RawMessage(`{"name":"s"}`)
	changed[3].Baseline = "b"
	changed[4].Energy = nil
	changed[5].Origin.Schema = "satsim.record/2"
	changed[6].Origin.Model = "8"
	changed[7].Origin.Build = ""
	for i, q := range changed {
		if q.Key() == p.Key() {
			t.Errorf("change %d does not change the key", i)
		}
	}
	same := failed(1)
	same.Origin = p.Origin
	if same.Key() != p.Key() {
		t.Error("the key depends on the outcome")
	}
}

func TestWhatIsStoredComesBack(t *testing.T) {
	ctx := context.Background()
	s := testStore(t, "odd name %41?#.db")
	a, b := point(1), failed(2)
	b.Baseline = a.Key()
	b.Energy = nil
	put(t, s, a, b)
	list, err := s.List(ctx, Origin{})
	if err != nil || len(list) != 2 {
		t.Fatalf("%d points, %v", len(list), err)
	}
	byKey := map[string]*Point{list[0].Key(): &list[0], list[1].Key(): &list[1]}
	for i := range list {
		list[i].key = ""
	}
	short := *a
	run := *a.Run
	run.Layers, run.Groups, run.Stalls, run.Memory = nil, nil, nil, nil
	short.Run = &run
	if got := byKey[a.Key()]; !reflect.DeepEqual(got, &short) {
		t.Errorf("got %+v, want %+v", got, &short)
	}
	if got := byKey[b.Key()]; !reflect.DeepEqual(got, b) {
		t.Errorf("got %+v, want %+v", got, b)
	}
	whole, err := s.Run(ctx, a.Key())
	if err != nil || !reflect.DeepEqual(whole, a.Run) {
		t.Errorf("got %+v, %v, want %+v", whole, err, a.Run)
	}
	states, err := s.States(ctx)
	if want := map[string]State{a.Key(): Done, b.Key(): Failed}; err != nil || !reflect.DeepEqual(states, want) {
		t.Errorf("states %v, %v, want %v", states, err, want)
	}
	for key, want := range map[string]State{a.Key(): Done, b.Key(): Failed, "none": Missing} {
		if got, err := s.State(ctx, key); got != want || err != nil {
			t.Errorf("state of %.6s: %v, %v, want %v", key, got, err, want)
		}
	}
}

func TestPutReplaces(t *testing.T) {
	s := testStore(t, "s.db")
	put(t, s, failed(1), point(1))
	list, err := s.List(context.Background(), Origin{})
	if err != nil || len(list) != 1 || list[0].Failed() {
		t.Fatalf("%+v, %v", list, err)
	}
}

func TestAStoreIsOneFile(t *testing.T) {
	s := testStore(t, "s.db")
	put(t, s, point(1), point(2))
	entries, err := os.ReadDir(filepath.Dir(s.path))
	if err != nil || len(entries) != 1 {
		t.Errorf("files beside the store: %v, %v", entries, err)
	}
}

func TestOtherFilesAreRefused(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database, only text\n", 100)), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(ctx, text); err == nil || !strings.Contains(err.Error(), "no store") {
		t.Errorf("text: %v", err)
	}
	if _, err := Open(ctx, filepath.Join(dir, "no folder", "a.db")); err == nil || !strings.Contains(err.Error(), "a.db: it cannot be made or written; a folder that is there") {
		t.Errorf("in no folder: %v", err)
	}
	none := filepath.Join(dir, "none")
	if _, err := OpenExisting(ctx, none); err == nil || !strings.Contains(err.Error(), "there is no store") {
		t.Errorf("missing: %v", err)
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("a missing store was made")
	}
	for _, foreign := range []struct{ pragma, says string }{
		{"user_version(9)", "another program"}, {"application_id(7)", "another program"}, {"application_id(1935766643) -- sats", "layout 0"},
	} {
		path := filepath.Join(dir, foreign.says+foreign.pragma[:4])
		db, err := open(ctx, path, (*Store).prepare, foreign.pragma)
		if err == nil {
			db.Close()
			t.Errorf("%s was accepted", foreign.pragma)
		} else if !strings.Contains(err.Error(), foreign.says) {
			t.Errorf("%s: %v", foreign.pragma, err)
		}
	}
}

// SQLite gives a database that may not grow the same error as a disk without room.
func TestFullDiskIsOneClearError(t *testing.T) {
	ctx := context.Background()
	s := testStore(t, "s.db", "max_page_count(24)") // pages of 4 KiB
	stored := 0
	var err error
	for i := range 1000 {
		p := point(i)
		p.Arch = json.RawMessage(fmt.Sprintf(`{"name":%q,"i":%d}`, strings.Repeat("x", 3000), i))
		if err = s.Put(ctx, p); err != nil {
			break
		}
		stored++
	}
	if !errors.Is(err, ErrFull) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("after %d points: %v", stored, err)
	}
	list, err := s.List(ctx, Origin{})
	if err != nil || stored == 0 || len(list) != stored {
		t.Errorf("%d points of %d are left, %v", len(list), stored, err)
	}
}

func TestMerge(t *testing.T) {
	ctx := context.Background()
	a, b := testStore(t, "a.db"), testStore(t, "b.db")
	put(t, a, point(1), point(2), failed(3), point(4))
	put(t, b, point(2), point(3), failed(4), point(5), failed(6))
	got, err := a.Merge(ctx, b)
	if want := (Merged{Added: 2, Known: 2, Replaced: 1}); err != nil || got != want {
		t.Errorf("merged %+v, %v, want %+v", got, err, want)
	}
	states, err := a.States(ctx)
	want := map[string]State{}
	for i := 1; i <= 5; i++ {
		want[point(i).Key()] = Done
	}
	want[failed(6).Key()] = Failed
	if err != nil || !reflect.DeepEqual(states, want) {
		t.Errorf("states %v, %v, want %v", states, err, want)
	}
	if run, err := a.Run(ctx, point(5).Key()); err != nil || !reflect.DeepEqual(run, point(5).Run) {
		t.Errorf("%+v, %v", run, err)
	}
	again, err := a.Merge(ctx, b)
	if want := (Merged{Known: 5}); err != nil || again != want {
		t.Errorf("merged again %+v, %v, want %+v", again, err, want)
	}
}

func TestMergeRefusesOtherFigures(t *testing.T) {
	a, b := testStore(t, "a.db"), testStore(t, "b.db")
	other := point(2)
	other.Run.Total.Cycles++
	put(t, a, point(2))
	put(t, b, point(1), other, point(3))
	if _, err := a.Merge(context.Background(), b); err == nil || !strings.Contains(err.Error(), other.Key()[:12]) {
		t.Errorf("error %v", err)
	}
	if states, err := a.States(context.Background()); err != nil || len(states) != 1 {
		t.Errorf("%d points, %v: a refused merge changed the store", len(states), err)
	}
}

func TestEndedContextStoresNothing(t *testing.T) {
	s := testStore(t, "s.db")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Put(ctx, point(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if states, err := s.States(context.Background()); err != nil || len(states) != 0 {
		t.Errorf("%v, %v", states, err)
	}
}
