// Package link joins the machine's components on Akita: two-port links with visible buffers, the Worker that all units are made
// of, and the Fault by which any of them stops the rest.
//
// Of Akita it uses the interfaces (Component, Connection, Port, Msg), the engine to schedule events on, names, and hooks: each port has Akita's
// positions of sending and receiving, a Worker that of starting an instruction (HookPosServe). A Clocked wakes by events of its own that are
// reused, not by Akita's ticking; a Link is its own connection, not Akita's.
//
// Time is the integer core cycle: every component runs at 1*sim.Hz, so the engine's time is the cycle.
//
// A Link carries messages one way, from one port to one port, and has a capacity (bytes of a buffer, or messages of an instruction
// queue). The sender reserves, later sends; the receiver acquires, later releases. A message sent in cycle t is seen in t+1, and space
// released in cycle t can be reserved in t+1. So what a component does in a cycle depends on earlier cycles only, and the
// order of events within a cycle cannot change a result.
//
// A Worker has lanes (instruction queues, in order) and one Server that says how long an instruction takes: the unit's closed form, or the
// memory's channels. An instruction starts when its inputs are there and its outputs are reserved; it ends by releasing and sending. A message wakes a Worker
// only if one of its lanes waits for it; a lane that begins to wait for one that is on its way wakes the Worker itself, so it is the same which came first.
//
// Counters are per (op, variant) and per cause of waiting, and are no part of the state by which periods are recognised.
package link
