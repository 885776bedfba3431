package stce

// FormulaNames says what the formulas of registers are written in.
const FormulaNames = "In formulas, of a tile: `rows` x `cols` outputs, `taps` x `channels` terms, `N` of `M`, `I` interleaved, `products`; `ws`, `t` (over T), `resume`, `spill` and `held` are 1 or 0. Of the array: `R` rows,\n" +
	"`C` columns, `w` operands on a link, `add` cycles; `full` is 1 for edge_folds: full. Of a fold: `fr` x `fc` outputs, and `k` groups, all in OS, of which the longest keeps `n` of `m`. By these: `r` = `channels % M`,\n" +
	"`pertap` = `ceil(channels, M)`, `groups` = `taps*pertap`, `short` = `either(r > 0, r, M)`, outputs of a full fold `rf` = `either(t, R*I, R)` and `cf` = `either(t, C, C*I)`, and `D`, `L`, `P` for STCE_DEPTH, STCE_LAST_DEPTH\n" +
	"and STCE_ROUND of the kind. `ceil(a, b)` is a quotient rounded up, `/` one rounded down, `either(c, a, b)` is a if c is not 0, else b. A `;` stands between the values of words that follow each other."

// Formulas are what registers of the array hold for a tile, by their names in rtl/stce_fields.vh, as expressions; those of what lies between two folds are named by where the contract has them.
func Formulas() map[string]string {
	const (
		single = "ws & (R == 1) & (r > 0) & (pertap > 1)" // K folds of one group, the last of a tap short
		inner  = "either(ws, groups, rows)"
		size   = "either(ws, R, rf)"
		beside = "either(ws, either(t, D, 1), either(t, fr / R, 0))" // what an operand register's count is a multiple of
		more   = "either(ws, either(t, L, 1), either(t, fr / R + 1, 1))"
		visits = "either(ws, either(t, ceil(fr, D), fr), groups)"
		order  = "CONTRACT.md, Folds of a tile"
		until  = "issued, and the cycles until then that go to "
	)
	return map[string]string{
		"STCE_MODE": "ws + 2*t + 4*resume + 8*spill + 16*held", "STCE_N_FULL": "N", "STCE_N_SHORT": "min(N, short)", "STCE_M_FULL": "M", "STCE_M_SHORT": "short",
		"STCE_PERTAP": "pertap", "STCE_PHASE_STEP": "R % pertap", "STCE_OUTER0": "cols / cf", "STCE_OUTER1": "cols % cf > 0",
		"STCE_REPEAT":    "either(" + single + ", taps, 1)",
		"STCE_INNER0":    "either(" + single + ", pertap - 1, " + inner + " / " + size + ")",
		"STCE_INNER1":    "either(" + single + ", 1, " + inner + " % " + size + " > 0)",
		"STCE_WEST_BASE": "where the tile lies", "STCE_NORTH_BASE": "where the tile lies", "STCE_OUT_BASE": "where the tile lies", "STCE_PRODUCTS": "products",

		"STCE_ROWS":       "either(full, R, either(ws, k, min(fr, R)))",
		"STCE_DEPTH":      "either(ws & t, min(I, fr), either(full, I, either(ws, ceil(fc, C), max(ceil(fr, R), ceil(fc, C)))))",
		"STCE_LAST_DEPTH": "either(ws & t, fr - (ceil(fr, D) - 1)*D, D)",
		"STCE_SKEW":       "either(ws, (n - 1)*P + add, 1)", "STCE_ROUND": "max(D, add)", "STCE_N": "n",
		"STCE_WORDS0": "ceil(either(t, D, 1) * either(ws, m, M), w)",
		"STCE_WORDS1": "ceil(either(t, either(ws, L, D), 1) * either(ws, m, short), w)",
		"STCE_OPS":    beside + " * M; " + more + " * M; " + beside + " * short; " + more + " * short",
		"STCE_COLS":   "fc / C", "STCE_EXTRA_COLS": "fc % C", "STCE_USED": "min(fc, C)",
		"STCE_EXTRA_ROWS": "either(ws, k, either(t, fr % R, fr))",
		"STCE_OUTS0":      "either(ws, D, either(t, fr / R, 0))", "STCE_OUTS1": "either(ws, D, either(t, fr / R + 1, D))",
		"STCE_DRAIN": "(either(full, R, either(ws, k, min(fr, R))) - 1) * D", "STCE_LOADS": "either(ws, 1, max(resume, held))", "STCE_PHASE": "(k - 1) % pertap",
		"STCE_VISITS": visits + " % 65536; " + visits + " / 65536",
		"STCE_ISSUED": "CONTRACT.md, Order of slots and West link",

		"STCE_FILL": order, "STCE_LOAD": order, "STCE_GAP": order,
		"STCE_EMPTY": until + "empty", "STCE_DRAINED": until + "empty and drain", "STCE_ORDER": until + "empty, drain and order",
		"STCE_LINK": until + "empty, drain, order and link", "STCE_SUM": until + "empty, drain, order, link and sum",
	}
}
