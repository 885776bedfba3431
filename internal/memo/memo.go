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
	used       int64 // bytes of the young
	young, old map[any]entry
}

type entry struct {
	value any
	bytes int64
}

// New is a memo of about so many bytes at most, as its users say how much each value takes.
func New(bytes int64) *Memo {
	m := &Memo{seed: maphash.MakeSeed()}
	for i := range m.shards {
		m.shards[i] = shard{limit: bytes / (2 * shards), young: map[any]entry{}}
	}
	return m
}

// Get is the value of a key, if it is remembered. Users share it: it is not to be changed.
func Get[K comparable, V any](m *Memo, key K) (value V, ok bool) {
	if m == nil {
		return value, false
	}
	s := m.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.young[key]
	if !ok {
		if e, ok = s.old[key]; !ok {
			return value, false
		}
		s.put(key, e)
	}
	value, ok = e.value.(V)
	return value, ok
}

// Put remembers a value that takes about so many bytes, its key included.
func Put[K comparable, V any](m *Memo, key K, value V, bytes int64) {
	if m == nil {
		return
	}
	s := m.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.young[key]; !ok {
		s.put(key, entry{value, bytes})
	}
}

func (m *Memo) shard(key any) *shard { return &m.shards[maphash.Comparable(m.seed, key)%shards] }

func (s *shard) put(key any, e entry) {
	if s.used+e.bytes > s.limit && len(s.young) > 0 {
		s.young, s.old, s.used = map[any]entry{}, s.young, 0
	}
	s.young[key] = e
	s.used += e.bytes
}
