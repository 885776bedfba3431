package report

import (
	"fmt"
	"math"
	"slices"

	"satsim/results/query"
	"satsim/results/table"
)

// accelerator is prior work with the figure that its abstract states.
type accelerator struct {
	work, source, device, precision, network string
	gops, gopsPerW                           float64 // NaN: not stated
}

// accelerators whose public abstracts state a throughput of training. Devices and formats are those of the abstracts where it is not said that they are recalled.
func accelerators() []accelerator {
	none := math.NaN()
	const eta = "Lu, Ni, Wang: ETA"
	const etaSource = "IEEE TNNLS 34(10), 2023, doi 10.1109/TNNLS.2022.3145850"
	return []accelerator{
		{"Tang et al.: EF-Train", "ACM TODAES 2022, arXiv 2202.10935", "ZCU102 (recalled: not in the abstract)", "FP32 (recalled)", "not stated", 46.99, 6.09},
		{"Venkataramanaiah et al.", "FPL 2019, doi 10.1109/FPL.2019.00034, arXiv 1908.06724", "Stratix 10 GX", "16-bit fixed", "CNNs at CIFAR-10, best", 479, none},
		{eta, etaSource, "VC709", "8-bit", "VGG-16 at CIFAR", 610.98, none},
		{eta, etaSource, "VC709", "8-bit", "ResNet-20 at CIFAR", 658.64, none},
		{eta, etaSource, "VC709", "8-bit", "ResNet-18", 811.24, none},
		{"BFLOAT MLP Training Accelerator", "ReConFig 2019, doi 10.1109/RECONFIG48160.2019.8994798", "mid-range FPGA", "bfloat16, bfloat14", "perceptrons", 5000, none},
	}
}

// The paper's claims against prior FPGA training accelerators, from its abstract (Fang et al., IEEE TCAD 43(2), 2024, arXiv 2309.13015).
const (
	claimLow, claimHigh           = 2.97, 25.22
	claimEnergyLow, claimEnergyHi = 1.36, 3.58
)

// prior puts the model's throughput beside that of prior work. It is context: devices, formats, networks and years differ.
func prior(t *table.Table, in *Input) error {
	t.Columns = []table.Column{
		table.Words("work"), table.Words("source"), table.Words("device"), table.Words("precision"), table.Words("network"),
		table.Numbers("throughput", "GOPS", 2), table.Numbers("efficiency", "GOPS/W", 2), table.Numbers("ours, simulated, over it", "×", 2),
	}
	const ours = "bdwp"
	var rates []float64
	rows := slices.DeleteFunc(query.Compared(in.Rows), func(r query.NamedPoint) bool { return r.Text("recipe") != ours || r.Text("sparsity") != "2:8" })
	if err := query.AlikeByNetwork(rows); err != nil {
		return err
	}
	for i := range rows {
		rates = append(rates, rows[i].Point.Run.Total.DenseGFLOPS)
	}
	rate := mean(rates)
	low, high := math.Inf(1), 0.0
	for _, a := range accelerators() {
		t.Add(table.Text(a.work), table.Text(a.source), table.Text(a.device), table.Text(a.precision), table.Text(a.network), table.Real(a.gops), table.Real(a.gopsPerW), table.Real(rate/a.gops))
		low, high = min(low, rate/a.gops), max(high, rate/a.gops)
	}
	for i := range rows {
		modelled(t, &rows[i], rates[i], i == 0)
	}
	if len(rates) == 0 {
		return nil
	}
	implied(t, rows, rate)
	r := &rows[0]
	rowsOf, _ := r.Float("stce.rows")
	cols, _ := r.Float("stce.cols")
	clock, _ := r.Float("clock")
	peak := 2 * rowsOf * cols * clock / 1e9
	t.Notes = append(t.Notes,
		"Context, not a comparison: devices, number formats, networks and batches differ. Prior figures are those that public abstracts state; the others are not known here.",
		fmt.Sprintf("Dense-equivalent throughput counts the dense network's operations (1 MAC = 2). Our mean over %d networks is %.0f GFLOPS: %.2fx to %.2fx of the works above.",
			len(rates), rate, low, high),
		fmt.Sprintf("The paper's abstract claims %.2fx to %.2fx in throughput and %.2fx to %.2fx in energy efficiency, against works and by a measure that it does not name.",
			claimLow, claimHigh, claimEnergyLow, claimEnergyHi),
		fmt.Sprintf("If ours stood for the paper's, its claims would mean rivals of %.1f to %.1f GOPS, the last lines: of the %d works above, %d lie between.",
			rate/claimHigh, rate/claimLow, len(accelerators()), between(rate/claimHigh, rate/claimLow)),
		"Efficiencies of prior works are measured on boards; ours are modelled by an energy table, with its bounds in brackets, without a host and power supplies. No ratio of the two is given.",
		fmt.Sprintf("Our array is an assumption: %.0f x %.0f elements at %.0f MHz "+
			"are %.1f GFLOPS dense, and since WU stays dense a step at 2:8 gains at most 2x of that; %.2fx of 479 GOPS would need a larger array or a higher clock.",
			rowsOf, cols, clock/1e6, peak, claimLow))
	return nil
}

// modelled adds a line of our own.
func modelled(t *table.Table, r *query.NamedPoint, gflops float64, first bool) {
	cells := []table.Cell{
		table.Text("this model, bdwp 2:8, dense-equivalent"), table.Text("simulated"), table.Text(r.Text("board.device.part")), table.Text("FP16, FP32 sums"), table.Text(r.Text("network")), table.Real(gflops), {}, {},
	}
	if e := r.Point.Run.Energy; e != nil {
		cells[6] = interval(e.DenseGFLOPSPerW).As(table.NumberFormat{Decimals: 1}) // its bounds leave no more
	}
	if first {
		t.AddRule(cells...)
		return
	}
	t.Add(cells...)
}

// implied adds the figures that a rival would have if our means were the paper's: ours over each end of a claim. The abstract does not say
// which throughput goes with which efficiency, so each stands in a line of its own.
func implied(t *table.Table, rows []query.NamedPoint, rate float64) {
	var value, low, high []float64
	for i := range rows {
		if e := rows[i].Point.Run.Energy; e != nil {
			per := e.DenseGFLOPSPerW
			value, low, high = append(value, per.Value), append(low, per.Low), append(high, per.High)
		}
	}
	line := func(add func(...table.Cell), claim float64, what string, gops, gopsPerW table.Cell) {
		add(table.Text(fmt.Sprintf("a rival of whose %s our mean is %.2fx", what, claim)), table.Text("implied by the paper's claim"), table.Cell{}, table.Cell{}, table.Cell{}, gops, gopsPerW, table.Real(claim))
	}
	line(t.AddRule, claimLow, "throughput", table.Real(rate/claimLow), table.Cell{})
	line(t.Add, claimHigh, "throughput", table.Real(rate/claimHigh), table.Cell{})
	if len(value) < len(rows) {
		return
	}
	for _, claim := range []float64{claimEnergyLow, claimEnergyHi} {
		perWatt := table.Bounded(mean(value)/claim, mean(low)/claim, mean(high)/claim)
		line(t.Add, claim, "efficiency", table.Cell{}, perWatt.As(table.NumberFormat{Decimals: 1}))
	}
}

// between counts the works whose throughput lies there.
func between(low, high float64) (n int) {
	for _, a := range accelerators() {
		if a.gops >= low && a.gops <= high {
			n++
		}
	}
	return n
}
