package ddr4

// CopyTo makes to, a channel of the same parameters, equal to c: what looking ahead without committing needs. It allocates nothing.
func (c *Controller) CopyTo(to *Controller) {
	read, write, banks, groups := to.read, to.write, to.timing.banks, to.timing.groups
	*to = *c
	to.read, to.write = c.read.copyTo(read), c.write.copyTo(write)
	to.timing.banks = banks[:copy(banks, c.timing.banks)]
	to.timing.groups = groups[:copy(groups, c.timing.groups)]
}

// copyTo copies into the memory of to.
func (q *queue) copyTo(to queue) queue {
	r := *q
	r.entries = to.entries[:copy(to.entries, q.entries)]
	r.free = append(to.free[:0], q.free...)
	r.head = to.head[:copy(to.head, q.head)]
	r.tail = to.tail[:copy(to.tail, q.tail)]
	r.hit = to.hit[:copy(to.hit, q.hit)]
	return r
}
