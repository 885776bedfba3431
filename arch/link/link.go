package link

import (
	"encoding/binary"

	"github.com/sarchlab/akita/v3/sim"
)

// Message is a tile in a buffer or an instruction in a queue. Links own their messages and reuse them.
type Message struct {
	sim.MsgMeta
	Size    int64 // of the link's capacity
	Op      int32 // instructions: index of the op among the group's
	Variant int32
	Class   uint32
}

// Meta implements sim.Msg.
func (m *Message) Meta() *sim.MsgMeta { return &m.MsgMeta }

// Link is a one-way connection of two ports with a capacity. It is its own sim.Connection, so that nothing about it is hidden from its
// owner: no round-robin pointer, no buffer at the source.
type Link struct {
	sim.HookableBase
	Src, Dst *Port
	Capacity int64

	used      int64 // reserved or held, as the sender sees it
	freed     int64 // released, not yet seen by the sender
	freedAt   int64
	wantsRoom bool // the sender waits

	ring     []Message
	head, n  int // acquired and visible messages
	acquired int
}

// Port is an end of a Link.
type Port struct {
	sim.HookableBase
	name string
	comp sim.Component
	link *Link
}

// New joins two components. Depth bounds the messages in the link at a time.
func New(name string, src, dst sim.Component, capacity int64, depth int) *Link {
	l := &Link{Capacity: capacity, ring: make([]Message, depth)}
	l.Src = &Port{name: name + ".Src", comp: src, link: l}
	l.Dst = &Port{name: name + ".Dst", comp: dst, link: l}
	for i := range l.ring {
		l.ring[i].Src, l.ring[i].Dst = l.Src, l.Dst
	}
	return l
}

// Reset empties the link and gives it another capacity: what it has room for is used again.
func (l *Link) Reset(capacity int64) {
	l.Capacity, l.used, l.freed, l.freedAt, l.wantsRoom = capacity, 0, 0, 0, false
	l.head, l.n, l.acquired = 0, 0, 0
}

// Used is what is reserved or held.
func (l *Link) Used() int64 { return l.used - l.freed }

// Room reports whether size fits now, after what is reserved; if not, the sender is woken when space is released.
func (l *Link) Room(now, size int64) bool {
	if l.freed > 0 && l.freedAt < now {
		l.used -= l.freed
		l.freed = 0
	}
	if l.used+size <= l.Capacity {
		return true
	}
	if l.freed > 0 { // released this very cycle: what matters is that it can be used in the next, not which came first
		l.Src.comp.NotifyPortFree(sim.VTimeInSec(now+1), l.Src)
	} else {
		l.wantsRoom = true
	}
	return false
}

// Reserve takes space that Room said is there.
func (l *Link) Reserve(size int64) { l.used += size }

// Post sends a message into reserved space. It is visible in the next cycle.
func (l *Link) Post(now, size int64, op, variant int32, class uint32) {
	if l.n == len(l.ring) {
		l.grow()
	}
	m := &l.ring[(l.head+l.n)%len(l.ring)]
	m.Size, m.Op, m.Variant, m.Class = size, op, variant, class
	m.SendTime, m.RecvTime = sim.VTimeInSec(now), sim.VTimeInSec(now+1)
	l.n++
	l.Src.hook(sim.HookPosPortMsgSend, m)
	l.Dst.hook(sim.HookPosPortMsgRecvd, m)
	l.Dst.comp.NotifyRecv(m.RecvTime, l.Dst)
}

func (l *Link) grow() {
	r := make([]Message, 2*len(l.ring)+1)
	for i := range l.n {
		r[i] = l.ring[(l.head+i)%len(l.ring)]
	}
	for i := l.n; i < len(r); i++ {
		r[i].Src, r[i].Dst = l.Src, l.Dst
	}
	l.ring, l.head = r, 0
}

// Next is the oldest message that is visible and not acquired, or nil.
func (l *Link) Next(now int64) *Message {
	if l.acquired == l.n {
		return nil
	}
	m := &l.ring[(l.head+l.acquired)%len(l.ring)]
	if int64(m.RecvTime) > now {
		return nil
	}
	return m
}

// Awaited reports whether no message is there or on its way that was not taken.
func (l *Link) Awaited() bool { return l.acquired == l.n }

// First reports whether exactly one is.
func (l *Link) First() bool { return l.acquired == l.n-1 }

// Acquire takes the message that Next returned; its space stays taken until Release.
func (l *Link) Acquire() { l.acquired++ }

// Release frees the space of the oldest acquired message.
func (l *Link) Release(now int64) {
	m := &l.ring[l.head]
	l.Dst.hook(sim.HookPosPortMsgRetrieve, m)
	if l.freed > 0 && l.freedAt < now {
		l.used -= l.freed
		l.freed = 0
	}
	l.freed += m.Size
	l.freedAt = now
	l.head = (l.head + 1) % len(l.ring)
	l.n--
	l.acquired--
	if l.wantsRoom {
		l.wantsRoom = false
		l.Src.comp.NotifyPortFree(sim.VTimeInSec(now+1), l.Src)
	}
}

// Empty reports whether the link holds nothing and nothing is reserved.
func (l *Link) Empty() bool { return l.n == 0 && l.used == l.freed }

// AppendState appends what decides the link's future, relative to now: messages in order, whose sizes are their ops', what is acquired, what is free and
// since when.
func (l *Link) AppendState(b []byte, now int64) []byte {
	freed := int64(0)
	used := l.used
	if l.freed > 0 {
		if l.freedAt < now {
			used -= l.freed
		} else {
			freed = l.freed
		}
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(used))
	b = binary.LittleEndian.AppendUint64(b, uint64(freed))
	b = append(b, byte(l.acquired), byte(l.n), flag(l.wantsRoom))
	for i, at := 0, l.head; i < l.n; i++ {
		m := &l.ring[at]
		if at++; at == len(l.ring) {
			at = 0
		}
		b = binary.LittleEndian.AppendUint64(b, uint64(uint32(m.Op))<<32|uint64(uint32(m.Variant)))
		b = binary.LittleEndian.AppendUint64(b, uint64(m.Class)<<1|uint64(flag(int64(m.RecvTime) > now)))
	}
	return b
}

// The rest makes a Link a sim.Connection and a Port a sim.Port, so that Akita's hooks and tools see them. Components of ours use
// the methods above, which say more.

// CanSend implements sim.Connection for messages of size one.
func (l *Link) CanSend(sim.Port) bool { return l.used+1 <= l.Capacity }

// Send implements sim.Connection.
func (l *Link) Send(msg sim.Msg) *sim.SendError {
	m, ok := msg.(*Message)
	if !ok || l.used+m.Size > l.Capacity {
		return sim.NewSendError()
	}
	l.Reserve(m.Size)
	l.Post(int64(m.SendTime), m.Size, m.Op, m.Variant, m.Class)
	return nil
}

// PlugIn implements sim.Connection; a Link has its two ports from the start.
func (l *Link) PlugIn(sim.Port, int) {}

// Unplug implements sim.Connection.
func (l *Link) Unplug(sim.Port) {}

// NotifyAvailable implements sim.Connection.
func (l *Link) NotifyAvailable(sim.VTimeInSec, sim.Port) {}

func (p *Port) hook(pos *sim.HookPos, m *Message) {
	if p.NumHooks() > 0 {
		p.InvokeHook(sim.HookCtx{Domain: p, Pos: pos, Item: m})
	}
}

// Name implements sim.Named.
func (p *Port) Name() string { return p.name }

// SetConnection implements sim.Port.
func (p *Port) SetConnection(c sim.Connection) { p.link = c.(*Link) }

// Component implements sim.Port.
func (p *Port) Component() sim.Component { return p.comp }

// Recv implements sim.Port; a Link delivers by itself.
func (p *Port) Recv(sim.Msg) *sim.SendError { return sim.NewSendError() }

// NotifyAvailable implements sim.Port.
func (p *Port) NotifyAvailable(now sim.VTimeInSec) { p.comp.NotifyPortFree(now, p) }

// CanSend implements sim.Port.
func (p *Port) CanSend() bool { return p.link.CanSend(p) }

// Send implements sim.Port.
func (p *Port) Send(m sim.Msg) *sim.SendError { return p.link.Send(m) }

// Retrieve implements sim.Port: it acquires and releases.
func (p *Port) Retrieve(now sim.VTimeInSec) sim.Msg {
	m := p.link.Next(int64(now))
	if m == nil {
		return nil
	}
	p.link.Acquire()
	p.link.Release(int64(now))
	return m
}

// Peek implements sim.Port.
func (p *Port) Peek() sim.Msg {
	if p.link.acquired == p.link.n {
		return nil
	}
	return &p.link.ring[(p.link.head+p.link.acquired)%len(p.link.ring)]
}
