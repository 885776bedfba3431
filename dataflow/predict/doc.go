// Package predict says what a word group's words amount to before they run: bytes of each lane, cycles for which each unit is taken,
// instructions, and the least number of cycles that the group takes (bound.go). It needs words and the machine's closed forms, and knows
// neither what the words are for nor who chose them.
package predict
