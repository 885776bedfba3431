package cli

import "io"

// checked is standard output. It remembers its first error, so that no command and no library can lose it, and writes nothing after it.
type checked struct {
	w   io.Writer
	err error
}

// Write implements io.Writer.
func (c *checked) Write(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.w.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	c.err = err
	return n, err
}

// heedless hides errors from cobra, which prints them a second time.
type heedless struct{ *checked }

// Write implements io.Writer.
func (h heedless) Write(p []byte) (int, error) {
	_, _ = h.checked.Write(p) // which remembers it
	return len(p), nil
}
