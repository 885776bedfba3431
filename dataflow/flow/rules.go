package flow

import (
	"math/bits"
	"strings"
)

// Rule is a reason for which a reading moves other bytes than the writing, or one of the two is missing.
type Rule uint8

// The rules.
const (
	Begins  Rule = iota // samples, labels; masks of a step before this one's; of a step of some layers what the others make
	Ends                // of a step of some layers what the others read; norms of gradients; masks for steps that keep them
	OnChip              // dW that the update takes from the output buffer
	Vain                // a result that only the work in its output path takes, which is written all the same: no shipped network has one, but a product with a mask that learns nothing
	Omitted             // made by a pass that is left out by name
	Reached             // positions that some window reads
	Halo                // rows that two bands of an image read
	Sliced              // a part of an axis
	Parts               // made by several: phases of a strided BP, slices, zeros between them
	Rows                // a row of a table for each id
	Shared              // bytes beside a product's results, tile by tile
	Padded              // tiles or copies of whole bursts
	Longest             // one dense copy for several readers
	Rules   = iota
)

var rules = [Rules]struct{ name, reason string }{
	Begins:  {"begins", "the step finds it in memory"},
	Ends:    {"ends", "nobody in the step reads it"},
	OnChip:  {"on_chip", "its reader takes it from the output buffer, so that it is never written"},
	Vain:    {"vain", "it is written although its only readers take it from the output path"},
	Omitted: {"omitted", "the pass that makes it is left out by name"},
	Reached: {"reached", "windows that are apart, or end before the border does, leave positions out"},
	Halo:    {"halo", "bands of an image's rows overlap, and all between the first and the last are as long as the longest"},
	Sliced:  {"sliced", "a view of a part of it is read, in proportion"},
	Parts:   {"parts", "several make it, each a part, which together are the whole"},
	Rows:    {"rows", "a row is read for each id, some never and some often, in proportion"},
	Shared:  {"shared", "what is beside a product's results is cut as they are, into whole bytes a tile"},
	Padded:  {"padded", "tiles in the order of their use, and copies, are whole bursts"},
	Longest: {"longest", "one copy serves readers of other tiles, and is as long as the longest reading"},
}

// String is the rule's name.
func (r Rule) String() string { return rules[r].name }

// set is some rules.
type set uint32

func of(r ...Rule) (s set) {
	for _, r := range r {
		s |= 1 << r
	}
	return s
}

// why is the reasons in words, to follow what they are of.
func (s set) why() string {
	var out []string
	for ; s != 0; s &= s - 1 {
		r := rules[bits.TrailingZeros32(uint32(s))]
		out = append(out, r.name+": "+r.reason)
	}
	if out == nil {
		return ""
	}
	return " (" + strings.Join(out, "; ") + ")"
}

// Coverage says how a step's tensors were held against themselves.
type Coverage struct {
	Tensors int        // all that are written or read, every time that one is written anew
	Exact   int        // whose readers ask for what was written, byte for byte, without a rule
	By      [Rules]int // that need it, alone or beside others
}

func (c *Coverage) count(s set) {
	c.Tensors++
	if s == 0 {
		c.Exact++
	}
	for ; s != 0; s &= s - 1 {
		c.By[bits.TrailingZeros32(uint32(s))]++
	}
}
