package memo

import (
	"sync"
	"testing"
)

// Whatever is asked and dropped, a value that is there is that of its key and type, and no more bytes are kept than were allowed.
func TestValuesAreThoseOfTheirKeys(t *testing.T) {
	type key struct{ a, b int }
	m := New(64 * shards)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 2000 {
				k := key{i % 50, g % 2}
				want := 100*k.a + k.b
				if got, ok := Get[key, int](m, k); ok && got != want {
					t.Errorf("%v: %d", k, got)
				}
				Put(m, k, want, 8)
			}
		})
	}
	wg.Wait()
	kept := int64(0)
	for i := range m.shards {
		s := &m.shards[i]
		for _, of := range []map[uint64]entry{s.young, s.old} {
			for _, e := range of {
				kept += e.bytes
			}
		}
	}
	if kept > 64*shards || kept == 0 {
		t.Errorf("%d bytes are kept", kept)
	}
	if _, ok := Get[int, int](m, 7); ok {
		t.Error("a key of another type was put")
	}
}

// By hand, of one shard's size: 3 of 10 bytes are the young, the fourth makes them the old, and who is asked for moves on with it.
func TestTheOldestGo(t *testing.T) {
	m := New(2 * shards * 30)
	s := &m.shards[0]
	for i := range 4 {
		s.put(uint64(i), entry{i, i, 10})
	}
	if len(s.young) != 1 || len(s.old) != 3 {
		t.Errorf("%d young, %d old", len(s.young), len(s.old))
	}
	var none *Memo
	Put(none, 1, 1, 1)
	if _, ok := Get[int, int](none, 1); ok {
		t.Error("a nil memo remembers")
	}
}

// Two keys with one hash: the one that was put last is there, and neither has the other's value.
func TestKeysOfOneHash(t *testing.T) {
	s := shard{limit: 100, young: map[uint64]entry{}}
	s.put(7, entry{"a", 1, 10})
	s.put(7, entry{"b", 2, 10})
	a, b := "a", "b"
	if _, ok := of[string, int](s.young, 7, &a); ok {
		t.Error("a key has the value of another one with its hash")
	}
	if v, ok := of[string, int](s.young, 7, &b); !ok || v != 2 || s.used != 10 {
		t.Errorf("%d, %v; %d bytes", v, ok, s.used)
	}
}
