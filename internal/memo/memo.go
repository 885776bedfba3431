package memo

import (
	"hash/maphash"
	"sync"
)

// shards is so many that a few goroutines seldom wait for each other.
const shards = 16

// Memo is safe for several goroutines. A nil one remembers nothing.
type Memo struct {
	seed   maphash.Seed
	shards [shards]shard
}

// shard has two generations: what was put or asked for lately, and what was before that, which goes when the first is full.
type shard struct {
	mu         sync.Mutex
	limit      int64
	used       int64            // bytes of the young
	young, old map[uint64]entry // by the hashes of their keys; of two keys with one hash the one that was put last is there
}

type entry struct {
	key, value any
	bytes      int64
}

// New is a memo of about so many bytes at most, as its users say how much each value takes.
func New(bytes int64) *Memo {
	m := &Memo{seed: maphash.MakeSeed()}
	for i := range m.shards {
		m.shards[i] = shard{limit: bytes / (2 * shards), young: map[uint64]entry{}}
	}
	return m
}

// Get is the value of a key, if it is remembered. Users share it: it is not to be changed.
func Get[K comparable, V any](m *Memo, key K) (value V, ok bool) {
	if m == nil {
		return value, false
	}
	hash := maphash.Comparable(m.seed, key)
	s := &m.shards[hash%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if value, ok = of[K, V](s.young, hash, &key); ok {
		return value, true
	}
	if value, ok = of[K, V](s.old, hash, &key); ok {
		s.put(hash, s.old[hash])
	}
	return value, ok
}

// of a key, what a generation has.
func of[K comparable, V any](in map[uint64]entry, hash uint64, key *K) (value V, ok bool) {
	e := in[hash]
	if k, same := e.key.(K); !same || k != *key {
		return value, false
	}
	value, ok = e.value.(V)
	return value, ok
}

// Put remembers a value that takes about so many bytes, its key included, in place of what the key had.
func Put[K comparable, V any](m *Memo, key K, value V, bytes int64) {
	if m == nil {
		return
	}
	hash := maphash.Comparable(m.seed, key)
	s := &m.shards[hash%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(hash, entry{key, value, bytes})
}

func (s *shard) put(hash uint64, e entry) {
	s.used -= s.young[hash].bytes
	if s.used+e.bytes > s.limit && len(s.young) > 0 {
		s.young, s.old, s.used = map[uint64]entry{}, s.young, 0
	}
	s.young[hash] = e
	s.used += e.bytes
}
