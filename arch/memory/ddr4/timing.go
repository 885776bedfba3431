package ddr4

// closed is the open row of a bank without one.
const closed = -1

// timing is the state of the device: for each bank, bank group and for the rank the first clock at which a command may come.
type timing struct {
	p          Params
	banks      []bankState
	groups     []groupState
	nextAct    int64 // tRRD_S
	nextCol    [2]int64
	nextRef    int64
	refreshDue int64
	faw        [4]int64 // clocks of the last four activates
	fawAt      int
}

type bankState struct {
	row     int64
	nextAct int64
	nextPre int64
	nextCol int64
	group   int
}

type groupState struct {
	nextAct int64    // tRRD_L
	nextCol [2]int64 // tCCD_L, tWTR_L; [0] read, [1] write
}

func newTiming(p Params) timing {
	t := timing{p: p, banks: make([]bankState, p.Banks()), groups: make([]groupState, p.BankGroups), refreshDue: never}
	for b := range t.banks {
		t.banks[b] = bankState{row: closed, group: b / p.BanksPerGroup}
	}
	for i := range t.faw {
		t.faw[i] = -p.TFAW
	}
	if p.TREFI > 0 {
		t.refreshDue = p.TREFI
	}
	return t
}

func direction(k CommandKind) int {
	if k == Write {
		return 1
	}
	return 0
}

func (t *timing) column(k CommandKind, bank int) int64 {
	b, d := &t.banks[bank], direction(k)
	return max(b.nextCol, t.groups[b.group].nextCol[d], t.nextCol[d])
}

func (t *timing) activate(bank int) int64 {
	b := &t.banks[bank]
	return max(b.nextAct, t.groups[b.group].nextAct, t.nextAct, t.faw[t.fawAt]+t.p.TFAW)
}

func (t *timing) onActivate(now int64, bank int, row int64) {
	b := &t.banks[bank]
	b.row = row
	b.nextCol = now + t.p.TRCD
	b.nextPre = max(b.nextPre, now+t.p.TRAS)
	b.nextAct = now + t.p.TRC
	t.groups[b.group].nextAct = now + t.p.TRRDL
	t.nextAct = now + t.p.TRRDS
	t.faw[t.fawAt] = now
	t.fawAt = (t.fawAt + 1) & 3
}

func (t *timing) onPrecharge(now int64, bank int) {
	b := &t.banks[bank]
	b.row = closed
	b.nextAct = max(b.nextAct, now+t.p.TRP)
	t.nextRef = max(t.nextRef, now+t.p.TRP)
}

func (t *timing) onColumn(k CommandKind, now int64, bank int) {
	b, p := &t.banks[bank], &t.p
	g := &t.groups[b.group]
	if k == Read {
		g.nextCol[0] = max(g.nextCol[0], now+p.TCCDL)
		t.nextCol[0] = max(t.nextCol[0], now+p.TCCDS)
		t.nextCol[1] = max(t.nextCol[1], now+p.TCL+p.BL+p.TRTW-p.TCWL)
		b.nextPre = max(b.nextPre, now+p.TRTP)
		return
	}
	end := now + p.TCWL + p.BL
	g.nextCol[1] = max(g.nextCol[1], now+p.TCCDL)
	t.nextCol[1] = max(t.nextCol[1], now+p.TCCDS)
	g.nextCol[0] = max(g.nextCol[0], end+p.TWTRL)
	t.nextCol[0] = max(t.nextCol[0], end+p.TWTRS)
	b.nextPre = max(b.nextPre, end+p.TWR)
}

// refreshStep is the next command of a refresh that is due: all banks are closed, then refreshed.
func (t *timing) refreshStep(now int64) choice {
	now = max(now, t.refreshDue)
	ready, open := now, false
	for b := range t.banks {
		if t.banks[b].row != closed {
			open = true
			ready = max(ready, t.banks[b].nextPre)
		}
	}
	if open {
		return choice{kind: PrechargeAll, clock: ready}
	}
	return choice{kind: Refresh, clock: max(now, t.nextRef)}
}

func (t *timing) onRefresh(now int64) {
	for b := range t.banks {
		t.banks[b].nextAct = max(t.banks[b].nextAct, now+t.p.TRFC)
	}
	t.nextRef = max(t.nextRef, now+t.p.TRFC)
	t.refreshDue += t.p.TREFI
}
