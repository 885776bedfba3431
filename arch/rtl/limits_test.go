package rtl

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// What the Verilog is not stands in docs/rtl.md, in the same words, and in the README of a bundle.
func TestTheDocumentHasTheLimits(t *testing.T) {
	document, err := os.ReadFile("../../docs/rtl.md")
	if err != nil {
		t.Fatal(err)
	}
	b, err := New(design(), options())
	if err != nil {
		t.Fatal(err)
	}
	plain := func(text string) string {
		return strings.Join(strings.Fields(regexp.MustCompile(`<!--.*?-->`).ReplaceAllString(text, "")), " ")
	}
	for name, text := range map[string]string{"docs/rtl.md": string(document), "README.md": string(b.Files["README.md"])} {
		for _, limit := range limits() {
			if !strings.Contains(plain(text), "- "+limit) {
				t.Errorf("%s lacks %q", name, limit)
			}
		}
	}
}

// docs/rtl.md says how many faults are planted: whoever plants another says so there, and what has run of the list.
func TestTheDocumentCountsFaults(t *testing.T) {
	document, err := os.ReadFile("../../docs/rtl.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("The list has %d faults", len(faults())); !strings.Contains(string(document), want) {
		t.Errorf("docs/rtl.md lacks %q", want)
	}
}
