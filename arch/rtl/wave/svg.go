package wave

import (
	"bytes"
	"fmt"
	"html"
)

// Sizes in pixels.
const (
	glyph  = 6.0 // width of a letter of the font
	high   = 18  // of a lane's levels
	pitch  = 30  // from lane to lane
	top    = 44  // title and cycle numbers
	slope  = 3   // of an edge
	least  = 36  // width of a cycle
	margin = 10
)

// canvas is where a diagram is drawn.
type canvas struct {
	bytes.Buffer
	left, width int // of the first cycle, of every cycle
}

func (c *canvas) x(cycle int) int { return c.left + cycle*c.width }

func (c *canvas) path(class, format string, args ...any) {
	fmt.Fprintf(c, "<path class=%q d=\"%s\"/>\n", class, fmt.Sprintf(format, args...))
}

func (c *canvas) text(class string, x, y int, s string) {
	fmt.Fprintf(c, "<text class=%q x=\"%d\" y=\"%d\">%s</text>\n", class, x, y, html.EscapeString(s))
}

// SVG is the diagram as a picture that stands by itself.
func (d *Diagram) SVG() []byte {
	var c canvas
	names, values := len("clk"), 0
	for i := range d.Signals {
		s := &d.Signals[i]
		names = max(names, len([]rune(s.Name)))
		if !s.Bus {
			continue
		}
		for n := range d.Cycles {
			run := 1 // cycles over which the value stands
			for n+run < d.Cycles && s.at(n+run) == s.at(n) {
				run++
			}
			if n == 0 || s.at(n-1) != s.at(n) {
				values = max(values, (len([]rune(s.at(n)))+1+run)/run)
			}
		}
	}
	c.left = 2*margin + int(glyph*float64(names))
	c.width = max(least, int(glyph*float64(values))+2*slope)
	w, h := c.x(d.Cycles)+margin, top+pitch*(len(d.Signals)+1)+margin
	fmt.Fprintf(&c, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="monospace" font-size="10">
<style>.w{fill:none;stroke:#000}.b{fill:#eef2f8;stroke:#000}.n{fill:#ddd;stroke:none}.g{fill:none;stroke:#ccc;stroke-dasharray:2 3}.c{text-anchor:middle}.r{text-anchor:end}.t{font-weight:bold}</style>
<rect width="100%%" height="100%%" fill="#fff"/>
`, w, h, w, h)
	c.text("t", margin, 16, d.Title)
	bottom := top + pitch*(len(d.Signals)+1) - (pitch - high)
	for n := range d.Cycles + 1 {
		c.path("g", "M%d %dV%d", c.x(n), top-8, bottom)
		if n < d.Cycles {
			c.text("c", c.x(n)+c.width/2, top-12, fmt.Sprint(d.First+n))
		}
	}
	c.clock(d.Cycles)
	for i := range d.Signals {
		s, y := &d.Signals[i], top+pitch*(i+1)
		c.text("r", c.left-margin, y+high/2+4, s.Name)
		if s.Bus {
			c.bus(s, d.Cycles, y)
		} else {
			c.bit(s, d.Cycles, y)
		}
	}
	c.WriteString("</svg>\n")
	return c.Bytes()
}

func (c *canvas) clock(cycles int) {
	c.text("r", c.left-margin, top+high/2+4, "clk")
	var p bytes.Buffer
	fmt.Fprintf(&p, "M%d %d", c.x(0), top+high)
	for n := range cycles {
		fmt.Fprintf(&p, "V%dH%dV%dH%d", top, c.x(n)+c.width/2, top+high, c.x(n+1))
	}
	c.path("w", "%s", p.String())
}

func (c *canvas) bit(s *Signal, cycles, y int) {
	level := func(n int) int {
		if s.at(n) == "1" {
			return y
		}
		return y + high
	}
	var p bytes.Buffer
	fmt.Fprintf(&p, "M%d %d", c.x(0), level(0))
	for n := range cycles {
		if n > 0 && level(n) != level(n-1) {
			fmt.Fprintf(&p, "L%d %d", c.x(n)+slope, level(n))
		}
		fmt.Fprintf(&p, "H%d", c.x(n+1))
	}
	c.path("w", "%s", p.String())
}

// bus draws a box for each value, over all cycles that it stands for.
func (c *canvas) bus(s *Signal, cycles, y int) {
	for n := 0; n < cycles; {
		end := n + 1
		for end < cycles && s.at(end) == s.at(n) {
			end++
		}
		class := "b"
		if s.at(n) == "" {
			class = "n"
		}
		a, b, mid := c.x(n), c.x(end), y+high/2
		c.path(class, "M%d %dL%d %dH%dL%d %dL%d %dH%dZ", a, mid, a+slope, y, b-slope, b, mid, b-slope, y+high, a+slope)
		if s.at(n) != "" {
			c.text("c", (a+b)/2, mid+4, s.at(n))
		}
		n = end
	}
}
