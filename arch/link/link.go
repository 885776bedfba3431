package link

import "github.com/sarchlab/akita/v3/sim"

// Message is a tile in a buffer or an instruction in a queue. Links own their messages and reuse them.
type Message struct {
	Size    int64 // of the link's capacity
	Sent    int64 // cycle; it is visible in the next
	Op      int32 // instructions: index of the op among the group's
	Variant int32
	Class   uint32
}

// Numbers is how many ops a group has at most, and an op variants: a message's state names both in a word.
const Numbers = 1 << 16

// word is what a message says, its size aside, which is its op's.
func (m *Message) word() uint64 {
	return uint64(m.Op)<<48 | uint64(m.Variant)<<32 | uint64(m.Class)
}

// Packet is a message as Akita sees it.
type Packet struct {
	sim.MsgMeta
	Message
}

// Meta implements sim.Msg.
func (p *Packet) Meta() *sim.MsgMeta { return &p.MsgMeta }

func (l *Link) packet(m *Message) *Packet {
	return &Packet{sim.MsgMeta{Src: l.Src, Dst: l.Dst, SendTime: sim.VTimeInSec(m.Sent), RecvTime: sim.VTimeInSec(m.Sent + 1)}, *m}
}

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
	m := l.message(l.n)
	*m = Message{Size: size, Sent: now, Op: op, Variant: variant, Class: class}
	l.n++
	l.Src.hook(sim.HookPosPortMsgSend, m)
	l.Dst.hook(sim.HookPosPortMsgRecvd, m)
	l.Dst.comp.NotifyRecv(sim.VTimeInSec(now+1), l.Dst)
}

// message is the place of the one that is so many behind the oldest.
func (l *Link) message(i int) *Message {
	if i += l.head; i >= len(l.ring) {
		i -= len(l.ring)
	}
	return &l.ring[i]
}

func (l *Link) grow() {
	r := make([]Message, 2*len(l.ring)+1)
	for i := range l.n {
		r[i] = *l.message(i)
	}
	l.ring, l.head = r, 0
}

// Next is the oldest message that is visible and not acquired, or nil.
func (l *Link) Next(now int64) *Message {
	if l.acquired == l.n {
		return nil
	}
	m := l.message(l.acquired)
	if m.Sent >= now {
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
	if l.head++; l.head == len(l.ring) {
		l.head = 0
	}
	l.n--
	l.acquired--
	if l.wantsRoom {
		l.wantsRoom = false
		l.Src.comp.NotifyPortFree(sim.VTimeInSec(now+1), l.Src)
	}
}

// Empty reports whether the link holds nothing and nothing is reserved.
func (l *Link) Empty() bool { return l.n == 0 && l.used == l.freed }

// AppendState appends what decides the link's future, relative to now: messages in order, whose sizes are their ops', what is acquired and visible, what is free and
// since when. The first word says what follows, so a link that holds nothing is one.
func (l *Link) AppendState(b []uint64, now int64) []uint64 {
	freed := int64(0)
	used := l.used
	if l.freed > 0 {
		if l.freedAt < now {
			used -= l.freed
		} else {
			freed = l.freed
		}
	}
	if l.n == 0 && used == 0 {
		return append(b, flag(l.wantsRoom)<<63)
	}
	visible := l.n
	for visible > 0 && l.message(visible-1).Sent >= now {
		visible--
	}
	b = append(b, flag(l.wantsRoom)<<63|flag(freed > 0)<<61|1<<60|uint64(l.n)<<40|uint64(l.acquired)<<20|uint64(visible), uint64(used))
	if freed > 0 {
		b = append(b, uint64(freed))
	}
	for i, at := 0, l.head; i < l.n; i++ {
		b = append(b, l.ring[at].word())
		if at++; at == len(l.ring) {
			at = 0
		}
	}
	return b
}

// The rest makes a Link a sim.Connection and a Port a sim.Port, so that Akita's hooks and tools see them. Components of ours use
// the methods above, which say more.

// CanSend implements sim.Connection for messages of size one.
func (l *Link) CanSend(sim.Port) bool { return l.used+1 <= l.Capacity }

// Send implements sim.Connection.
func (l *Link) Send(msg sim.Msg) *sim.SendError {
	m, ok := msg.(*Packet)
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
		p.InvokeHook(sim.HookCtx{Domain: p, Pos: pos, Item: p.link.packet(m)})
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
	taken := p.link.packet(m)
	p.link.Acquire()
	p.link.Release(int64(now))
	return taken
}

// Peek implements sim.Port.
func (p *Port) Peek() sim.Msg {
	if p.link.acquired == p.link.n {
		return nil
	}
	return p.link.packet(p.link.message(p.link.acquired))
}
