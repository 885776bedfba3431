package wave

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func diagram() *Diagram {
	return &Diagram{Title: "a < b", First: 7, Cycles: 5, Signals: []Signal{
		Bit("valid", []bool{false, true, true, false, true}),
		{Name: "data", Bus: true, Values: []string{"", "3c00", "3c00", "", "0001"}},
		{Name: "short", Bus: true, Values: []string{"a"}},
	}}
}

// As WaveDrom's tutorial has it: a dot keeps what stands, = takes the next of data, x is unknown.
func TestJSON(t *testing.T) {
	got, err := diagram().JSON()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "signal": [
    {
      "name": "clk",
      "wave": "p...."
    },
    {
      "name": "valid",
      "wave": "01.01"
    },
    {
      "name": "data",
      "wave": "x=.x=",
      "data": [
        "3c00",
        "0001"
      ]
    },
    {
      "name": "short",
      "wave": "=x...",
      "data": [
        "a"
      ]
    }
  ],
  "head": {
    "text": "a < b",
    "tick": 7
  }
}
`
	if string(got) != want {
		t.Errorf("%s", got)
	}
}

// The picture is XML; every value stands in it once for each stretch of cycles, every cycle has its number.
func TestSVG(t *testing.T) {
	d := diagram()
	svg := string(d.SVG())
	texts := map[string]int{}
	dec := xml.NewDecoder(strings.NewReader(svg))
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := tok.(xml.CharData); ok {
			texts[string(c)]++
		}
	}
	for _, want := range []string{"a < b", "clk", "valid", "data", "3c00", "0001", "7", "8", "9", "10", "11"} {
		if texts[want] != 1 {
			t.Errorf("%q stands there %d times", want, texts[want])
		}
	}
	// By hand: names of five letters put cycle 0 at 2*10 + 5*6 = 50, and a cycle is (4+1+1)*6 + 2*3 = 42 wide: valid rises at 92, falls at 176, rises at 218.
	if want := "M50 92H92L95 74H134H176L179 92H218L221 74H260"; !strings.Contains(svg, want) {
		t.Errorf("no %s in\n%s", want, svg)
	}
	if len((&Diagram{}).SVG()) == 0 {
		t.Error("nothing for no cycles")
	}
}
