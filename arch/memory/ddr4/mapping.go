package ddr4

import (
	"maps"
	"math/bits"
	"slices"
	"strings"
)

// Address mappings, most significant field first. The burst offset is always the least significant.
const (
	RoBaBgCo  = "robabgco"  // row | bank | bank group | column: a run stays in one bank for a whole row
	RoBaCoBg  = "robacobg"  // row | bank | column | bank group: a run goes round the bank groups
	RoCoBaBg  = "rocobabg"  // row | column | bank | bank group: a run goes round all banks
	RoBaCoBgX = "robacobgx" // robacobg with bank and bank group xor-ed with the row's lowest bits
)

type field int

const (
	fieldGroup field = iota
	fieldBank
	fieldColumn
	fields
)

// layout is the order of the fields from the burst offset up; the row is on top.
type layout struct {
	order [fields]field
	hash  bool
}

var mappings = map[string]layout{
	RoBaBgCo:  {order: [fields]field{fieldColumn, fieldGroup, fieldBank}},
	RoBaCoBg:  {order: [fields]field{fieldGroup, fieldColumn, fieldBank}},
	RoCoBaBg:  {order: [fields]field{fieldGroup, fieldBank, fieldColumn}},
	RoBaCoBgX: {order: [fields]field{fieldGroup, fieldColumn, fieldBank}, hash: true},
}

// Mappings lists the names that Params.Mapping accepts.
func Mappings() string { return strings.Join(slices.Sorted(maps.Keys(mappings)), ", ") }

// Place is where a burst lies in the channel.
type Place struct {
	Group, Bank int // Bank counts over all groups: group * banks per group + bank in the group
	Row, Column int64
}

// mapper turns addresses into places.
type mapper struct {
	offset       uint
	shift, width [fields]uint
	rowShift     uint
	rowMask      int64
	hash         bool
}

func newMapper(p Params) mapper {
	l := mappings[p.Mapping]
	m := mapper{offset: log2(p.BurstBytes), hash: l.hash, rowMask: p.Rows - 1}
	m.width[fieldGroup] = log2(int64(p.BankGroups))
	m.width[fieldBank] = log2(int64(p.BanksPerGroup))
	m.width[fieldColumn] = log2(p.RowBytes / p.BurstBytes)
	at := m.offset
	for _, f := range l.order {
		m.shift[f] = at
		at += m.width[f]
	}
	m.rowShift = at
	return m
}

// place wraps addresses beyond the channel's capacity.
func (m *mapper) place(addr int64) Place {
	field := func(f field) int64 { return addr >> m.shift[f] & (1<<m.width[f] - 1) }
	row := addr >> m.rowShift & m.rowMask
	group, bank := field(fieldGroup), field(fieldBank)
	if m.hash {
		group ^= row & (1<<m.width[fieldGroup] - 1)
		bank ^= row >> m.width[fieldGroup] & (1<<m.width[fieldBank] - 1)
	}
	return Place{Group: int(group), Bank: int(group<<m.width[fieldBank] | bank), Row: row, Column: field(fieldColumn)}
}

// log2 of a power of two.
func log2(v int64) uint { return uint(bits.TrailingZeros64(uint64(v))) }
