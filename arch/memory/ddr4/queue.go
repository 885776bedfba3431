package ddr4

// none marks an empty list.
const none = -1

// entry is a queued request.
type entry struct {
	place      Place
	arrival    int64 // clock
	order      int64 // of arrival
	tag        uint32
	next, prev int16 // in the bank's list, by arrival
	newer      int16 // in the list of all, by arrival
	older      int16
	opened     bool // a row was opened for it
	closed     bool // and another closed before
}

// queue holds the requests of one direction: a list of each bank's requests by arrival, and one of all.
type queue struct {
	entries []entry
	free    []int16 // unused slots
	busy    uint64  // banks with requests
	head    []int16 // of each bank: the oldest
	tail    []int16
	hit     []int16 // of each bank: the oldest to the open row
	oldest  int16
	newest  int16
}

func newQueue(size, banks int) queue {
	q := queue{entries: make([]entry, size), free: make([]int16, size), head: make([]int16, banks), tail: make([]int16, banks),
		hit: make([]int16, banks), oldest: none, newest: none}
	for i := range q.free {
		q.free[i] = int16(size - 1 - i)
	}
	for b := range q.head {
		q.head[b], q.tail[b], q.hit[b] = none, none, none
	}
	return q
}

func (q *queue) len() int   { return len(q.entries) - len(q.free) }
func (q *queue) full() bool { return len(q.free) == 0 }

// push adds a request; openRow is the row that its bank has open.
func (q *queue) push(e entry, openRow int64) {
	slot := q.free[len(q.free)-1]
	q.free = q.free[:len(q.free)-1]
	b := e.place.Bank
	e.next, e.prev, e.newer, e.older = none, q.tail[b], none, q.newest
	q.entries[slot] = e
	if e.prev == none {
		q.head[b] = slot
		q.busy |= 1 << b
	} else {
		q.entries[e.prev].next = slot
	}
	q.tail[b] = slot
	if e.older == none {
		q.oldest = slot
	} else {
		q.entries[e.older].newer = slot
	}
	q.newest = slot
	if q.hit[b] == none && openRow == e.place.Row {
		q.hit[b] = slot
	}
}

// remove takes a request out and moves its bank's hit on.
func (q *queue) remove(slot int16) {
	e := &q.entries[slot]
	b := e.place.Bank
	if q.hit[b] == slot {
		q.hit[b] = q.match(e.next, e.place.Row)
	}
	if e.prev == none {
		q.head[b] = e.next
	} else {
		q.entries[e.prev].next = e.next
	}
	if e.next == none {
		q.tail[b] = e.prev
	} else {
		q.entries[e.next].prev = e.prev
	}
	if q.head[b] == none {
		q.busy &^= 1 << b
	}
	if e.older == none {
		q.oldest = e.newer
	} else {
		q.entries[e.older].newer = e.newer
	}
	if e.newer == none {
		q.newest = e.older
	} else {
		q.entries[e.newer].older = e.older
	}
	q.free = append(q.free, slot)
}

// match is the first request to a row at or behind a slot of a bank's list.
func (q *queue) match(slot int16, row int64) int16 {
	for slot != none && q.entries[slot].place.Row != row {
		slot = q.entries[slot].next
	}
	return slot
}
