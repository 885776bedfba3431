package memory

import (
	"fmt"

	"satsim/arch/memory/ddr4"
	"satsim/arch/memory/ddr4/ddr4test"
)

// FitOptions says how long the synthetic streams of a fit are.
type FitOptions struct {
	Bursts int64 // of each stream
	Phases int   // places of the second of two streams over which an effect is averaged
}

// DefaultFit made the tables in fitted.go.
func DefaultFit() FitOptions { return FitOptions{Bursts: 40_000, Phases: 8} }

// Fit measures a device on synthetic streams with the command-level model and returns its table. The device's mapping must go
// round the bank groups within a row.
func Fit(dev ddr4.Params, o FitOptions) (*TimingTable, error) {
	if dev.Mapping != ddr4.RoBaCoBg || dev.BanksPerGroup != 4 || dev.TREFI == 0 {
		return nil, fmt.Errorf("fitting a service table: mapping %s with %d banks a group and trefi %d; %s with 4 banks a group and refresh is accepted",
			dev.Mapping, dev.BanksPerGroup, dev.TREFI, ddr4.RoBaCoBg)
	}
	group := dev.BurstBytes * int64(dev.BankGroups)
	t := &TimingTable{ClockHz: int64(dev.Clock), BurstBytes: dev.BurstBytes, BurstClocks: dev.BL, GroupBytes: group,
		RowSpan: dev.RowBytes * int64(dev.BankGroups), QueueBytes: int64(dev.ReadQueue) * dev.BurstBytes, RefreshEach: dev.TREFI * 1000}
	f := fitter{dev: dev, o: o, t: t}
	f.refresh()
	f.latency()
	f.runs()
	f.tail()
	f.turn()
	if f.err != nil {
		return nil, fmt.Errorf("fitting a service table: %w", f.err)
	}
	return t, nil
}

// fitter runs streams; the first error stops it.
type fitter struct {
	dev ddr4.Params
	o   FitOptions
	t   *TimingTable
	err error
}

func (f *fitter) run(dev ddr4.Params, pat ddr4test.Pattern) ddr4test.Result {
	if f.err != nil {
		return ddr4test.Result{Clocks: 1}
	}
	res, err := ddr4test.Run(dev, pat, nil)
	if err != nil {
		f.err = err
		return ddr4test.Result{Clocks: 1}
	}
	return res
}

// mclk is what of a result remains when refresh is taken out, in thousandths of a clock.
func (f *fitter) mclk(r ddr4test.Result) int64 {
	return newScale(product(1000, f.t.RefreshEach-f.t.RefreshBusy), product(f.t.RefreshEach)).of(r.Clocks)
}

// refresh finds what a refresh costs a long sequential read.
func (f *fitter) refresh() {
	pat := ddr4test.Pattern{Streams: []ddr4test.Stream{{Chunk: f.dev.BurstBytes, Pitch: f.dev.BurstBytes}}, Bursts: f.o.Bursts * 5}
	still := f.dev
	still.TREFI = 0
	with, without := f.run(f.dev, pat).Clocks, f.run(still, pat).Clocks
	f.t.RefreshBusy = newScale(product(with-without, f.t.RefreshEach), product(with)).of(1)
}

// latency finds the time of a lone read to an open row and to a closed bank.
func (f *fitter) latency() {
	still := f.dev
	still.TREFI = 0
	one := ddr4test.Stream{Chunk: f.dev.BurstBytes, Pitch: f.dev.BurstBytes}
	pat := ddr4test.Pattern{Streams: []ddr4test.Stream{one}, Bursts: f.o.Bursts / 4, Window: 1}
	f.t.Latency[0] = f.run(still, pat).ReadLatency.Quantile(0.5) * 1000
	pat.Bursts = 1
	f.t.Latency[1] = f.run(still, pat).ReadLatency.Max * 1000
	for i := range f.t.Latency { // the burst itself is in the service time
		f.t.Latency[i] -= f.t.BurstClocks * 1000
	}
}

// runs finds the time and the activates of runs of each length at each distance. Where runs of a length do not fit into the
// distance they are contiguous.
func (f *fitter) runs() {
	at := [pitches]int64{0, f.t.RowSpan / 4, f.t.RowSpan / 2, f.t.RowSpan, 2 * f.t.RowSpan, 4 * f.t.RowSpan}
	for row, pitch := range at {
		for k := range knots {
			bursts := int64(1) << k
			length := bursts * f.dev.BurstBytes
			s := ddr4test.Stream{Chunk: length, Pitch: max(pitch, length), Random: pitch == 0}
			n := max(f.o.Bursts/bursts, 64)
			for _, write := range []bool{false, true} {
				s.Write = write
				r := f.run(f.dev, ddr4test.Pattern{Streams: []ddr4test.Stream{s}, Bursts: n * bursts})
				cost := f.mclk(r) / n
				if write {
					f.t.Write[row][k] = cost
					continue
				}
				f.t.Read[row][k] = cost
				f.t.Opens[row][k] = r.Counters.Commands[ddr4.Activate] * 1000 / n
			}
		}
	}
}

// tail finds how much longer a few irregular runs take than their number says, on one channel and on the last of four.
func (f *fitter) tail() {
	const bursts, times, channels = 128, 64, 4
	for k := range knots {
		n := int64(bursts) >> k // runs
		if n < 2 {
			continue // in one run nothing is irregular
		}
		var sum [2]int64
		var last int64
		for seed := range uint64(times) {
			s := ddr4test.Stream{Chunk: f.dev.BurstBytes << k, Random: true}
			still := f.dev
			still.TREFI = 0
			r := f.run(still, ddr4test.Pattern{Streams: []ddr4test.Stream{s}, Bursts: n << k, Seed: seed})
			late := r.Clocks*1000 - n*f.t.Read[0][k] - f.t.Latency[1]
			sum[0] += late
			if last = max(last, late); seed%channels == channels-1 {
				sum[1] += last * channels
				last = 0
			}
		}
		f.t.Tail[0][k] = max(sum[0]/times, 0)
		f.t.Tail[1][k] = max(sum[1]-sum[0], 0) / times / 2 // four channels are two doublings
	}
}

// turn finds what a change of direction costs: chunks read and written in turn, against the same read and written alone at
// random places; the mean over several places of the writes.
func (f *fitter) turn() {
	for k := range knots {
		bursts := int64(1) << k
		length := bursts * f.dev.BurstBytes
		pairs := max(f.o.Bursts/2/bursts/int64(f.o.Phases)*4, 32)
		var sum int64
		for phase := range f.o.Phases {
			// Places that share no power of two with the banks.
			base := f.dev.Capacity()/2 + int64(phase)*f.t.RowSpan*4/int64(f.o.Phases) + int64(phase)*5*f.t.GroupBytes
			r := f.run(f.dev, ddr4test.Pattern{Bursts: 2 * pairs * bursts, Streams: []ddr4test.Stream{
				{Chunk: length, Pitch: length}, {Base: base, Chunk: length, Pitch: length, Write: true}}})
			alone := 2 * bursts * f.t.BurstClocks * 1000
			sum += max(f.mclk(r)/pairs-alone, 0)
		}
		f.t.Turn[k] = sum / int64(2*f.o.Phases)
	}
}
