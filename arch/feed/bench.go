package feed

// What the benches of units have in their buffers, in words: Skip between jobs, and Apart from where a drain writes to where the next one does.
const (
	Skip  = 3
	Apart = 512
)
