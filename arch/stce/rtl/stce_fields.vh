// Registers of the systolic tensor engine: what a tile, its kinds of folds and what lies between two folds are described by.

`ifndef STCE_FIELDS
`define STCE_FIELDS

// Bits that count from 0 to n - 1.
`define STCE_BITS(n) ((n) > 1 ? $clog2(n) : 1)

// Bits that hold what a kind of fold or a tile says.
`define STCE_ROUND_MOST(i, add) ((i) > (add) ? (i) : (add))
`define STCE_SKEW_BITS(n, i, add) `STCE_BITS(((n) - 1) * `STCE_ROUND_MOST(i, add) + (add) + 1)
`define STCE_WORD_BITS(m, i, w) `STCE_BITS(((m) * (i) + (w) - 1) / (w) + 1)

// Of a tile, 32 bits each, at address 0 on.
`define STCE_MODE 0  // bit 0: WS, 1: over T, 2: sums start from the output buffer, 3: results stay FP32, 4: HELD: outputs hold their places
`define STCE_N_FULL 1  // kept weights of a group
`define STCE_N_SHORT 2  // kept weights of the last group of a tap
`define STCE_M_FULL 3  // operands of a group
`define STCE_M_SHORT 4  // of the last group of a tap
`define STCE_PERTAP 5  // groups of a tap
`define STCE_PHASE_STEP 6  // WS: groups of a K fold, modulo those of a tap
`define STCE_OUTER0 7  // column folds of class 0, which come first
`define STCE_OUTER1 8  // column folds of class 1, which come last
`define STCE_REPEAT 9  // times that the inner folds run
`define STCE_INNER0 10  // row folds or K folds of class 0, which come first
`define STCE_INNER1 11  // row folds or K folds of class 1, which come last
`define STCE_WEST_BASE 12  // where the tile lies in each row's west buffer
`define STCE_NORTH_BASE 13  // in each column's north buffer
`define STCE_OUT_BASE 14  // in each column's output buffer
`define STCE_PRODUCTS 15  // products of the tile, all described alike

// Of a kind of fold, {column class, row or K class}, 16 bits each, at address 32 + 32 * kind on.
`define STCE_ROWS 0  // rows that the fold passes
`define STCE_DEPTH 1  // outputs of an element
`define STCE_LAST_DEPTH 2  // WS over T: of the last batch
`define STCE_SKEW 3  // cycles from row to row
`define STCE_ROUND 4  // cycles of a round
`define STCE_N 5  // WS: rounds of a batch
`define STCE_WORDS0 6  // cycles of the west link for a group (OS), a batch (WS)
`define STCE_WORDS1 7  // for the last group of a tap (OS), the last batch (WS)
`define STCE_OPS 8  // operands of a row's group or batch: + 2 in the last group of a tap, + 1 with an extra output (OS), in the last batch (WS)
`define STCE_COLS 12  // all columns have so many outputs
`define STCE_EXTRA_COLS 13  // so many columns have one more
`define STCE_USED 14  // columns with any
`define STCE_EXTRA_ROWS 15  // OS: rows with outputs (over F), with one more output (over T); WS: rows with a group
`define STCE_OUTS0 16  // outputs of a row's elements
`define STCE_OUTS1 17  // of a row with an extra output
`define STCE_DRAIN 18  // OS: cycles that row 0's results wait before they move south
`define STCE_LOADS 19  // weights or start values enter before the fold
`define STCE_PHASE 20  // WS: group in its tap of the last row with one, if row 0 has the first
`define STCE_VISITS 21  // groups (OS) or batches (WS), 32 bits
`define STCE_ISSUED 23  // cycles from the first slot to after the last, 32 bits

// Between two folds, 32 bits each, at address 256 + 8 * pair on: inside a column fold {0, column class, class, next class}, from a column
// fold to the next {1, 0, column class, next column class}, before the first fold 12, after the last 13, from a product to the next 14. In cycles from the first slot.
`define STCE_FILL 0  // the next fold's operands begin to enter
`define STCE_LOAD 1  // its weights or start values begin to enter
`define STCE_GAP 2  // its first slot; after the last fold, the end
`define STCE_EMPTY 3  // until when a cycle is counted as empty
`define STCE_DRAINED 4  // as drain, from there on
`define STCE_ORDER 5  // as order
`define STCE_LINK 6  // as link
`define STCE_SUM 7  // as sum; what is left is preload

// How many words of each there are, and which pairs come before the first fold, after the last, and from a product to the next.
`define STCE_TILE_WORDS 16
`define STCE_KIND_WORDS 25
`define STCE_PAIR_WORDS 8
`define STCE_PAIR_START 12
`define STCE_PAIR_END 13
`define STCE_PAIR_PRODUCT 14

`endif
