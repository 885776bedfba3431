package memory

import "math/bits"

const (
	maxHz   = 10_000_000_000
	knots   = 11 // run lengths of a table: 1, 2, 4, ..., 1024 bursts
	pitches = 6  // rows of a table, see Table.Read
)

// TimingTable is what the fast model knows about one channel of a technology. Times are thousandths of a DRAM clock (mclk), so
// that fitted figures stay integers; all are without refresh, which stretches them.
type TimingTable struct {
	ClockHz     int64 // DRAM command clock
	BurstBytes  int64 // the least that moves
	BurstClocks int64 // clocks of the data bus that a burst takes
	GroupBytes  int64 // consecutive bytes that lie in different bank groups: burst x groups
	RowSpan     int64 // consecutive bytes that lie in one row of each bank group

	Latency     [2]int64 // mclk from a read's arrival to its first burst, idle, row [open, closed]
	QueueBytes  int64    // that the controller takes before the DRAM has
	RefreshBusy int64    // mclk lost to a refresh ...
	RefreshEach int64    // ... of which there is one in so many mclk

	// Read and Write hold the mclk that a run of 1<<i bursts occupies the channel, by the distance from run to run:
	// [0] irregular; [1] up to a quarter of RowSpan; [2] half of it; [3], [4], [5] once, twice and four times RowSpan (and
	// everything that returns to the same bank each time). Between two lengths the time is linear.
	Read, Write [pitches][knots]int64
	// Opens holds the activates of such a run, in thousandths.
	Opens [pitches][knots]int64
	// Tail holds the mclk by which the last data of irregular runs comes later than their service and a closed row's latency say,
	// because the banks are not equally loaded: [0] on one channel, [1] more for each doubling of the channels that a request waits for.
	Tail [2][knots]int64
	// Turn holds the mclk that a change of direction costs before a transfer of 1<<i bursts.
	Turn [knots]int64
}

// knotted interpolates between the knots of a row, for at least one burst. Beyond the last knot each burst adds slope.
func (t *TimingTable) knotted(row *[knots]int64, bursts, slope int64) int64 {
	i := bits.Len64(uint64(bursts)) - 1
	if i >= knots-1 {
		return row[knots-1] + (bursts-1<<(knots-1))*slope
	}
	low := int64(1) << i
	return row[i] + (row[i+1]-row[i])*(bursts-low)/low
}

// spot is a place between two rows of a table: weight/of of the way from row to the next.
type spot struct{ row, weight, of int64 }

// spot of a distance between runs.
func (t *TimingTable) spot(pitch int64) spot {
	quarter := t.RowSpan / 4
	switch {
	case pitch <= 0:
		return spot{0, 0, 1}
	case pitch <= quarter:
		return spot{1, 0, 1}
	case pitch <= 2*quarter:
		return spot{1, pitch - quarter, quarter}
	case pitch < t.RowSpan:
		return spot{2, pitch - 2*quarter, 2 * quarter}
	}
	// Every run opens rows; how many banks take turns depends on the largest power of two that divides the distance.
	switch power := pitch & -pitch; {
	case power <= t.RowSpan:
		return spot{3, 0, 1}
	case power == 2*t.RowSpan:
		return spot{4, 0, 1}
	default:
		return spot{5, 0, 1}
	}
}

// at is the value of a run of so many bursts at a spot.
func (t *TimingTable) at(rows *[pitches][knots]int64, s spot, bursts, slope int64) int64 {
	v := t.knotted(&rows[s.row], bursts, slope)
	if s.weight > 0 {
		v += (t.knotted(&rows[s.row+1], bursts, slope) - v) * s.weight / s.of
	}
	return v
}

// run is the mclk of a run of so many bursts, and the thousandths of activates.
func (t *TimingTable) run(write bool, pitch, bursts int64) (mclk, opens int64) {
	rows := &t.Read
	if write {
		rows = &t.Write
	}
	s := t.spot(pitch)
	opens = t.at(&t.Opens, s, bursts, t.contiguous(1))
	if pitch > 0 && pitch < t.RowSpan/4 { // several runs share a row; a refresh closes rows as often as it finds bursts
		refreshed := t.contiguous(bursts) - t.rows(t.GroupBytes/t.BurstBytes, bursts*t.BurstBytes)
		opens = t.rows(t.touched(pitch, bursts), max(pitch, bursts*t.BurstBytes)) + max(refreshed, 0)
	}
	if s.row == 1 && s.weight == 0 && pitch%t.GroupBytes != 0 {
		// Runs go round the bank groups even if each has one burst only.
		return bursts * t.BurstClocks * 1000, opens
	}
	return t.at(rows, s, bursts, t.BurstClocks*1000), opens
}

// touched is the bank groups in which runs of so many bursts at a distance have rows: the runs begin in every group that the distance leads to.
func (t *TimingTable) touched(pitch, bursts int64) int64 {
	groups := t.GroupBytes / t.BurstBytes
	if pitch%t.BurstBytes != 0 {
		return groups
	}
	apart := gcd(pitch/t.BurstBytes, groups)
	return groups / apart * min(bursts, apart)
}

// rows is the thousandths of rows that so many groups have in so many bytes.
func (t *TimingTable) rows(groups, bytes int64) int64 { return 1000 * groups * bytes / t.RowSpan }

// anew is the thousandths of activates of bursts that follow one another from any place on whose rows are closed: a row of each bank group, and those that begin on the way.
func (t *TimingTable) anew(bursts int64) int64 {
	groups := min(bursts, t.GroupBytes/t.BurstBytes)
	return 1000*groups + t.contiguous(bursts-groups)
}

// contiguous is the thousandths of activates of bursts that follow one another, those after a refresh among them.
func (t *TimingTable) contiguous(bursts int64) int64 {
	return bursts * t.Opens[1][knots-1] >> (knots - 1)
}
