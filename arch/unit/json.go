package unit

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// AppendJSON appends counts as an object of the counters' names, in their order.
func AppendJSON(b []byte, counters []Counter, c *Counts) []byte {
	b = append(b, '{')
	for i := range counters {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, counters[i].Name)
		b = append(b, ':')
		b = strconv.AppendInt(b, c[i], 10)
	}
	return append(b, '}')
}

// ParseJSON reads what AppendJSON wrote; a name that is not there counts nothing.
func ParseJSON(b []byte, counters []Counter, c *Counts) error {
	var named map[string]int64
	if err := json.Unmarshal(b, &named); err != nil {
		return fmt.Errorf("reading counts: %w", err)
	}
	for i := range counters {
		c[i] = named[counters[i].Name]
	}
	return nil
}
